import { authorOf, isCaller, type Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { NewRow, Row } from '../store/tables.ts';
import { doesAdmitAdministrators } from './find-policy.ts';
import { openChange } from './policy-index.ts';
import { type PolicyRows, policyRowsOf } from './policy-rows.ts';

/** What led to a version, and what its author said of it. */
export interface Origin {
  readonly how: Row<'policyVersions'>['how'];
  readonly reason: string | null;
}
export const CHANGED: Origin = { how: 'change', reason: null };

const versionRow = (rows: PolicyRows, origin: Origin, now: number): NewRow<'policyVersions'> => ({
  policyId: rows.policy.id,
  version: rows.policy.version,
  body: JSON.stringify(rows),
  ...origin,
  authorKind: null,
  authorId: null,
  provisionalId: null,
  createdAt: now,
});

/** Policies of which the history does not begin yet: they came with an app, or stood there before there was one. */
const beginHistories = async (tx: Transaction): Promise<void> => {
  const missing = await tx
    .selectFrom('policies')
    .leftJoin('policyVersions', (join) =>
      join
        .onRef('policyVersions.policyId', '=', 'policies.id')
        .onRef('policyVersions.version', '=', 'policies.version'),
    )
    .select('policies.id')
    .where('policyVersions.policyId', 'is', null)
    .execute();
  for (const { id } of missing) {
    const rows = await policyRowsOf(tx, id);
    if (rows === undefined) continue;
    const first = versionRow(rows, { how: 'first', reason: null }, rows.policy.lastUpdatedAt);
    await tx.insertInto('policyVersions').values(first).execute();
  }
};

const numbersOf = async (tx: Transaction): Promise<ReadonlyMap<string, number>> =>
  new Map(
    (await tx.selectFrom('policies').select(['id', 'version']).execute()).map(({ id, version }) => [id, version]),
  );

/**
 * Runs a change of policies, by whatever door, and keeps each version that it makes, whole, with who made it and why. What
 * was before is there already. Kept for good, also of a policy that is deleted.
 */
export const keepingVersions = async <T>(
  s: Services,
  tx: Transaction,
  principal: Principal,
  origin: Origin,
  change: () => Promise<T>,
): Promise<T> => {
  await beginHistories(tx);
  const before = await numbersOf(tx);
  const result = await change();
  const open = await openChange(tx);
  for (const [id, version] of await numbersOf(tx)) {
    if (before.get(id) === version) continue;
    const rows = await policyRowsOf(tx, id);
    if (rows === undefined) continue;
    const waits = open !== undefined && (await doesAdmitAdministrators(tx, rows.policy));
    await tx
      .insertInto('policyVersions')
      .values({
        ...versionRow(rows, origin, s.clock.now()),
        authorKind: principal.kind,
        authorId: isCaller(principal) ? authorOf(principal) : null,
        provisionalId: waits ? open.id : null,
      })
      .execute();
  }
  return result;
};

/** The number that the next version of a policy gets; greater than that of any before, also of one that was deleted. */
export const nextVersionOf = async (tx: Transaction, policyId: string): Promise<number> => {
  const row = await tx
    .selectFrom('policyVersions')
    .select((e) => e.fn.max('version').as('last'))
    .where('policyId', '=', policyId)
    .executeTakeFirst();
  return Number(row?.last ?? 0) + 1;
};
