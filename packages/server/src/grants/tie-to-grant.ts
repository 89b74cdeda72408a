import type { GrantTie } from '@sallyport/model/grant';
import { isCaller, type Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import { managersOf } from '../requests/hands.ts';
import type { Row } from '../store/tables.ts';

/** The person, or the owner of a token; null for any other. */
export const ownIdOf = (principal: Principal): string | null =>
  isCaller(principal) && principal.kind !== 'service-app' ? principal.userId : null;

/** Who asked for what was given by a request; null for anything else. */
export const askerOf = async (
  db: Transaction,
  { sourceKind, sourceId }: Pick<Row<'grants'>, 'sourceKind' | 'sourceId'>,
): Promise<string | null> => {
  if (sourceKind !== 'request') return null;
  const request = await db.selectFrom('requests').select('requesterId').where('id', '=', sourceId).executeTakeFirst();
  return request?.requesterId ?? null;
};

/**
 * What the principal is to a grant. One that lets somebody sign in as a service account is held by an account that is
 * nobody: whoever asked for it, and whom the account’s profile names as its manager, answer for it in its stead.
 */
export const tieTo = async (db: Transaction, principal: Principal, row: Row<'grants'>): Promise<GrantTie | null> => {
  const ownId = ownIdOf(principal);
  if (ownId === null) return null;
  if (row.userId === ownId) return 'holder';
  if (row.kind !== 'service-account') return null;
  if ((await askerOf(db, row)) === ownId) return 'asker';
  return (await managersOf(db, [row.userId])).get(row.userId) === ownId ? 'manager' : null;
};

/** The service accounts whose manager somebody is, of those that anybody was ever to sign in as. */
export const accountsManagedBy = async (db: Transaction, userId: string): Promise<readonly string[]> => {
  const held = await db
    .selectFrom('grants')
    .select('userId')
    .distinct()
    .where('kind', '=', 'service-account')
    .orderBy('userId')
    .execute();
  const managers = await managersOf(
    db,
    held.map((row) => row.userId),
  );
  return [...managers].flatMap(([accountId, managerId]) => (managerId === userId ? [accountId] : []));
};
