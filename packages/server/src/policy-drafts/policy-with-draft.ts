import type { Policy } from '@sallyport/model/policy';
import { toPolicy } from '../policies/policy-index.ts';
import type { PolicyRows } from '../policies/policy-rows.ts';
import type { Services } from '../services.ts';
import { findDraft } from './manage-drafts.ts';

/** A policy as it would stand with a saved draft of it in its place; whether it is on stays as it is. E0000007 where there is none. */
export const policyWithDraft = async (s: Services, published: Policy, draftId: string): Promise<Policy> => {
  const { policy, rules } = JSON.parse((await findDraft(s.store.read, published.id, draftId)).body) as PolicyRows;
  return { ...toPolicy(policy, rules, true), isActive: published.isActive, version: published.version };
};
