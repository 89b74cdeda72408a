import { invalid, notFound } from '@sallyport/model/errors';
import { isDoorType, type Policy } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { assertMayAsk, ruleTypeOf } from '../policies/manage-rules.ts';
import { readPolicy, toRule } from '../policies/policy-index.ts';
import { readDocuments } from '../policies/rule-documents.ts';
import { policyWithDraft } from '../policy-drafts/policy-with-draft.ts';
import { assertMay } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

export interface DraftRule {
  readonly name: string;
  readonly status?: 'ACTIVE' | 'INACTIVE' | undefined;
  readonly conditions?: unknown;
  readonly actions: unknown;
}

/** A policy of a door that the principal may read; E0000007 where they may not, as for one that is not there. */
export const policyToRead = async (s: Services, principal: Principal, id: string): Promise<Policy> => {
  const db = s.store.read;
  const row = await db.selectFrom('policies').select('type').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'Policy');
  assertMay(principal, 'okta.policies.read', { kind: 'policy', id, type: row.type });
  if (!isDoorType(row.type))
    throw invalid('policy', `A policy of the type ${row.type} opens no door to be asked about`);
  return readPolicy(db, id);
};

/** The policy of an app, by the app's id, or its name of a built-in one; switched off where the app is. */
export const policyOfApp = async (s: Services, principal: Principal, app: string): Promise<Policy> => {
  const row = await s.store.read
    .selectFrom('apps')
    .select(['policyId', 'status'])
    .where((e) => e.or([e('id', '=', app), e.and([e('name', '=', app), e('isSystem', '=', 1)])]))
    .executeTakeFirst();
  if (row === undefined || row.policyId === null) throw notFound(app, 'AppInstance');
  const policy = await policyToRead(s, principal, row.policyId);
  return { ...policy, isActive: policy.isActive && row.status === 'ACTIVE' };
};

/** A policy as it would stand with the rules of a draft in place of those that people wrote; the catch-all stays last. E0000006 as for saving them. */
export const withDraft = async (
  s: Services,
  principal: Principal,
  policy: Policy,
  draft: readonly DraftRule[],
): Promise<Policy> => {
  const lasting = await s.store.read
    .selectFrom('policyRules')
    .selectAll()
    .where('policyId', '=', policy.id)
    .where('isSystem', '=', 1)
    .execute();
  const now = s.clock.now();
  const rows = draft.map((rule, place): Row<'policyRules'> => {
    const documents = readDocuments(policy.type, rule.conditions, rule.actions);
    assertMayAsk(principal, documents.conditions);
    return {
      id: `draft-${place + 1}`,
      policyId: policy.id,
      type: ruleTypeOf(policy.type),
      name: rule.name,
      priority: place,
      status: rule.status ?? 'ACTIVE',
      isSystem: 0,
      conditions: JSON.stringify(documents.conditions),
      actions: JSON.stringify(documents.actions),
      createdAt: now,
      lastUpdatedAt: now,
    };
  });
  const last = lasting.map((row) => ({ ...toRule(row), priority: draft.length }));
  return { ...policy, rules: [...rows.map(toRule), ...last] };
};

/** The policy with the rules of a draft in place of its own, with a saved draft in its place, or as it is published. */
export const draftOf = async (
  s: Services,
  principal: Principal,
  published: Policy,
  rules: readonly DraftRule[] | undefined,
  draftId: string | undefined,
): Promise<Policy> => {
  if (rules !== undefined && draftId !== undefined) throw invalid('draft', 'rules or a saved draft, not both');
  if (draftId !== undefined) return policyWithDraft(s, published, draftId);
  return rules === undefined ? published : withDraft(s, principal, published, rules);
};

/** What a question is about: an app or a policy, one of them. */
export const assertOne = (input: { readonly app?: unknown; readonly policy?: unknown }): void => {
  if ((input.app === undefined) === (input.policy === undefined))
    throw invalid('app', 'an app or a policy must be named, and not both');
};
