import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { networkKey } from '@sallyport/model/network';
import type { Principal } from '@sallyport/model/principal';
import { newSecret } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { sessionTarget } from '../sessions/end-sessions.ts';
import { sessionById } from '../sessions/store.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { insertCliCode } from './store.ts';

const CODE_SECONDS = 60;

/** What the code is bound to; the route's schema has seen to its form. */
export interface CliAuthorization {
  readonly redirectUri: string;
  readonly codeChallenge: string;
}

/**
 * The caller's session, if it may be handed on: only that of a browser, in which a person saw what they allow. A
 * command line cannot breed others, and a token has no session.
 */
export const handableSession = async (s: Services, principal: Principal) => {
  if (principal.kind !== 'session') throw new ApiError('E0000006', { detail: 'only a session is handed on' });
  const row = await sessionById(s.store.read, principal.sessionId);
  if (row === undefined || row.openedBySessionId !== null)
    throw new ApiError('E0000006', {
      causes: ['A command line cannot allow another one; open the page in the browser you are signed in with.'],
    });
  return row;
};

/** `POST /sallyport/v1/cli/authorizations`: the person pressed Allow. The code is shown once and kept as a hash. */
export const giveCliCode = async (s: Services, principal: Principal, input: CliAuthorization) => {
  const session = await handableSession(s, principal);
  const { network } = principal.request;
  // A session whose address is unknown did not come this far; were it so, the code would be bound to nothing.
  if (network === null) throw new ApiError('E0000085', { detail: 'address-unknown' });
  const now = s.clock.now();
  const code = newSecret(s.random);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await insertCliCode(tx, {
      codeHash: tokenDigest(code),
      sessionId: session.id,
      userId: session.userId,
      codeChallenge: input.codeChallenge,
      redirectUri: input.redirectUri,
      network: networkKey(network),
      createdAt: now,
      expiresAt: now + CODE_SECONDS * 1000,
      usedAt: null,
      openedSessionId: null,
    });
    await recordEvent(s, tx, principal, {
      eventType: 'app.oauth2.authorize.code',
      target: [sessionTarget(session.id)],
      debugData: { grantType: 'authorization_code', redirectUri: input.redirectUri },
    });
  });
  return { code, expiresAt: toIso(now + CODE_SECONDS * 1000) };
};
