import type { EntitlementKind, GrantEndReason } from '@sallyport/model/grant';
import { toIso } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import { authorOf, type Principal } from '@sallyport/model/principal';
import type { Revocation } from '../locks/revocation-bus.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { endSession, endSessionsOfUser } from '../sessions/end-sessions.ts';
import { gatewaySessionsOf } from '../sessions/store.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { tellOfGrant } from '../webhooks/tell-webhooks.ts';
import { entitlementTarget, GRANT_EVENTS, MAINTENANCE_PRIVILEGE } from './grant-target.ts';
import { lastOfChain } from './last-of-chain.ts';

/** What doors and streams are told of a grant that ended. */
export const stopsOf = ({ id, userId, sessionIds }: EndedGrant): readonly Revocation[] => [
  { kind: 'grant', id, reason: 'grant-ended' },
  { kind: 'user', id: userId, reason: 'rights-changed' },
  ...sessionIds.map((sessionId) => ({ kind: 'session', id: sessionId, reason: 'grant-ended' }) as const),
];

/** Tells every door, after commit, that a grant ended. */
export const publishGrantEnd = (s: Services, ended: EndedGrant): void => {
  for (const stop of stopsOf(ended)) s.bus.publish(stop);
};

/** Tells every door, after commit, that somebody was given something. */
export const publishGrant = (s: Services, { userId }: Pick<Row<'grants'>, 'userId'>): void =>
  s.bus.publish({ kind: 'user', id: userId, reason: 'rights-changed' });

/**
 * Tells, after commit, that a grant goes on in another: whoever listens by it asks anew until when. No stream is cut that
 * has its right as before.
 */
export const publishExtension = (s: Services, grantId: string): void =>
  s.bus.publish({ kind: 'grant', id: grantId, reason: 'rights-changed' });

/** A grant that ended, with the sessions that ended with it: of apps, or of a service account all. */
export type EndedGrant = Row<'grants'> & { readonly sessionIds: readonly string[] };

const holderTarget = ({ userId, userLogin, userName }: Row<'grants'>): LogTarget => ({
  id: userId,
  type: 'User',
  alternateId: userLogin,
  displayName: userName,
  detailEntry: null,
});

/** What the log tells of a grant beside its targets. */
export const grantDebugData = (row: Row<'grants'>) => ({
  grantId: row.id,
  grantStartsAt: toIso(row.startsAt),
  grantExpiresAt: toIso(row.expiresAt),
  grantSource: row.sourceKind,
  grantSourceId: row.sourceId,
});

/** The two targets of its events. */
export const grantTargets = (row: Row<'grants'>): readonly LogTarget[] => [
  holderTarget(row),
  entitlementTarget({ kind: row.kind, id: row.entitlementId }, row.entitlementName),
];

/**
 * A membership may be what let its holder into an app, whose policy is asked at the door only: all their sessions of apps
 * end, and the next request goes to the door again, which lets them in without a word where it still may.
 */
const endAppSessions = async (s: Services, tx: Transaction, by: Principal, userId: string): Promise<string[]> => {
  const ended: string[] = [];
  for (const session of await gatewaySessionsOf(tx, userId)) {
    if (await endSession(s, tx, by, session, 'grant-ended')) ended.push(session.id);
  }
  return ended;
};

/**
 * Ends a grant, with its event, in the caller's transaction; the caller publishes it after commit (`publishGrantEnd`).
 * Of one that ran out before this is written down as that, whatever the reason given: nobody ended it. Null where it was
 * ended, and told, before.
 */
export const endGrant = async (
  s: Services,
  tx: Transaction,
  by: Principal,
  row: Row<'grants'>,
  reason: GrantEndReason,
): Promise<EndedGrant | null> => {
  const now = s.clock.now();
  const ranOut = now >= row.powerEndsAt;
  const change = {
    endedAt: ranOut ? row.powerEndsAt : now,
    endedBy: ranOut ? null : authorOf(by),
    endReason: ranOut ? ('expired' as const) : reason,
  };
  const { numUpdatedRows } = await tx
    .updateTable('grants')
    .set(change)
    .where('id', '=', row.id)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return null;
  await recordEvent(s, tx, by, {
    eventType: GRANT_EVENTS[row.kind].end,
    target: grantTargets(row),
    debugData: {
      ...grantDebugData(row),
      grantEndedAt: toIso(change.endedAt),
      grantEndReason: change.endReason,
      ...(row.kind === 'bundle' ? { privilegeRevoked: row.entitlementName } : {}),
      ...(row.kind === 'service-account' ? { privilegeRevoked: MAINTENANCE_PRIVILEGE } : {}),
    },
  });
  await tellOfGrant(s, tx, 'grant.ended', { ...row, ...change });
  // Of one that ran out they ended by their own times, which never go beyond it; of one that goes on in another none ends.
  const isCutShort = !ranOut && reason !== 'extended';
  const sessionIds = !isCutShort
    ? []
    : row.kind === 'group'
      ? await endAppSessions(s, tx, by, row.userId)
      : row.kind === 'service-account'
        ? await endSessionsOfUser(s, tx, by, holderTarget(row), 'grant-ended')
        : [];
  return { ...row, ...change, sessionIds };
};

/**
 * Ends a grant, or what it goes on in, also where it is made longer at the same moment on another node: whoever ends
 * power ends all of it. Null where it was ended, and told, before.
 */
export const endChain = async (
  s: Services,
  tx: Transaction,
  by: Principal,
  row: Row<'grants'>,
  reason: GrantEndReason,
): Promise<EndedGrant | null> => {
  const last = await lastOfChain(tx, row);
  const ended = await endGrant(s, tx, by, last, reason);
  if (ended !== null) return ended;
  const now = await tx.selectFrom('grants').selectAll().where('id', '=', last.id).executeTakeFirstOrThrow();
  return now.endReason === 'extended' ? endChain(s, tx, by, now, reason) : null;
};

/** Ends every grant of one thing, or of one person, which goes away. */
export const endGrantsOf = async (
  s: Services,
  tx: Transaction,
  by: Principal,
  of: { readonly kind: EntitlementKind; readonly id: string } | { readonly userId: string },
  reason: GrantEndReason,
): Promise<readonly EndedGrant[]> => {
  const open = tx.selectFrom('grants').selectAll().where('endedAt', 'is', null).orderBy('id');
  const rows = await ('userId' in of
    ? open.where('userId', '=', of.userId)
    : open.where('kind', '=', of.kind).where('entitlementId', '=', of.id)
  ).execute();
  const ended: EndedGrant[] = [];
  for (const row of rows) {
    const one = await endChain(s, tx, by, row, reason);
    if (one !== null) ended.push(one);
  }
  return ended;
};
