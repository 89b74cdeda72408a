import { authorize } from '@sallyport/decide/roles/authorize';
import { ApiError, notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { Permission } from '@sallyport/model/roles';
import { isBreakGlass } from '../break-glass/store.ts';
import type { Transaction } from '../ports/store.ts';
import { assertMayManageUser, refuse } from '../roles/guard-user.ts';
import type { Row } from '../store/tables.ts';
import { findUser } from '../users/store.ts';

/** Whose authenticators, and whether they are the caller's own. */
export interface Holder {
  readonly user: Row<'users'>;
  readonly isOwn: boolean;
}

const selfId = (principal: Principal): string | null =>
  principal.kind === 'session' || principal.kind === 'token' ? principal.userId : null;

/**
 * The person of a path: `me`, an id or a login. Without the permission nobody but oneself is found, and a person who does
 * not exist answers like one who does (E0000006); outside of what the permission is held on, E0000007.
 */
export const findHolder = async (
  db: Transaction,
  principal: Principal,
  idOrLogin: string,
  permission: Permission,
): Promise<Holder> => {
  const ownId = selfId(principal);
  if (idOrLogin === 'me' && ownId === null) throw new ApiError('E0000011');
  if (ownId !== null) {
    const own = await findUser(db, ownId);
    if (idOrLogin === 'me' || idOrLogin === ownId || idOrLogin.toLowerCase() === own.loginFolded)
      return { user: own, isOwn: true };
  }
  const held = authorize(principal, permission);
  if (held.kind === 'deny') throw refuse(held.reasons);
  const user = await findUser(db, idOrLogin);
  await assertMayManageUser(db, principal, permission, user.id, idOrLogin);
  return { user, isOwn: false };
};

/**
 * The same inside the transaction that changes something. In a session one manages one's own without a permission; a
 * token manages its owner's like anybody else's, by permission.
 */
export const findManagedHolder = async (
  tx: Transaction,
  principal: Principal,
  idOrLogin: string,
  permission: Permission,
): Promise<Holder> => {
  const holder = await findHolder(tx, principal, idOrLogin, permission);
  // Not itself, either: a key that a stolen session adds would outlive the next seal.
  if (await isBreakGlass(tx, holder.user.id)) throw refuse(['break-glass-own-routes']);
  // Whoever signs in as a service account for a while adds no key for later, and takes none away.
  if (holder.isOwn && principal.kind === 'session' && holder.user.serviceAccountAt !== null)
    throw refuse(['service-account-itself']);
  if (!(holder.isOwn && principal.kind === 'session'))
    await assertMayManageUser(tx, principal, permission, holder.user.id);
  return holder;
};

/** One authenticator of a person; another's id is as unknown as one that is none. E0000007. */
export const findFactor = async (db: Transaction, userId: string, factorId: string): Promise<Row<'factors'>> => {
  const row = await db
    .selectFrom('factors')
    .selectAll()
    .where('id', '=', factorId)
    .where('userId', '=', userId)
    .executeTakeFirst();
  if (row === undefined) throw notFound(factorId, 'UserFactor');
  return row;
};
