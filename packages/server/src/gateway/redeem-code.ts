import { parseAddress } from '@sallyport/decide/address/parse-address';
import { bindSession } from '@sallyport/decide/sessions/bind-session';
import { networkKey } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { firstMembershipEnd } from '../grants/active-grants.ts';
import { locksOn } from '../locks/store.ts';
import { newId, newSecret } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { sessionTarget } from '../sessions/end-sessions.ts';
import { appTarget } from '../sessions/policy-targets.ts';
import { endSessionRows, insertSession, sessionById } from '../sessions/store.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf, recordEvent, userAsActor } from '../system-log/record-event.ts';
import type { AppDoor } from './live-app-sessions.ts';
import { codeByHash, spendCode } from './store.ts';

export interface RedeemInput {
  readonly code: string;
  /** What the browser's nonce cookie holds under this host; null without one. */
  readonly nonce: string | null;
}
export type Redeemed =
  | { readonly kind: 'in'; readonly token: string; readonly returnTarget: string }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly reference: string };

/** The code travels with the browser for a second: it must arrive from the network it was given to. */
const isSameNetwork = (s: Services, door: AppDoor, code: Row<'gatewayCodes'>, request: RequestContext): boolean => {
  const given = parseAddress(code.address);
  const address = request.client.kind === 'known' ? request.client.address : null;
  if (given === null) return false;
  const { ipBinding } = s.settings.modesFor(door.app.id);
  const verdict = bindSession({
    baseline: {
      v4: given.family === 'v4' ? given.text : null,
      v6: given.family === 'v6' ? given.text : null,
      network: code.network,
    },
    current: { address, network: request.network === null ? null : networkKey(request.network) },
    resolveBaselineAgain: () => networkKey(s.intel.resolve(given)),
    modes: { asnBinding: 'ENFORCED', ipBinding: ipBinding === 'MONITOR' ? 'DISABLED' : ipBinding },
    isExempt: address !== null && s.zones.isExempt(address),
    // The two hosts may be reached by different families: that is one network, and nothing is learned of it here.
    canLearnFamily: true,
    provedAddress: null,
    canProve: false,
  });
  return verdict.kind === 'hold';
};

const faultOf = (
  s: Services,
  door: AppDoor,
  code: Row<'gatewayCodes'>,
  input: RedeemInput,
  request: RequestContext,
): Reason | null => {
  if (code.usedAt !== null) return 'app-code-used';
  if (!(s.clock.now() < code.expiresAt)) return 'app-code-expired';
  if (code.appId !== door.app.id) return 'app-code-other-host';
  if (input.nonce === null || tokenDigest(input.nonce) !== code.nonceHash) return 'app-code-other-browser';
  return isSameNetwork(s, door, code, request) ? null : 'app-code-other-network';
};

/** The sign-in as it stands in this transaction, with its owner; null when either is stopped. */
const liveSignIn = async (s: Services, tx: Transaction, sessionId: string) => {
  const now = s.clock.now();
  const parent = await sessionById(tx, sessionId);
  if (parent === undefined || parent.endedAt !== null || !(now < parent.endsAt) || !s.sessions.isLive(sessionId))
    return null;
  const user = await tx.selectFrom('users').selectAll().where('id', '=', parent.userId).executeTakeFirst();
  const locks = [...(await locksOn(tx, 'user', parent.userId, now)), ...(await locksOn(tx, 'session', parent.id, now))];
  return user === undefined || user.status !== 'ACTIVE' || locks.length > 0 ? null : { parent, user };
};

