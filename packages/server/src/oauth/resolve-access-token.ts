import { narrowToScopes } from '@sallyport/decide/roles/narrow-to-scopes';
import { ApiError } from '@sallyport/model/errors';
import type { Principal, RequestContext } from '@sallyport/model/principal';
import { noteOutsideUse } from '../api-tokens/outside-uses.ts';
import { isInsideNetwork } from '../api-tokens/token-network.ts';
import { appTarget } from '../apps/app-target.ts';
import { locksOn } from '../locks/store.ts';
import { noteAppUse } from '../machines/note-use.ts';
import { SERVICE_APP_NAME, serviceSettingsOf } from '../machines/service-app.ts';
import { standingRightsOfApp } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';
import { appAsActor } from '../system-log/record-event.ts';
import { accessTokenBySecret } from './access-token.ts';
import { readDpopProof } from './dpop.ts';
import { spendJwt } from './spend-jwt.ts';

export interface PresentedToken {
  readonly scheme: 'bearer' | 'dpop';
  readonly secret: string;
  /** The `DPoP` header lines. */
  readonly proofs: readonly string[];
  /** Method and path as they stand in the request line, without the query. */
  readonly method: string;
  readonly path: string;
}

const refuse = (detail: string): ApiError => new ApiError('E0000011', { detail });

/** A bound token is worth nothing without the key (RFC 9449 §7.1), and an unbound one is no proof of any. */
const assertBound = async (s: Services, thumbprint: string | null, presented: PresentedToken): Promise<void> => {
  const { scheme, secret, proofs, method, path } = presented;
  if (thumbprint === null) {
    if (scheme !== 'bearer') throw refuse('a bearer token as DPoP');
    return;
  }
  if (scheme !== 'dpop') throw refuse('a key-bound token as Bearer');
  const [line, ...more] = proofs;
  if (line === undefined || more.length > 0) throw refuse('not one DPoP proof');
  const proof = await readDpopProof(s, line, { method, path, accessToken: secret });
  if (proof.kind !== 'good') throw refuse(`DPoP proof: ${proof.kind === 'bad' ? proof.why : proof.kind}`);
  if (proof.thumbprint !== thumbprint) throw refuse('DPoP proof of another key');
  const isFirst = await s.store.transaction((tx) => spendJwt(tx, 'dpop', proof.thumbprint, proof.jti, proof.expiresAt));
  if (!isFirst) throw refuse('DPoP proof used before');
};

/**
 * The service app of an access token. Its rights are worked out anew at each request: what its roles give now, cut down
 * to the scopes of the token that are still granted. Whatever is wrong is a bare E0000011; a use outside of its network is
 * also an event.
 */
export const resolveAccessToken = async (
  s: Services,
  presented: PresentedToken,
  request: RequestContext,
): Promise<Principal> => {
  const row = await accessTokenBySecret(s.store.read, presented.secret);
  const now = s.clock.now();
  if (row === undefined || row.revokedAt !== null) throw refuse('access token unknown or revoked');
  if (now >= row.expiresAt) throw refuse('token-expired');
  const app = await s.store.read.selectFrom('apps').selectAll().where('id', '=', row.appId).executeTakeFirst();
  if (app?.status !== 'ACTIVE' || app.name !== SERVICE_APP_NAME) throw refuse('app-inactive');
  const locks = await Promise.all([
    locksOn(s.store.read, 'token', row.id, now),
    locksOn(s.store.read, 'app', row.appId, now),
  ]);
  if (locks.flat().length > 0) throw refuse('locked');
  const { network, protectedActions } = serviceSettingsOf(app);
  if (!isInsideNetwork(network, request.client, s.zones)) {
    await noteOutsideUse(s, request, {
      eventType: 'system.oauth2.token.request_outside_allowed_range',
      actor: appAsActor(app),
      target: appTarget(app),
    });
    throw refuse('token-network-outside');
  }
  await assertBound(s, row.thumbprint, presented);
  await noteAppUse(s, app, request);
  const grants = await s.store.read.selectFrom('appGrants').select('scopeId').where('appId', '=', app.id).execute();
  const granted = new Set(grants.map(({ scopeId }) => scopeId));
  const scopes = row.scopes.split(' ').filter((scope) => granted.has(scope));
  const rights = narrowToScopes(await standingRightsOfApp(s.store.read, app.id), scopes);
  return {
    kind: 'service-app',
    appId: app.id,
    tokenId: row.id,
    allowedActions: protectedActions,
    ...rights,
    request,
  };
};
