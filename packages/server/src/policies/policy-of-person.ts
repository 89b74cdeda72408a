import { policyFor } from '@sallyport/decide/policies/policy-for';
import type { Policy } from '@sallyport/model/policy';
import { membershipsAt } from '../grants/active-grants.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';

/**
 * Of policies of a type that hold for people the one that is for a person. For an id that nobody has it asks as much: time
 * would tell who exists.
 */
export const policyOfPerson = async <P extends Policy>(
  { clock }: Pick<Services, 'clock'>,
  db: Transaction,
  policies: readonly P[],
  userId: string,
): Promise<P | undefined> => {
  const rows = await db
    .selectFrom(membershipsAt(db, clock.now()).as('memberships'))
    .select('memberships.groupId')
    .where('memberships.userId', '=', userId)
    .execute();
  return policyFor(
    policies,
    rows.map(({ groupId }) => groupId),
  );
};
