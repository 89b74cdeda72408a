import type { GrantTie } from '@sallyport/model/grant';
import { isCaller, type Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import { managersOf } from '../requests/hands.ts';
import type { Row } from '../store/tables.ts';

/** The person, or the owner of a token; null for any other. */
export const ownIdOf = (principal: Principal): string | null =>
  isCaller(principal) && principal.kind !== 'service-app' ? principal.userId : null;

/** Who asked for these, by the requests that gave them. */
export const askersOf = async (
  db: Transaction,
  rows: readonly Pick<Row<'grants'>, 'sourceKind' | 'sourceId'>[],
): Promise<ReadonlyMap<string, string>> => {
  const ids = rows.flatMap(({ sourceKind, sourceId }) => (sourceKind === 'request' ? [sourceId] : []));
  if (ids.length === 0) return new Map();
  const found = await db.selectFrom('requests').select(['id', 'requesterId']).where('id', 'in', ids).execute();
  return new Map(found.map(({ id, requesterId }) => [id, requesterId]));
};

/** Who asked for what was given by a request; null for anything else. */
export const askerOf = async (
  db: Transaction,
  row: Pick<Row<'grants'>, 'sourceKind' | 'sourceId'>,
): Promise<string | null> => (await askersOf(db, [row])).get(row.sourceId) ?? null;

/** The accounts that anybody was ever to sign in as; what such a grant gives is the account that holds it. */
const accountsSignedInAs = async (db: Transaction): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('grants')
    .select('entitlementId')
    .distinct()
    .where('kind', '=', 'service-account')
    .orderBy('entitlementId')
    .execute();
  return rows.map(({ entitlementId }) => entitlementId);
};

/**
 * Of the grants that let somebody sign in as a service account those that a person answers for. The holder is an account that
 * is nobody: whoever asked for it, and whom the account’s profile names as its manager, answer for it in its stead.
 * `accountIds`: all of them unless said.
 */
export const answeredFor = async (db: Transaction, ownId: string, accountIds?: readonly string[]) => {
  const managers = await managersOf(db, accountIds ?? (await accountsSignedInAs(db)));
  const managed = [...managers].flatMap(([accountId, managerId]) => (managerId === ownId ? [accountId] : []));
  return db
    .selectFrom('grants')
    .leftJoin('requests', (join) =>
      join.onRef('requests.id', '=', 'grants.sourceId').on('grants.sourceKind', '=', 'request'),
    )
    .where('grants.kind', '=', 'service-account')
    .where((e) => e.or([e('requests.requesterId', '=', ownId), e('grants.entitlementId', 'in', ['', ...managed])]));
};

/** What the principal is to a grant. */
export const tieTo = async (db: Transaction, principal: Principal, row: Row<'grants'>): Promise<GrantTie | null> => {
  const ownId = ownIdOf(principal);
  if (ownId === null) return null;
  if (row.userId === ownId) return 'holder';
  if (row.kind !== 'service-account') return null;
  const found = await (await answeredFor(db, ownId, [row.entitlementId]))
    .select('requests.requesterId')
    .where('grants.id', '=', row.id)
    .executeTakeFirst();
  if (found === undefined) return null;
  return found.requesterId === ownId ? 'asker' : 'manager';
};