/** What a code that was known but not good leaves behind: it is spent, and an event says what was wrong with it. */
const refuse = async (
  s: Services,
  door: AppDoor,
  code: Row<'gatewayCodes'>,
  request: RequestContext,
  reason: Reason,
): Promise<Redeemed> => {
  const reference = await s.store.transaction(async (tx) => {
    await spendCode(tx, code.codeHash, s.clock.now());
    const owner = await sessionById(tx, code.sessionId);
    const user = await tx
      .selectFrom('users')
      .selectAll()
      .where('id', '=', owner?.userId ?? '')
      .executeTakeFirst();
    return recordEvent(
      s,
      tx,
      { kind: 'anonymous', request },
      {
        eventType: 'app.generic.unauth_app_access_attempt',
        ...(user === undefined ? {} : { actor: userAsActor(user) }),
        outcome: { result: 'DENY', reason: sentenceOf(reason) },
        target: [appTarget(door.app), sessionTarget(code.sessionId)],
        externalSessionId: code.sessionId,
        debugData: { cause: reason },
      },
    );
  });
  return { kind: 'refused', reason, reference };
};

/**
 * `/.sallyport/callback` under an app's host: exchanges the one-time code for an app session of that host. The code works
 * once, for the host, browser and network it was made for, while the sign-in and the app are still alive.
 */
export const redeemCode = async (
  s: Services,
  door: AppDoor,
  request: RequestContext,
  input: RedeemInput,
): Promise<Redeemed> => {
  const code = await codeByHash(s.store.read, tokenDigest(input.code));
  if (code === undefined) return { kind: 'refused', reason: 'app-code-unknown', reference: request.requestId };
  const fault = faultOf(s, door, code, input, request);
  if (fault !== null) return refuse(s, door, code, request, fault);
  const now = s.clock.now();
  const token = newSecret(s.random);
  const opened = await s.store.transaction(async (tx) => {
    if (!(await spendCode(tx, code.codeHash, now))) return 'app-code-used' as const;
    const signIn = await liveSignIn(s, tx, code.sessionId);
    if (signIn === null) return 'session-ended' as const;
    const app = await tx.selectFrom('apps').select('status').where('id', '=', door.app.id).executeTakeFirst();
    if (app?.status !== 'ACTIVE') return 'app-inactive' as const;
    const { parent, user } = signIn;
    // The app's policy was asked when the code was made, and may have let a member for a while in.
    const membershipsEndAt = await firstMembershipEnd(tx, user.id, code.createdAt);
    if (now >= membershipsEndAt) return 'app-code-expired' as const;
    const row: Row<'sessions'> = {
      ...parent,
      openedBySessionId: null,
      boundKey: null,
      provedAddress: null,
      openProofs: null,
      proofDueAt: null,
      id: newId(s.random, 'session'),
      parentId: parent.id,
      appId: door.app.id,
      tokenHash: tokenDigest(token),
      previousTokenHash: null,
      previousValidUntilAt: null,
      createdAt: now,
      lastActivityAt: now,
      idleTimeoutSeconds: Math.min(door.app.idleTimeoutSeconds, code.inactivitySeconds ?? Number.POSITIVE_INFINITY),
      endsAt: Math.min(now + door.app.lifetimeSeconds * 1000, parent.endsAt, membershipsEndAt),
      exemptPasses: 0,
    };
    // The cookie of the one before is overwritten: a browser holds one session of an app at a time. The event of the new
    // one tells it.
    const former = await tx
      .selectFrom('sessions')
      .select('id')
      .where('parentId', '=', parent.id)
      .where('appId', '=', door.app.id)
      .where('endedAt', 'is', null)
      .execute();
    for (const { id } of former) await endSessionRows(tx, id, now, 'replaced');
    await insertSession(tx, row);
    await recordEvent(
      s,
      tx,
      { kind: 'anonymous', request },
      {
        eventType: 'user.authentication.sso',
        actor: userAsActor(user),
        target: [appTarget(door.app), sessionTarget(row.id)],
        externalSessionId: parent.id,
        rootSessionId: parent.id,
      },
    );
    return { row, user, former: former.map(({ id }) => id) };
  });
  if (typeof opened === 'string') return refuse(s, door, code, request, opened);
  const { row, user, former } = opened;
  for (const id of former) s.appSessions.forget(id);
  const displayName = displayNameOf(JSON.parse(user.profile), user.login);
  s.appSessions.admit(row, { userId: user.id, login: user.login, displayName });
  s.sessions.applySettingsTo(code.sessionId);
  return { kind: 'in', token, returnTarget: code.returnTarget };
};
