import type { RequestContext } from '@sallyport/model/principal';
import { appTarget } from '../apps/app-target.ts';
import type { Services } from '../services.ts';
import { appAsActor, recordEvent } from '../system-log/record-event.ts';
import { accessTokenBySecret } from './access-token.ts';
import { authenticateClient, type ClientForm } from './authenticate-client.ts';

export interface TokenToAsk extends ClientForm {
  readonly token: string;
}
export const REVOKE_PATH = '/oauth2/v1/revoke';
export const INTROSPECT_PATH = '/oauth2/v1/introspect';

/** `POST /oauth2/v1/revoke` (RFC 7009): ends a token of this client's own; of any other text it says nothing. */
export const revokeToken = async (s: Services, request: RequestContext, form: TokenToAsk): Promise<void> => {
  const { app, spend } = await authenticateClient(s, request, form, REVOKE_PATH);
  const row = await s.store.transaction(async (tx) => {
    await spend(tx);
    const found = await accessTokenBySecret(tx, form.token);
    if (found === undefined || found.appId !== app.id || found.revokedAt !== null) return null;
    await tx.updateTable('accessTokens').set({ revokedAt: s.clock.now() }).where('id', '=', found.id).execute();
    await recordEvent(
      s,
      tx,
      { kind: 'anonymous', request },
      { eventType: 'app.oauth2.token.revoke', actor: appAsActor(app), target: [appTarget(app)] },
    );
    return found;
  });
  if (row !== null) s.bus.publish({ kind: 'token', id: row.id, reason: 'revoked' });
};

/** `POST /oauth2/v1/introspect` (RFC 7662): of a token of this client's own. */
export const introspectToken = async (s: Services, request: RequestContext, form: TokenToAsk) => {
  const { app, spend } = await authenticateClient(s, request, form, INTROSPECT_PATH);
  await s.store.transaction(spend);
  const row = await accessTokenBySecret(s.store.read, form.token);
  if (row === undefined || row.appId !== app.id || row.revokedAt !== null || s.clock.now() >= row.expiresAt)
    return { active: false };
  const seconds = (at: number): number => Math.floor(at / 1000);
  return {
    active: true,
    scope: row.scopes,
    client_id: app.id,
    sub: app.id,
    iss: s.config.publicUrl.origin,
    aud: s.config.publicUrl.origin,
    jti: row.id,
    token_type: row.thumbprint === null ? 'Bearer' : 'DPoP',
    iat: seconds(row.createdAt),
    exp: seconds(row.expiresAt),
    ...(row.thumbprint === null ? {} : { cnf: { jkt: row.thumbprint } }),
  };
};
