import { authorOf, type Principal } from '@sallyport/model/principal';
import { assertMayGive } from '../grants/assert-may-give.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { assertSuperAdmin } from './guard-user.ts';
import { findLabelled, holdersOf, type Labelled, publishRights } from './store.ts';

/** The column of assignments that says by what they give. */
const GIVEN_BY = { customRoles: 'roleId', resourceSets: 'resourceSetId' } as const satisfies Record<Labelled, string>;

/**
 * A change of a custom role or a resource set, by a super admin only. Whoever held something by it before has other rights
 * at once, also where the change takes it from them. E0000006, also for what they themself hold by it for whoever is a super
 * admin only for a while; E0000007.
 */
export const changeLabelled = async <T>(
  s: Services,
  principal: Principal,
  table: Labelled,
  idOrLabel: string,
  work: (tx: Transaction, row: Row<Labelled>) => Promise<T>,
): Promise<T> => {
  assertSuperAdmin(principal);
  const { result, holders } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findLabelled(tx, table, idOrLabel);
    const given = await tx
      .selectFrom('roleAssignments')
      .select(['principalKind', 'principalId'])
      .where(GIVEN_BY[table], '=', row.id)
      .execute();
    for (const { principalKind, principalId } of given)
      await assertMayGive(s, tx, principal, { kind: principalKind, id: principalId });
    const holding = await holdersOf(tx, given);
    const done = await work(tx, row);
    await tx
      .updateTable(table)
      .set({ lastUpdatedAt: s.clock.now(), lastUpdatedBy: authorOf(principal) })
      .where('id', '=', row.id)
      .execute();
    return { result: done, holders: holding };
  });
  publishRights(s, holders);
  return result;
};
