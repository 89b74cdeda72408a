import { statusOfGrant } from '@sallyport/decide/grants/is-grant-active';
import { authorize } from '@sallyport/decide/roles/authorize';
import { notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { isCaller, type Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { Transaction } from '../ports/store.ts';
import { refuse } from '../roles/guard-user.ts';
import { namesOf } from '../roles/name-selectors.ts';
import { markUsed } from '../roles/permission-use.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

export interface ListGrants {
  /** `mine`, or those of everybody, for whoever may see who holds roles. */
  readonly whose?: 'mine' | 'all' | undefined;
  /** `OPEN`: those that count now or from a later time on. */
  readonly status?: 'OPEN' | 'ENDED' | undefined;
  readonly userId?: string | undefined;
  readonly entitlementId?: string | undefined;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

const maySeeAll = (principal: Principal): boolean => authorize(principal, 'okta.roles.read').kind === 'allow';
const ownIdOf = (principal: Principal): string | null =>
  isCaller(principal) && principal.kind !== 'service-app' ? principal.userId : null;

/** As people and programs read grants. Of one that ran out, and whose end nobody wrote down yet, the end is told all the same. */
export const presentGrants = async (s: Services, rows: readonly Row<'grants'>[]) => {
  const now = s.clock.now();
  const ids = rows.flatMap(({ createdBy, endedBy }) => [createdBy, ...(endedBy === null ? [] : [endedBy])]);
  const logins = await namesOf(s.store.read, 'user', ids);
  return rows.map((row) => {
    const status = statusOfGrant(row, now);
    const ranOut = status === 'ended' && row.endedAt === null;
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
      /** The grant that went on in this one. */
      extendsGrantId: row.extendsGrantId,
      reason: row.reason,
      createdAt: toIso(row.createdAt),
      createdBy: logins.get(row.createdBy) ?? null,
    };
  });
};

/** A grant that the principal may see: their own, or any for whoever sees who holds roles. E0000007 otherwise. */
export const findGrant = async (db: Transaction, principal: Principal, id: string): Promise<Row<'grants'>> => {
  const row = await db.selectFrom('grants').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || (row.userId !== ownIdOf(principal) && !maySeeAll(principal))) throw notFound(id, 'Grant');
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
  let query = s.store.read
    .selectFrom('grants')
    .selectAll()
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (whose === 'mine') query = query.where('userId', '=', ownIdOf(principal) ?? '');
  if (userId !== undefined) query = query.where('userId', '=', userId);
  if (entitlementId !== undefined) query = query.where('entitlementId', '=', entitlementId);
  if (status === 'OPEN') query = query.where('endedAt', 'is', null).where('powerEndsAt', '>', now);
  if (status === 'ENDED') query = query.where((e) => e.or([e('endedAt', 'is not', null), e('powerEndsAt', '<=', now)]));
  if (after !== undefined) {
    const last = await findGrant(s.store.read, principal, after);
    query = query.where((e) => e(e.refTuple('createdAt', 'id'), '<', e.tuple(Number(last.createdAt), last.id)));
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
