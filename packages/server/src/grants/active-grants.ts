import type { EntitlementKind } from '@sallyport/model/grant';
import { type Instant, toIso } from '@sallyport/model/instant';
import { type Expression, expressionBuilder, type SqlBool } from 'kysely';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Tables } from '../store/tables.ts';

/**
 * What counts at an instant: `decide/grants/is-grant-active` in SQL. Decided when it is read, so that no job, no other node
 * and no start of the server has a say in it (design §4.5).
 */
export const isActiveAt = (now: Instant): Expression<SqlBool> => {
  const e = expressionBuilder<Tables, 'grants'>();
  return e.and([e('grants.endedAt', 'is', null), e('grants.startsAt', '<=', now), e('grants.powerEndsAt', '>', now)]);
};

/**
 * Who is in which group at an instant: the standing members, and those who were given membership for a while. The one
 * way to ask for members of now; `groupMembers` alone are those who stay.
 */
export const membershipsAt = (db: Transaction, now: Instant) =>
  db
    .selectFrom('groupMembers')
    .select(['groupMembers.groupId', 'groupMembers.userId'])
    .union(
      db
        .selectFrom('grants')
        .select(['grants.entitlementId as groupId', 'grants.userId'])
        .where('grants.kind', '=', 'group' satisfies EntitlementKind)
        .where(isActiveAt(now)),
    );

/** The people in one group at an instant. */
export const membersAt = (db: Transaction, groupId: string, now: Instant) =>
  db
    .selectFrom(membershipsAt(db, now).as('memberships'))
    .select('memberships.userId')
    .where('memberships.groupId', '=', groupId);

/** The groups that somebody is in at an instant. */
export const groupsAt = (db: Transaction, userId: string, now: Instant) =>
  db
    .selectFrom(membershipsAt(db, now).as('memberships'))
    .select('memberships.groupId')
    .where('memberships.userId', '=', userId);

/**
 * When the first of the memberships for a while that somebody had at an instant ends, or ended; infinity without any. What
 * was judged at that instant goes no further.
 */
export const firstMembershipEnd = async (db: Transaction, userId: string, at: Instant): Promise<number> => {
  const { endsAt } = await db
    .selectFrom('grants')
    .select((e) => e.fn.min(e.fn.coalesce('endedAt', 'powerEndsAt')).as('endsAt'))
    .where('userId', '=', userId)
    .where('kind', '=', 'group' satisfies EntitlementKind)
    .where('startsAt', '<=', at)
    .where('powerEndsAt', '>', at)
    .where((e) => e.or([e('endedAt', 'is', null), e('endedAt', '>=', at)]))
    .executeTakeFirstOrThrow();
  return endsAt === null ? Number.POSITIVE_INFINITY : Number(endsAt);
};

/** The grant by which somebody may sign in as a service account, when that ends, and who asked for it. */
export interface Maintenance {
  readonly id: string;
  readonly powerEndsAt: number;
  readonly askerId: string;
}

/** Is an account one that nobody signs in as, and by which grant does somebody all the same at an instant? */
export const accountAt = async (
  db: Transaction,
  userId: string,
  now: Instant,
): Promise<{ readonly isServiceAccount: boolean; readonly maintenance: Maintenance | null }> => {
  const row = await db
    .selectFrom('users')
    .leftJoin('grants', (join) =>
      join
        .onRef('grants.userId', '=', 'users.id')
        .onRef('grants.entitlementId', '=', 'users.id')
        .on('grants.kind', '=', 'service-account' satisfies EntitlementKind)
        .on(isActiveAt(now)),
    )
    .leftJoin('requests', 'requests.id', 'grants.sourceId')
    .select((e) => [
      'users.serviceAccountAt',
      'grants.id',
      'grants.powerEndsAt',
      e.fn.coalesce('requests.requesterId', 'grants.createdBy').as('askerId'),
    ])
    .where('users.id', '=', userId)
    .executeTakeFirst();
  const { id = null, powerEndsAt, askerId = null } = row ?? {};
  return {
    isServiceAccount: row !== undefined && row.serviceAccountAt !== null,
    maintenance: id === null || askerId === null ? null : { id, powerEndsAt: Number(powerEndsAt), askerId },
  };
};

/** The grant alone; null without one. */
export const maintenanceAt = async (db: Transaction, userId: string, now: Instant): Promise<Maintenance | null> =>
  (await accountAt(db, userId, now)).maintenance;

/** People who have one thing for a while, at an instant. */
export const holdersAt = (db: Transaction, kind: EntitlementKind, id: string, now: Instant) =>
  db
    .selectFrom('grants')
    .select('grants.userId')
    .where('grants.kind', '=', kind)
    .where('grants.entitlementId', '=', id)
    .where(isActiveAt(now));

/** What somebody has for a while now, as their pages show it; the first to end first. */
export const activeGrantsOf = async (s: Services, userId: string) => {
  const rows = await s.store.read
    .selectFrom('grants')
    .select(['id', 'kind', 'entitlementName as name', 'powerEndsAt'])
    .where('userId', '=', userId)
    .where(isActiveAt(s.clock.now()))
    .orderBy('powerEndsAt')
    .orderBy('id')
    .execute();
  return rows.map(({ powerEndsAt, ...row }) => ({ ...row, endsAt: toIso(powerEndsAt) }));
};

/** Of grants that nobody ended and whose end nobody wrote down yet, also those that run out meanwhile or begin later. */
export const openGrants = (db: Transaction) => db.selectFrom('grants').where('grants.endedAt', 'is', null);

/** People who were given one of these for a while; their doors must hear when it changes. */
export const peopleGranted = async (
  db: Transaction,
  kind: EntitlementKind,
  ids: readonly string[],
): Promise<readonly string[]> => {
  if (ids.length === 0) return [];
  const rows = await openGrants(db)
    .select('grants.userId')
    .distinct()
    .where('grants.kind', '=', kind)
    .where('grants.entitlementId', 'in', ids)
    .execute();
  return rows.map(({ userId }) => userId);
};
