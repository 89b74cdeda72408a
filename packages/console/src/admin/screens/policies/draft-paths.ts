import type { PolicyRuleAnswer } from '@sallyport/client/answers';
import type { DraftRuleAnswer, PolicyDraftAnswer } from '@sallyport/client/policy-draft-answers';

const ours = (policyId: string): string => `/sallyport/v1/policies/${encodeURIComponent(policyId)}`;
export const draftsPath = (policyId: string): string => `${ours(policyId)}/drafts`;
export const draftPath = (policyId: string, draftId: string): string =>
  `${draftsPath(policyId)}/${encodeURIComponent(draftId)}`;
export const historyPath = (policyId: string): string => `${ours(policyId)}/history`;
export const rollbackPath = (policyId: string): string => `${ours(policyId)}/rollback`;
export const diffPath = (policyId: string): string => `${ours(policyId)}/diff`;
export const testsPath = (policyId: string): string => `${ours(policyId)}/tests`;
export const replayPath = (policyId: string): string => `${ours(policyId)}/replay`;

export const draftName = ({ note, createdBy, id }: PolicyDraftAnswer): string =>
  note === '' ? `Draft of ${createdBy.name ?? id}` : note;

/** A rule of a draft in the shape of one that counts; its place is its priority. */
export const asRule = (rule: DraftRuleAnswer, place: number): PolicyRuleAnswer => ({ ...rule, priority: place });

/** The rules of a draft as they are saved: whole, in their order, without the last one. */
export const asSaved = (rules: readonly Pick<DraftRuleAnswer, 'id' | 'name' | 'status' | 'conditions' | 'actions'>[]) =>
  rules.map(({ id, name, status, conditions, actions }) => ({
    ...(id === '' ? {} : { id }),
    name,
    status,
    conditions: conditions ?? {},
    actions,
  }));
