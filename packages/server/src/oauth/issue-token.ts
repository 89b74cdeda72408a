import { OAuthError } from '@sallyport/model/oauth-error';
import type { RequestContext } from '@sallyport/model/principal';
import { appTarget } from '../apps/app-target.ts';
import { serviceSettingsOf } from '../machines/service-app.ts';
import { newId, newSecret } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import { appAsActor, recordEvent } from '../system-log/record-event.ts';
import { ACCESS_TOKEN_PREFIX } from './access-token.ts';
import { authenticateClient, type ClientForm } from './authenticate-client.ts';
import { type DpopProof, dpopNonce, readDpopProof } from './dpop.ts';
import { spendJwt } from './spend-jwt.ts';

const LIFE_SECONDS = 3600;
export const TOKEN_PATH = '/oauth2/v1/token';

export interface TokenForm extends ClientForm {
  readonly grant_type?: string | undefined;
  readonly scope?: string | undefined;
}

const badProof = (why: string): OAuthError =>
  new OAuthError('invalid_dpop_proof', `The DPoP proof is not good. ${why}`);

/** The proof that an app with key-bound tokens must bring; null for every other app, whatever its client sends. */
const provedKey = async (
  s: Services,
  isBound: boolean,
  lines: readonly string[],
): Promise<Extract<DpopProof, { kind: 'good' }> | null> => {
  if (!isBound) return null;
  const [line, ...more] = lines;
  if (line === undefined || more.length > 0) throw badProof('There must be one.');
  const proof = await readDpopProof(s, line, { method: 'POST', path: TOKEN_PATH, accessToken: null });
  if (proof.kind === 'bad') throw badProof(proof.why);
  // RFC 9449 §8; the clients in use switch to DPoP at this very answer.
  if (proof.kind === 'nonce-missing')
    throw new OAuthError('use_dpop_nonce', 'The DPoP proof must hold the nonce that comes with this answer.', {
      headers: { 'DPoP-Nonce': dpopNonce(s) },
    });
  return proof;
};

/**
 * `POST /oauth2/v1/token` for `client_credentials`: a token for an hour, with the scopes that were asked and are granted.
 * It is a random secret, looked up at each request, so that what ends it ends it at once. What it lets its app do is
 * worked out then, from the app's roles.
 */
export const issueToken = async (
  s: Services,
  request: RequestContext,
  form: TokenForm,
  dpopLines: readonly string[],
) => {
  if (form.grant_type !== 'client_credentials')
    throw new OAuthError('unsupported_grant_type', 'Only client_credentials is served here.');
  const { app, keyId, spend } = await authenticateClient(s, request, form, TOKEN_PATH);
  const proof = await provedKey(s, serviceSettingsOf(app).isDpopBound, dpopLines);
  const asked = [...new Set((form.scope ?? '').split(' ').filter((scope) => scope !== ''))];
  if (asked.length === 0) throw new OAuthError('invalid_scope', 'Say which scopes the token is for.');
  const secret = ACCESS_TOKEN_PREFIX + newSecret(s.random);
  const now = s.clock.now();
  await s.store.transaction(async (tx) => {
    await spend(tx);
    if (proof !== null && !(await spendJwt(tx, 'dpop', proof.thumbprint, proof.jti, proof.expiresAt)))
      throw badProof('It was used before.');
    const granted = await tx.selectFrom('appGrants').select('scopeId').where('appId', '=', app.id).execute();
    const missing = asked.filter((scope) => !granted.some(({ scopeId }) => scopeId === scope));
    if (missing.length > 0)
      throw new OAuthError(
        'invalid_scope',
        `One or more scopes are not granted to this client: ${missing.join(' ').slice(0, 200)}`,
      );
    if (keyId !== null) await tx.updateTable('appKeys').set({ lastUsedAt: now }).where('id', '=', keyId).execute();
    const id = newId<string>(s.random, 'accessToken');
    await tx
      .insertInto('accessTokens')
      .values({
        id,
        appId: app.id,
        tokenHash: tokenDigest(secret),
        scopes: asked.join(' '),
        thumbprint: proof?.thumbprint ?? null,
        createdAt: now,
        expiresAt: now + LIFE_SECONDS * 1000,
        revokedAt: null,
      })
      .execute();
    await recordEvent(
      s,
      tx,
      { kind: 'anonymous', request },
      {
        eventType: 'app.oauth2.token.grant.access_token',
        actor: appAsActor(app),
        target: [
          appTarget(app),
          { id, type: 'access_token', alternateId: id, displayName: 'Access Token', detailEntry: null },
        ],
        debugData: {
          scopes: asked.join(' '),
          grantType: 'client_credentials',
          clientAuthType: 'private_key_jwt',
          tokenType: proof === null ? 'Bearer' : 'DPoP',
        },
      },
    );
  });
  return {
    token_type: proof === null ? 'Bearer' : 'DPoP',
    expires_in: LIFE_SECONDS,
    access_token: secret,
    scope: asked.join(' '),
  };
};
