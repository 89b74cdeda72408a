import { randomUUID } from 'node:crypto';
import type { LogActor, LogTarget } from '@sallyport/model/log-event';
import { makerOf, type Principal } from '@sallyport/model/principal';
import { noteEvent } from '../hints/note-change.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { appendEvents } from './append-events.ts';
import { buildEvent, type EventInput } from './build-event.ts';
import { keepTies } from './keep-ties.ts';
import { type JudgedVerdict, keepVerdict, sealVerdict } from './keep-verdict.ts';

const SYSTEM: LogActor = {
  id: 'sallyport',
  type: 'SystemPrincipal',
  alternateId: 'system@sallyport',
  displayName: 'Sallyport',
  detailEntry: null,
};
const UNKNOWN: LogActor = {
  id: 'unknown',
  type: 'User',
  alternateId: 'unknown',
  displayName: 'unknown',
  detailEntry: null,
};

interface Profile {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly displayName?: string;
}

/** The name people read, from a profile. */
export const displayNameOf = (profile: Profile, login: string): string =>
  profile.displayName ?? ([profile.firstName, profile.lastName].filter(Boolean).join(' ') || login);

/** A user as an actor or a target of an event. */
export const userAsActor = (user: { id: string; login: string; profile: string }): LogActor & LogTarget => ({
  id: user.id,
  type: 'User',
  alternateId: user.login,
  displayName: displayNameOf(JSON.parse(user.profile) as Profile, user.login),
  detailEntry: null,
});

/** A service app as an actor of an event. */
export const appAsActor = (app: { id: string; label: string }): LogActor => ({
  id: app.id,
  type: 'PublicClientApp',
  alternateId: app.id,
  displayName: app.label,
  detailEntry: null,
});

const newSaltOf = (s: Services) => (): string => s.random.bytes(16).toString('base64url');

const actorOf = async (tx: Transaction, principal: Principal): Promise<LogActor> => {
  if (principal.kind === 'anonymous') return UNKNOWN;
  if (principal.kind === 'host') return { ...SYSTEM, id: 'host', displayName: 'Host of the server' };
  if (principal.kind === 'job') return { ...SYSTEM, displayName: `Sallyport job ${principal.job}` };
  if (principal.kind === 'service-app') {
    const app = await tx
      .selectFrom('apps')
      .select(['id', 'label'])
      .where('id', '=', principal.appId)
      .executeTakeFirst();
    return appAsActor(app ?? { id: principal.appId, label: 'unknown' });
  }
  const user = await tx
    .selectFrom('users')
    .select(['id', 'login', 'profile'])
    .where('id', '=', principal.userId)
    .executeTakeFirst();
  return user === undefined ? { ...UNKNOWN, id: principal.userId } : userAsActor(user);
};

/**
 * Records an event of a request in the transaction of the change that it tells of. The facts and the verdict, when
 * given, are kept beside it, so that `sallyport why` can compute the verdict again. Open streams are told, after commit, of
 * what it names.
 * Returns the uuid of the event.
 */
export const recordEvent = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  input: EventInput,
  verdict?: JudgedVerdict,
): Promise<string> => {
  const sealed = verdict === undefined ? null : sealVerdict(verdict, newSaltOf(s)());
  const debugData = { ...input.debugData, ...sealed?.debugData };
  const [uuid = ''] = await recordEvents(s, tx, principal, [{ ...input, debugData }]);
  if (sealed !== null) await keepVerdict(tx, uuid, sealed.stored, s.clock.now());
  return uuid;
};

/** As `recordEvent`, of many things that one request did, in their order. Returns their uuids. */
export const recordEvents = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  inputs: readonly EventInput[],
): Promise<string[]> => {
  const everyActor = inputs.every(({ actor }) => actor !== undefined);
  const caller = everyActor ? UNKNOWN : await actorOf(tx, principal);
  const session =
    principal.kind === 'session' ? { externalSessionId: principal.sessionId, rootSessionId: principal.sessionId } : {};
  const token = principal.kind === 'token' ? { apiTokenId: principal.tokenId } : {};
  const zone = s.zones.nameOf(principal.request.client) ?? 'null';
  const uuids = inputs.map(() => randomUUID());
  const builds = inputs.map(
    (input, i) => (publishedAt: number) =>
      buildEvent({ ...session, ...token, ...input }, principal.request, caller, zone, publishedAt, uuids[i] ?? ''),
  );
  await appendEvents(tx, s.node, s.clock.now(), newSaltOf(s), builds);
  const hands = everyActor ? [caller.id] : [caller.id, makerOf(principal)];
  for (const hand of new Set(hands)) await keepTies(tx, inputs, hand, s.clock.now());
  for (const input of inputs) noteEvent(s, input);
  return uuids;
};
