import { ApiError, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { missingEnrolments } from '../authenticators/enrolment-of-person.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { assertStillLive } from './assert-still-live.ts';
import { describeSession } from './describe-session.ts';
import { endSession, endSessionsOfUser, publishEnded, sessionTarget } from './end-sessions.ts';
import { lastEndedOf } from './last-ended.ts';
import { sessionById, withConsole } from './store.ts';

const SHOWN_MAX = 50;

const person = (principal: Principal): { userId: string; sessionId: string | null } => {
  if (principal.kind === 'session') return { userId: principal.userId, sessionId: principal.sessionId };
  if (principal.kind === 'token') return { userId: principal.userId, sessionId: null };
  throw new ApiError('E0000011');
};

/** `GET /sallyport/v1/me/sessions`: own sessions, and how the last one ended when the network did it. */
export const listMySessions = async (s: Services, principal: Principal) => {
  const { userId, sessionId } = person(principal);
  const rows = await s.store.read
    .selectFrom('sessions')
    .selectAll()
    .where('userId', '=', userId)
    .where('parentId', 'is', null)
    .orderBy('createdAt', 'desc')
    .limit(SHOWN_MAX)
    .execute();
  const now = s.clock.now();
  const consoles = await withConsole(
    s.store.read,
    rows.map((row) => row.id),
    now,
  );
  const isLive = (row: Row<'sessions'>): boolean => row.endedAt === null && now < row.endsAt;
  return {
    sessions: rows.map((row) => describeSession(s, row, sessionId, consoles.has(row.id))),
    counts: { active: rows.filter(isLive).length },
    lastEnded: await lastEndedOf(s, userId),
  };
};

const ownSession = async (s: Services, principal: Principal, id: string): Promise<Row<'sessions'>> => {
  const { userId } = person(principal);
  const row = await sessionById(s.store.read, id);
  // Another person's id and one that does not exist answer alike.
  if (row === undefined || row.userId !== userId || row.parentId !== null) throw notFound(id, 'Session');
  return row;
};

/** `DELETE /sallyport/v1/me/sessions/{id}`. Ending what has ended succeeds quietly. */
export const endMySession = async (s: Services, principal: Principal, id: string): Promise<void> => {
  const row = await ownSession(s, principal, id);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await endSession(s, tx, principal, row, 'revoked-by-owner');
  });
  publishEnded(s, [row.id], 'revoked-by-owner');
};

/** `POST /sallyport/v1/me/sessions/revoke-others`. */
export const endMyOtherSessions = async (s: Services, principal: Principal) => {
  const { userId, sessionId } = person(principal);
  const user = await s.store.read.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirstOrThrow();
  const ids = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    return endSessionsOfUser(s, tx, principal, userAsActor(user), 'revoked-by-owner', sessionId);
  });
  publishEnded(s, ids, 'revoked-by-owner');
  return { ended: ids.length };
};

/** `POST …/acknowledge`: "that was me", or "that wasn't me", which ends every session and is an event. */
export const acknowledgeEnded = async (s: Services, principal: Principal, id: string, answer: 'me' | 'not-me') => {
  const row = await ownSession(s, principal, id);
  if (row.endedAt === null) throw new ApiError('E0000038', { causes: ['The session has not ended.'] });
  const user = await s.store.read
    .selectFrom('users')
    .selectAll()
    .where('id', '=', row.userId)
    .executeTakeFirstOrThrow();
  const now = s.clock.now();
  const ids = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await tx.updateTable('sessions').set({ answeredAt: now, answer }).where('id', '=', id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.session.acknowledge',
      target: [sessionTarget(id)],
      outcome: { result: 'SUCCESS', reason: answer },
    });
    if (answer === 'me') return [];
    await recordEvent(s, tx, principal, {
      eventType: 'user.account.report_suspicious_activity_by_enduser',
      target: [userAsActor(user), sessionTarget(id)],
      debugData: { suspiciousSessionId: id },
    });
    return endSessionsOfUser(s, tx, principal, userAsActor(user), 'not-me');
  });
  publishEnded(s, ids, 'not-me');
  return { answer, ended: ids.length };
};

/** `GET /sallyport/v1/me/keys`. */
export const listMyKeys = async (s: Services, principal: Principal) => {
  const { userId } = person(principal);
  const user = await s.store.read.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirstOrThrow();
  const missing = await missingEnrolments(s, principal, user);
  const rows = await s.store.read
    .selectFrom('factors')
    .selectAll()
    .where('userId', '=', userId)
    .where('status', '=', 'ACTIVE')
    .orderBy('createdAt')
    .execute();
  return {
    keys: rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      name: row.name,
      createdAt: toIso(row.createdAt),
      lastUsedAt: row.lastUsedAt === null ? null : toIso(row.lastUsedAt),
      isDeviceBound: row.kind === 'webauthn' && row.isBackupEligible === 0,
      attested: row.isAttested === 1 ? 'attested' : 'claimed',
    })),
    /** What their policy of enrolment asks for, and they have not; null is due now. */
    asked: missing.map(({ kind, dueAt }) => ({ kind, dueAt: dueAt === null ? null : toIso(dueAt) })),
  };
};
