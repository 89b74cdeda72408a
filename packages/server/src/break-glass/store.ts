import { whyKeyIsRefused } from '@sallyport/decide/authenticators/why-key-is-refused';
import {
  type BreakGlassNetworks,
  NETWORK_RANKS,
  SEALED_KEY_SETTINGS,
  type SealedSplit,
  type UseKind,
} from '@sallyport/model/break-glass';
import { notFound } from '@sallyport/model/errors';
import type { ReviewedKind } from '@sallyport/model/review';
import { keyFactsOf } from '../authenticators/factor-rows.ts';
import { locksOn } from '../locks/store.ts';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';

export type Account = Row<'breakGlassAccounts'>;

/** The seal of an account; undefined for everybody else. */
export const breakGlassOf = (db: Transaction, userId: string): Promise<Account | undefined> =>
  db.selectFrom('breakGlassAccounts').selectAll().where('userId', '=', userId).executeTakeFirst();

/** Is it a break-glass account? */
export const isBreakGlass = async (db: Transaction, userId: string): Promise<boolean> =>
  (await breakGlassOf(db, userId)) !== undefined;

/** All of them; there are few. */
export const breakGlassIds = async (db: Transaction): Promise<ReadonlySet<string>> => {
  const rows = await db.selectFrom('breakGlassAccounts').select('userId').execute();
  return new Set(rows.map(({ userId }) => userId));
};

export const networksOf = ({ networks }: Pick<Account, 'networks'>): BreakGlassNetworks =>
  JSON.parse(networks) as BreakGlassNetworks;

/** The shares that its secret was printed in; null: one paper. */
export const splitOf = ({ sharesCount, sharesNeeded }: Account): SealedSplit | null =>
  sharesCount === null || sharesNeeded === null ? null : { count: sharesCount, needed: sharesNeeded };

/** The networks of all of them, which no blocklist shuts out. */
export const sparedNetworks = async (db: Transaction): Promise<readonly string[]> => {
  const rows = await db.selectFrom('breakGlassAccounts').select('networks').execute();
  return rows.flatMap((row) => NETWORK_RANKS.flatMap((rank) => networksOf(row)[rank]));
};

/** An account with its user. E0000007 where there is none. */
export const findAccount = async (
  db: Transaction,
  id: string,
): Promise<{ readonly account: Account; readonly user: Row<'users'> }> => {
  const account = await breakGlassOf(db, id);
  const user = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  if (account === undefined || user === undefined) throw notFound(id, 'BreakGlassAccount');
  return { account, user };
};

/** Its enrolled keys, and whether its sealed policy takes each. */
export const keysOfAccount = async (
  db: Transaction,
  userId: string,
): Promise<readonly { readonly row: Row<'factors'>; readonly isUsable: boolean }[]> => {
  const rows = await db
    .selectFrom('factors')
    .selectAll()
    .where('userId', '=', userId)
    .where('kind', '=', 'webauthn')
    .where('status', '=', 'ACTIVE')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    row,
    isUsable: whyKeyIsRefused(keyFactsOf(row), SEALED_KEY_SETTINGS, true).length === 0,
  }));
};

/**
 * Break-glass accounts that could sign in now: active, not locked, with a key that the sealed policy takes. No policy, zone
 * or setting counts, for none is asked (design §4.13).
 */
export const ableBreakGlassIds = async (db: Transaction, now: number): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('breakGlassAccounts')
    .innerJoin('users', 'users.id', 'breakGlassAccounts.userId')
    .innerJoin('roleAssignments', 'roleAssignments.principalId', 'users.id')
    .select('users.id')
    .distinct()
    .where('users.status', '=', 'ACTIVE')
    .where('roleAssignments.principalKind', '=', 'user')
    .where('roleAssignments.type', '=', 'SUPER_ADMIN')
    .orderBy('users.id')
    .execute();
  const able: string[] = [];
  for (const { id } of rows)
    if ((await locksOn(db, 'user', id, now)).length === 0)
      if ((await keysOfAccount(db, id)).some(({ isUsable }) => isUsable)) able.push(id);
  return able;
};

/** Could any of them? */
export const isBreakGlassAble = async (db: Transaction, now: number): Promise<boolean> =>
  (await ableBreakGlassIds(db, now)).length > 0;

/** What was done with an account and is not reviewed yet: the use, or the drill of whoever announced it. */
export const openUse = (
  db: Transaction,
  userId: string,
  announcedBy: string | null,
): Promise<Row<'breakGlassUses'> | undefined> =>
  db
    .selectFrom('breakGlassUses')
    .selectAll()
    .where('userId', '=', userId)
    .where('kind', '=', announcedBy === null ? 'USE' : 'DRILL')
    .where('announcedBy', announcedBy === null ? 'is' : '=', announcedBy)
    .where('closedAt', 'is', null)
    .executeTakeFirst();

/**
 * Did a review of access say no to it, and nobody has given it a new secret since? That is done by hand, and said until it
 * is done (decision 0036).
 */
export const isRevokedInReview = async (
  db: Transaction,
  { userId, sealedAt }: Pick<Account, 'userId' | 'sealedAt'>,
): Promise<boolean> =>
  (await db
    .selectFrom('reviewItems')
    .select('id')
    .where('subjectId', '=', userId)
    .where('kind', '=', 'BREAK_GLASS' satisfies ReviewedKind)
    .where('remediationStatus', '=', 'MANUAL')
    .where('lastUpdatedAt', '>=', sealedAt)
    .limit(1)
    .executeTakeFirst()) !== undefined;

/** The last use, or drill, in which somebody came in as it; undefined where it was never opened. */
export const lastOpening = (
  db: Transaction,
  userId: string,
  kinds: readonly UseKind[],
): Promise<Row<'breakGlassUses'> | undefined> =>
  db
    .selectFrom('breakGlassUses')
    .selectAll()
    .where('userId', '=', userId)
    .where('sessionId', 'is not', null)
    .where('kind', 'in', kinds)
    .orderBy('lastAt', 'desc')
    .limit(1)
    .executeTakeFirst();

/** The use that the live session of an account belongs to; undefined where it was never opened. */
export const useInHand = (db: Transaction, userId: string): Promise<Row<'breakGlassUses'> | undefined> =>
  lastOpening(db, userId, ['USE', 'DRILL']);
