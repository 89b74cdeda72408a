import { randomUUID } from 'node:crypto';
import type { LogActor, LogTarget } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { appendEvent } from './append-event.ts';
import { buildEvent, type EventInput } from './build-event.ts';
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
 * given, are kept beside it, so that `sallyport why` can compute the verdict again.
 * Returns the uuid of the event.
 */
export const recordEvent = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  input: EventInput,
  verdict?: JudgedVerdict,
): Promise<string> => {
  const actor = input.actor ?? (await actorOf(tx, principal));
  const uuid = randomUUID();
  const session =
    principal.kind === 'session' ? { externalSessionId: principal.sessionId, rootSessionId: principal.sessionId } : {};
  const token = principal.kind === 'token' ? { apiTokenId: principal.tokenId } : {};
  const zone = s.zones.nameOf(principal.request.client) ?? 'null';
  const newSalt = (): string => s.random.bytes(16).toString('base64url');
  const sealed = verdict === undefined ? null : sealVerdict(verdict, newSalt());
  const debugData = { ...input.debugData, ...sealed?.debugData };
  const full = { ...session, ...token, ...input, debugData };
  await appendEvent(tx, s.node, s.clock.now(), newSalt, (publishedAt) =>
    buildEvent(full, principal.request, actor, zone, publishedAt, uuid),
  );
  if (sealed !== null) await keepVerdict(tx, uuid, sealed.stored, s.clock.now());
  return uuid;
};
