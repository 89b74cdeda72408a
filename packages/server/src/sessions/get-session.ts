import { authorize } from '@sallyport/decide/roles/authorize';
import { ApiError, notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { assertMayManageUser, userFacts } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { Row } from '../store/tables.ts';
import { userAsActor } from '../system-log/record-event.ts';
import { assertStillLive } from './assert-still-live.ts';
import { endSession, endSessionsOfUser, publishEnded } from './end-sessions.ts';
import { presentSession } from './present-session.ts';
import { appSessionsOf, sessionById, sessionByTokenHash } from './store.ts';

/** A live org session by its public id or its secret; E0000007 otherwise. The answer shows the public id only. */
export const findSession = async (s: Services, idOrSecret: string): Promise<Row<'sessions'>> => {
  const row =
    (await sessionById(s.store.read, idOrSecret)) ?? (await sessionByTokenHash(s.store.read, tokenDigest(idOrSecret)));
  if (row === undefined || row.parentId !== null || row.endedAt !== null || s.clock.now() >= row.endsAt)
    throw notFound('session', 'Session');
  return row;
};

/** E0000007 for the session of somebody on whom the principal may not use the permission. */
export const assertMayOnSession = async (
  s: Services,
  principal: Principal,
  permission: 'okta.sessions.read' | 'okta.sessions.manage',
  idOrSecret: string,
): Promise<void> => {
  const { userId } = await findSession(s, idOrSecret);
  const verdict = authorize(principal, permission, await userFacts(s.store.read, userId));
  if (verdict.kind === 'deny') throw notFound('session', 'Session');
};

const loginOf = async (s: Services, userId: string): Promise<string> =>
  (await s.store.read.selectFrom('users').select('login').where('id', '=', userId).executeTakeFirst())?.login ??
  'unknown';

const expiryOf = (s: Services, row: Row<'sessions'>): number => {
  const deadlines = s.sessions.deadlinesOf(row.id);
  return deadlines === null
    ? Math.min(row.endsAt, row.lastActivityAt + row.idleTimeoutSeconds * 1000)
    : Math.min(deadlines.endsAt, deadlines.idleEndsAt);
};

/** `GET /api/v1/sessions/{id}`. */
export const getSession = async (s: Services, idOrSecret: string) => {
  const row = await findSession(s, idOrSecret);
  return presentSession(row, await loginOf(s, row.userId), s.config.publicUrl.origin, expiryOf(s, row));
};

/** `POST …/lifecycle/refresh`: counts as activity, within the session's own lifetime. */
export const refreshSession = async (s: Services, idOrSecret: string) => {
  const row = await findSession(s, idOrSecret);
  s.sessions.touch(row.id);
  return presentSession(row, await loginOf(s, row.userId), s.config.publicUrl.origin, expiryOf(s, row));
};

/** `DELETE /api/v1/sessions/{id}`. */
export const revokeSession = async (
  s: Services,
  principal: Principal,
  idOrSecret: string,
  reason: 'revoked-by-admin' | 'signed-out' | 'revoked-by-owner',
) => {
  const row = await findSession(s, idOrSecret);
  const isEnded = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const user = await tx.selectFrom('users').selectAll().where('id', '=', row.userId).executeTakeFirst();
    return endSession(s, tx, principal, row, reason, user === undefined ? [] : [userAsActor(user)]);
  });
  // Of two who revoke it at once, one did; the other finds it ended.
  if (isEnded) publishEnded(s, [row.id], reason);
};

/** `DELETE /api/v1/users/{id}/sessions`, by id or login. */
export const clearUserSessions = async (s: Services, principal: Principal, idOrLogin: string) => {
  const user = await s.store.read
    .selectFrom('users')
    .selectAll()
    .where((e) => e.or([e('id', '=', idOrLogin), e('loginFolded', '=', idOrLogin.toLowerCase())]))
    .executeTakeFirst();
  if (user === undefined) throw notFound(idOrLogin, 'User');
  const ids = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await assertMayManageUser(tx, principal, 'okta.users.lifecycle.clearSessions', user.id, idOrLogin);
    return endSessionsOfUser(s, tx, principal, userAsActor(user), 'revoked-by-admin');
  });
  publishEnded(s, ids, 'revoked-by-admin');
};

/** The caller's own session; E0000007 where there is none (what real clients expect of `/sessions/me`). */
export const inSession = (principal: Principal): Extract<Principal, { readonly kind: 'session' }> => {
  if (principal.kind !== 'session') throw new ApiError('E0000007', { args: ['me (Session)'] });
  return principal;
};
export const ownSessionId = (principal: Principal): string => inSession(principal).sessionId;

/** App sessions of an org session that are alive now. */
export const liveAppSessions = async (s: Services, parentId: string): Promise<Row<'sessions'>[]> =>
  (await appSessionsOf(s.store.read, parentId)).filter((app) => app.endedAt === null && s.clock.now() < app.endsAt);
