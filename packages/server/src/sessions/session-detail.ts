import { createHash } from 'node:crypto';
import { authorize } from '@sallyport/decide/roles/authorize';
import { type BoundFact, describeBinding } from '@sallyport/decide/sessions/describe-binding';
import { notFound } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import { toIso } from '@sallyport/model/instant';
import type { LogEvent } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import type { Baseline } from '@sallyport/model/session';
import { userFacts } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { departuresOf, observationsOf, roamingOf } from './departures.ts';
import { authenticatorName, describeNetwork } from './describe-session.ts';
import { networkLanes, type Sighting } from './network-lanes.ts';
import { presentSessionRows } from './present-session-rows.ts';
import { eventsOfSession, sightingsOf } from './session-events.ts';
import { appSessionsOf, sessionById } from './store.ts';

const TIMELINE_MAX = 50;

const iso = (at: number | null): string | null => (at === null ? null : toIso(at));

const presentFact = ({ mode, state, changed }: BoundFact) => ({
  mode,
  state,
  changed: changed === null ? null : { ...changed, at: iso(changed.at) },
});

const presentEvent = (event: LogEvent) => ({
  uuid: event.uuid,
  published: event.published,
  eventType: event.eventType,
  message: event.displayMessage,
  severity: event.severity,
  outcome: event.outcome,
  actor: { id: event.actor.id, name: event.actor.displayName },
  address: event.client.ipAddress,
  network: event.securityContext.asOrg,
  targets: (event.target ?? []).map(({ type, displayName }) => ({ type, name: displayName })),
});

/** The key of the page, recognisable and no more: a digest of its public half. */
const pageKeyOf = (row: Row<'sessions'>) => ({
  isRegistered: row.boundKey !== null,
  fingerprint:
    row.boundKey === null
      ? null
      : createHash('sha256').update(Buffer.from(row.boundKey, 'base64url')).digest('base64url').slice(0, 16),
});

const appSessions = async (s: Services, id: string) => {
  const rows = await appSessionsOf(s.store.read, id);
  const apps = await s.store.read.selectFrom('apps').select(['id', 'name', 'label']).execute();
  return rows.map((row) => ({
    id: row.id,
    app: apps.find((app) => app.id === row.appId) ?? { id: row.appId, name: 'unknown', label: 'unknown' },
    createdAt: toIso(row.createdAt),
    lastActivityAt: toIso(row.lastActivityAt),
    idleEndsAt: toIso(row.lastActivityAt + row.idleTimeoutSeconds * 1000),
    endsAt: toIso(row.endsAt),
    endedAt: iso(row.endedAt),
    endReason: row.endReason,
  }));
};

/**
 * Every request of a session that is watched, and was nowhere else, came from where it began: its last one too. What
 * passed by the exempt zone was not watched.
 */
const lastSeenAtHome = (s: Services, row: Row<'sessions'>, isWatched: boolean): readonly Sighting[] =>
  isWatched && row.exemptPasses === 0
    ? [
        {
          at: s.sessions.lastActivityAt(row.id) ?? row.lastActivityAt,
          address: row.signInAddress ?? '',
          network: describeNetwork(s, row.signInAddress ?? '').name,
          what: 'seen',
          eventId: null,
        },
      ]
    : [];

/** `GET /sallyport/v1/sessions/{id}`: the story of a session, alive or ended. E0000007 for what is no org session. */
export const sessionDetail = async (s: Services, principal: Principal, id: string) => {
  await s.sessions.settle(id);
  const row = await sessionById(s.store.read, id);
  if (row === undefined || row.parentId !== null) throw notFound(id, 'Session');
  const owner = await userFacts(s.store.read, row.userId);
  if (authorize(principal, 'okta.sessions.read', owner).kind === 'deny') throw notFound(id, 'Session');
  const currentId = principal.kind === 'session' ? principal.sessionId : null;
  const baseline = JSON.parse(row.baseline) as Baseline;
  const proofs = JSON.parse(row.proofs) as FactorProof[];
  const [[presented], apps, observations, { events, count }, opened] = await Promise.all([
    presentSessionRows(s, [row], currentId),
    appSessions(s, id),
    observationsOf(s, [id]),
    eventsOfSession(s, id),
    s.store.read
      .selectFrom('sessions')
      .select(['id', 'createdAt', 'endedAt'])
      .where('openedBySessionId', '=', id)
      .orderBy('createdAt', 'desc')
      .limit(TIMELINE_MAX)
      .execute(),
  ]);
  const isLive = row.endedAt === null;
  const departures = departuresOf(s, row, observations.get(id) ?? []);
  const binding = describeBinding(isLive ? s.sessions.modesOf(id) : null, departures);
  const isWatched = isLive && departures.length === 0 && binding.asn.mode !== 'DISABLED';
  const lanes = networkLanes([
    ...sightingsOf(events, (address) => describeNetwork(s, address).name),
    ...lastSeenAtHome(s, row, isWatched),
  ]);
  const roaming = roamingOf(row);
  return {
    ...presented,
    boundTo: {
      asn: { ...presentFact(binding.asn), value: describeNetwork(s, baseline.signInAddress) },
      ip: { ...presentFact(binding.ip), value: [baseline.v4, baseline.v6].filter((text) => text !== null) },
      pageKey: { ...pageKeyOf(row), provedAddress: row.provedAddress },
      recordedAt: toIso(baseline.recordedAt),
      userAgent: baseline.userAgent,
    },
    proofs: proofs.map((proof) => ({
      kind: proof.kind,
      name: authenticatorName([proof]),
      provedAt: toIso(proof.provedAt),
      isPhishingResistant: proof.isPhishingResistant,
      isUserVerified: proof.isUserVerified,
    })),
    networks: lanes.map((lane) => ({
      ...lane,
      firstAt: toIso(lane.firstAt),
      lastAt: toIso(lane.lastAt),
      marks: lane.marks.map((mark) => ({ ...mark, at: toIso(mark.at) })),
    })),
    apps,
    opened: opened.map((other) => ({ id: other.id, createdAt: toIso(other.createdAt), endedAt: iso(other.endedAt) })),
    end:
      row.endedAt === null
        ? null
        : {
            at: toIso(row.endedAt),
            reason: row.endReason,
            roaming: roaming === null ? null : { from: roaming.from, to: roaming.to, eventId: roaming.eventId },
            answer: row.answer,
            answeredAt: iso(row.answeredAt),
          },
    counts: { events: count, networks: lanes.length },
    // The log is read by whoever may read the log; the session's own record is not a way around that.
    timeline:
      authorize(principal, 'okta.logs.read').kind === 'allow' ? events.slice(0, TIMELINE_MAX).map(presentEvent) : null,
  };
};
