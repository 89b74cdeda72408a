import type { RequestCondition } from '@sallyport/model/access-request';
import type { Entitlement } from '@sallyport/model/grant';
import type { Reason } from '@sallyport/model/reasons';

/** Who would get it, as they are now. */
export interface AskingPerson {
  readonly isActive: boolean;
  readonly isServiceAccount: boolean;
  readonly groupIds: readonly string[];
}

export type AskingVerdict =
  | { readonly kind: 'allow'; readonly condition: RequestCondition }
  | { readonly kind: 'deny'; readonly reason: Reason };

const isOf = (entitlement: Entitlement) => (one: Entitlement) =>
  one.kind === entitlement.kind && one.id === entitlement.id;

/** Does the condition let somebody ask? An inactive one, and one that refers to what is gone, lets nobody. */
export const matchCondition = (condition: RequestCondition, { groupIds }: Pick<AskingPerson, 'groupIds'>): boolean => {
  const { isActive, isWhole, requesters } = condition;
  if (!isActive || !isWhole) return false;
  return requesters.kind === 'everyone' || requesters.ids.some((id) => groupIds.includes(id));
};

/** Which condition, the first by priority, lets somebody ask for this; or why none does. */
export const judgeAsking = (
  person: AskingPerson,
  entitlement: Entitlement,
  conditions: readonly RequestCondition[],
): AskingVerdict => {
  if (person.isServiceAccount) return { kind: 'deny', reason: 'service-account' };
  if (!person.isActive) return { kind: 'deny', reason: 'user-inactive' };
  const about = conditions.filter(({ entitlements }) => entitlements.some(isOf(entitlement)));
  const [first] = about
    .filter((condition) => matchCondition(condition, person))
    .toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1));
  if (first !== undefined) return { kind: 'allow', condition: first };
  const isOpen = about.some(({ isActive, isWhole }) => isActive && isWhole);
  return { kind: 'deny', reason: isOpen ? 'request-not-yours' : 'request-no-condition' };
};
