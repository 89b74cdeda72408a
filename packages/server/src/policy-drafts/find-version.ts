import { notFound } from '@sallyport/model/errors';
import { type PolicyRows, policyRowsOf } from '../policies/policy-rows.ts';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';

/** A version that was kept. E0000007 where there is none of that number. */
export const findVersion = async (
  db: Transaction,
  policyId: string,
  version: number,
): Promise<{ readonly row: Row<'policyVersions'>; readonly rows: PolicyRows }> => {
  const row = await db
    .selectFrom('policyVersions')
    .selectAll()
    .where('policyId', '=', policyId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined) throw notFound(`${policyId}/${version}`, 'PolicyVersion');
  return { row, rows: JSON.parse(row.body) as PolicyRows };
};

/** A policy as it was in a version; the one that stands is read where its history has not begun. */
export const rowsOfVersion = async (db: Transaction, policyId: string, version: number): Promise<PolicyRows> => {
  const standing = await policyRowsOf(db, policyId);
  if (standing?.policy.version === version) return standing;
  return (await findVersion(db, policyId, version)).rows;
};

/** The policy as it stands; E0000007 where there is none. */
export const standingRows = async (db: Transaction, policyId: string): Promise<PolicyRows> => {
  const rows = await policyRowsOf(db, policyId);
  if (rows === undefined) throw notFound(policyId, 'Policy');
  return rows;
};
