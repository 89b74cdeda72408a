import { notFound } from '@sallyport/model/errors';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Selector } from '@sallyport/model/rights';
import { entitlementTarget } from '../grants/grant-target.ts';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';

/** E0000007 otherwise. */
export const findBundle = async (db: Transaction, id: string): Promise<Row<'bundles'>> => {
  const row = await db.selectFrom('bundles').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'GovernanceBundle');
  return row;
};

export const bundleTarget = ({ id, name }: Pick<Row<'bundles'>, 'id' | 'name'>): LogTarget =>
  entitlementTarget({ kind: 'bundle', id }, name);

/** A role of a bundle, with what it is narrowed to; two whose words are equal give the same. */
export interface BundleRole {
  readonly row: Row<'roleAssignments'> & { readonly roleLabel: string | null };
  readonly selectors: readonly Selector[];
  readonly words: string;
}

/** The roles of a bundle, in the order in which they were put in. */
export const bundleRoles = async (db: Transaction, bundleId: string): Promise<readonly BundleRole[]> => {
  const rows = await db
    .selectFrom('roleAssignments')
    .leftJoin('customRoles', 'customRoles.id', 'roleAssignments.roleId')
    .selectAll('roleAssignments')
    .select('customRoles.label as roleLabel')
    .where('principalKind', '=', 'bundle')
    .where('principalId', '=', bundleId)
    .orderBy('roleAssignments.createdAt')
    .orderBy('roleAssignments.id')
    .execute();
  const targets = await db
    .selectFrom('roleTargets')
    .select(['assignmentId', 'selector'])
    .where('assignmentId', 'in', [...rows.map(({ id }) => id), ''])
    .execute();
  return rows.map((row) => {
    const own = targets.filter(({ assignmentId }) => assignmentId === row.id).map(({ selector }) => selector);
    const over = row.scope === 'EVERYTHING' ? ['EVERYTHING'] : own.toSorted();
    return {
      row,
      selectors: own.map((text) => JSON.parse(text) as Selector),
      words: [row.type, row.roleId, row.resourceSetId, ...over].join(' '),
    };
  });
};
