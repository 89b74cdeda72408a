import type { LogTarget } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import type { SessionEndReason } from '@sallyport/model/session';
import { countEnded } from '../http/metrics.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { endSessionRows, liveSessionsOf, sessionsOpenedBy } from './store.ts';

export const sessionTarget = (id: string, detailEntry: Record<string, unknown> | null = null): LogTarget => ({
  id,
  type: 'Session',
  alternateId: id,
  displayName: id,
  detailEntry,
});

/**
 * Command-line sessions end with the browser's session that allowed them, whatever ended that one: but for its idle
 * time. Nobody at the browser says nothing of the terminal, which has an idle clock of its own.
 */
export const doesEndCommandLines = (reason: string): boolean => reason !== 'idle';

/** Ends what a browser's session allowed, each with its event. The listener on the bus takes them out of memory. */
export const endCommandLines = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  id: string,
  reason: SessionEndReason,
): Promise<void> => {
  if (!doesEndCommandLines(reason)) return;
  for (const opened of await sessionsOpenedBy(tx, id))
    await endSession(s, tx, principal, opened, 'browser-session-ended');
};

/** Ends one session in a transaction, with its event. Publish on the bus after commit. */
export const endSession = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  session: { id: string; userId: string },
  reason: SessionEndReason,
  targets: readonly LogTarget[] = [],
): Promise<boolean> => {
  const isEnded = await endSessionRows(tx, session.id, s.clock.now(), reason);
  if (!isEnded) return false;
  await recordEvent(s, tx, principal, {
    eventType: reason === 'idle' || reason === 'lifetime' ? 'user.session.expire' : 'user.session.end',
    outcome: { result: 'SUCCESS', reason },
    target: [sessionTarget(session.id), ...targets],
    externalSessionId: session.id,
    debugData: { EndedSessionId: session.id, terminationReason: reason },
  });
  await endCommandLines(s, tx, principal, session.id, reason);
  return true;
};

/**
 * Ends all sessions of a user but one, with one `user.session.clear` and one `user.session.end` for each, joined by the
 * transaction id. Returns the ids that ended.
 */
export const endSessionsOfUser = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  user: LogTarget,
  reason: SessionEndReason,
  exceptId: string | null = null,
): Promise<string[]> => {
  const sessions = (await liveSessionsOf(tx, user.id)).filter((session) => session.id !== exceptId);
  await recordEvent(s, tx, principal, {
    eventType: 'user.session.clear',
    target: [user],
    outcome: { result: 'SUCCESS', reason },
    debugData: { endedSessions: String(sessions.length) },
  });
  for (const session of sessions) await endSession(s, tx, principal, session, reason, [user]);
  return sessions.map((session) => session.id);
};

/** Tells every door, at once, that sessions ended. Call after commit. */
export const publishEnded = (s: Services, ids: readonly string[], reason: SessionEndReason): void => {
  for (const id of ids) {
    countEnded(reason);
    s.bus.publish({ kind: 'session', id, reason });
  }
};
