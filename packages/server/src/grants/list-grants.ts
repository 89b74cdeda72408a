import { statusOfGrant } from '@sallyport/decide/grants/is-grant-active';
import { authorize } from '@sallyport/decide/roles/authorize';
import { notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import type { ExpressionBuilder } from 'kysely';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { Transaction } from '../ports/store.ts';
import { refuse } from '../roles/guard-user.ts';
import { namesOf } from '../roles/name-selectors.ts';
import { markUsed } from '../roles/permission-use.ts';
import type { Services } from '../services.ts';
import type { Row, Tables } from '../store/tables.ts';
import { answeredFor, askersOf, ownIdOf, tieTo } from './tie-to-grant.ts';

export interface ListGrants {
  /** `mine`, those that one answers for, or those of everybody, for whoever may see who holds roles. */
  readonly whose?: 'mine' | 'all' | undefined;
  /** `OPEN`: those that count now or from a later time on. */
  readonly status?: 'OPEN' | 'ENDED' | undefined;
  readonly userId?: string | undefined;
  readonly entitlementId?: string | undefined;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

const maySeeAll = (principal: Principal): boolean => authorize(principal, 'okta.roles.read').kind === 'allow';

/** As people and programs read grants. Of one that ran out, and whose end nobody wrote down yet, the end is told all the same. */
export const presentGrants = async (s: Services, rows: readonly Row<'grants'>[]) => {
  const now = s.clock.now();
  const askers = await askersOf(s.store.read, rows);
  const ids = [
    ...rows.flatMap(({ createdBy, endedBy }) => [createdBy, ...(endedBy === null ? [] : [endedBy])]),
    ...askers.values(),
  ];
  const logins = await namesOf(s.store.read, 'user', ids);
  return rows.map((row) => {
    const status = statusOfGrant(row, now);
    const ranOut = status === 'ended' && row.endedAt === null;
    const askerId = askers.get(row.sourceId);
    const endedAt = ranOut ? row.powerEndsAt : row.endedAt;
    return {
      id: row.id,
      status,
      user: { id: row.userId, login: row.userLogin, name: row.userName },
      entitlement: { kind: row.kind, id: row.entitlementId, name: row.entitlementName },
      startsAt: toIso(row.startsAt),
      /** Until when it was given. */
      expiresAt: toIso(row.expiresAt),
      /** When its power ends: on several nodes a little before `expiresAt`. */
      powerEndsAt: toIso(row.powerEndsAt),
      endedAt: endedAt === null ? null : toIso(endedAt),
      endReason: ranOut ? ('expired' as const) : row.endReason,
      /** Who ended it; null where it ran out, or they are gone. */
      endedBy: logins.get(row.endedBy ?? '') ?? null,
      source: { kind: row.sourceKind, id: row.sourceId },
      /** Who asked for it, also for another; null where no request gave it. */
      askedBy: askerId === undefined ? null : { id: askerId, login: logins.get(askerId) ?? null },
      /** The grant that went on in this one. */
      extendsGrantId: row.extendsGrantId,
      reason: row.reason,
      createdAt: toIso(row.createdAt),
      createdBy: logins.get(row.createdBy) ?? null,
    };
  });
};

/** A grant that the principal may see: one that they answer for, or any for whoever sees who holds roles. E0000007 otherwise. */
export const findGrant = async (db: Transaction, principal: Principal, id: string): Promise<Row<'grants'>> => {
  const row = await db.selectFrom('grants').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || !(maySeeAll(principal) || (await tieTo(db, principal, row)) !== null))
    throw notFound(id, 'Grant');
  return row;
};

/** `GET /sallyport/v1/grants`: the youngest first. E0000006 for those of others without the right to see who holds roles. */
export const listGrants = async (s: Services, principal: Principal, input: ListGrants) => {
  const { whose = 'mine', status, userId, entitlementId, after } = input;
  if (whose === 'all') {
    if (!maySeeAll(principal)) throw refuse(['permission-missing']);
    markUsed(principal, 'okta.roles.read');
  }
  const limit = pageLimit(input.limit, 50, 200);
  const now = s.clock.now();
  const db = s.store.read;
  const last = after === undefined ? null : await findGrant(db, principal, after);
  const isOnPage = (e: ExpressionBuilder<Tables, 'grants'>) =>
    e.and([
      ...(userId === undefined ? [] : [e('grants.userId', '=', userId)]),
      ...(entitlementId === undefined ? [] : [e('grants.entitlementId', '=', entitlementId)]),
      ...(status === 'OPEN' ? [e('grants.endedAt', 'is', null), e('grants.powerEndsAt', '>', now)] : []),
      ...(status === 'ENDED' ? [e.or([e('grants.endedAt', 'is not', null), e('grants.powerEndsAt', '<=', now)])] : []),
      ...(last === null
        ? []
        : [e(e.refTuple('grants.createdAt', 'grants.id'), '<', e.tuple(Number(last.createdAt), last.id))]),
    ]);
  let query = db
    .selectFrom('grants')
    .selectAll()
    .where(isOnPage)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (whose === 'mine') {
    const ownId = ownIdOf(principal) ?? '';
    // Found first, and no more than the page takes: most people answer for none, and read their own by its index. They are found
    // before they are put in order, for in the order of all grants nearly all would be read to find these few.
    const answered = (await answeredFor(db, ownId)).select(['grants.id', 'grants.createdAt']).where(isOnPage);
    const others = await db
      .with(
        (cte) => cte('answered').materialized(),
        () => answered,
      )
      .selectFrom('answered')
      .select('id')
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const ids = others.map(({ id }) => id);
    query = query.where((e) => e.or([e('userId', '=', ownId), ...(ids.length === 0 ? [] : [e('id', 'in', ids)])]));
  }
  const page = pageOf(await query.execute(), limit);
  return { grants: await presentGrants(s, page.shown), after: page.after };
};

/** `GET /sallyport/v1/grants/{id}`. */
export const getGrant = async (s: Services, principal: Principal, id: string) => {
  const [grant] = await presentGrants(s, [await findGrant(s.store.read, principal, id)]);
  if (grant === undefined) throw notFound(id, 'Grant');
  return grant;
};
