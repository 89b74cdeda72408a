import { parseAddress } from '@sallyport/decide/address/parse-address';
import { ApiError, notFound } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import { toIso } from '@sallyport/model/instant';
import type { Network } from '@sallyport/model/network';
import type { Principal } from '@sallyport/model/principal';
import type { Baseline } from '@sallyport/model/session';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { describeUserAgent } from '../system-log/describe-user-agent.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { assertStillLive } from './assert-still-live.ts';
import { endSession, endSessionsOfUser, publishEnded, sessionTarget } from './end-sessions.ts';
import { appSessionsOf, sessionById } from './store.ts';

const SHOWN_MAX = 50;

/** Both sides of a mismatch, as kept in `end_detail` for the owner. */
export interface RoamingDetail {
  readonly from: { readonly address: string; readonly network: string };
  readonly to: { readonly address: string; readonly network: string };
  readonly eventId: string;
}

export const networkName = (network: Network | null): string =>
  network === null
    ? 'an unknown network'
    : network.kind === 'asn'
      ? `AS${network.asn} ${network.organisation}`
      : network.kind === 'local'
        ? 'the local network'
        : `the network ${network.prefix}`;

const person = (principal: Principal): { userId: string; sessionId: string | null } => {
  if (principal.kind === 'session') return { userId: principal.userId, sessionId: principal.sessionId };
  if (principal.kind === 'token') return { userId: principal.userId, sessionId: null };
  throw new ApiError('E0000011');
};

const authenticatorName = (proofs: readonly FactorProof[]): string => {
  const key = proofs.find((proof) => proof.kind === 'webauthn');
  if (key !== undefined) return key.isDeviceBound ? 'Security key (stays on the device)' : 'Passkey (synced)';
  return proofs.some((proof) => proof.kind === 'totp') ? 'Password and one-time code' : 'Password';
};

const present = async (s: Services, row: Row<'sessions'>, currentId: string | null) => {
  const baseline = JSON.parse(row.baseline) as Baseline;
  const address = parseAddress(baseline.signInAddress);
  const network = address === null ? null : s.intel.resolve(address);
  const agent = describeUserAgent(baseline.userAgent);
  const lastActivityAt = s.sessions.lastActivityAt(row.id) ?? row.lastActivityAt;
  const apps = await appSessionsOf(s.store.read, row.id);
  const deadlines = s.sessions.deadlinesOf(row.id);
  return {
    id: row.id,
    isCurrent: row.id === currentId,
    kind: row.openedBySessionId === null ? ('browser' as const) : ('command-line' as const),
    openedBySessionId: row.openedBySessionId,
    device:
      row.openedBySessionId !== null
        ? `Command line on ${agent.os}`
        : `${agent.browser === 'UNKNOWN' ? 'Unknown browser' : agent.browser.charAt(0) + agent.browser.slice(1).toLowerCase()} on ${agent.os}`,
    browser: agent.browser,
    address: baseline.signInAddress,
    network:
      network?.kind === 'asn'
        ? { asn: network.asn, organisation: network.organisation, name: networkName(network) }
        : { asn: null, organisation: null, name: networkName(network) },
    place: address === null ? null : s.intel.placeOf(address).country,
    createdAt: toIso(row.createdAt),
    lastActivityAt: toIso(lastActivityAt),
    idleEndsAt: toIso(deadlines?.idleEndsAt ?? lastActivityAt + row.idleTimeoutSeconds * 1000),
    endsAt: toIso(deadlines?.endsAt ?? row.endsAt),
    authenticator: authenticatorName(JSON.parse(row.proofs) as FactorProof[]),
    endedAt: row.endedAt === null ? null : toIso(row.endedAt),
    endReason: row.endReason,
    hasConsole: apps.some((app) => app.endedAt === null && s.clock.now() < app.endsAt),
    exemptPasses: row.exemptPasses,
  };
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
  const roamed = rows
    .filter((row) => row.endReason === 'client-roaming' && row.endDetail !== null)
    .sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))[0];
  const detail = roamed === undefined ? null : (JSON.parse(roamed.endDetail as string) as RoamingDetail);
  const now = s.clock.now();
  const isLive = (row: Row<'sessions'>): boolean => row.endedAt === null && now < row.endsAt;
  return {
    sessions: await Promise.all(rows.map((row) => present(s, row, sessionId))),
    counts: { active: rows.filter(isLive).length },
    lastEnded:
      roamed === undefined || detail === null
        ? null
        : {
            sessionId: roamed.id,
            endedAt: toIso(roamed.endedAt ?? 0),
            reason: 'client-roaming',
            from: detail.from,
            to: detail.to,
            eventId: detail.eventId,
            answeredAt: roamed.answeredAt === null ? null : toIso(roamed.answeredAt),
            answer: roamed.answer,
          },
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
  };
};
