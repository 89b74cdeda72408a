import { SCOPES } from '@sallyport/model/scopes';
import type { Handler } from '../http/exchange.ts';
import { headerLines } from '../http/read-client.ts';
import { orgIdOf } from '../roles/store.ts';
import { issueToken, TOKEN_PATH, type TokenForm } from './issue-token.ts';
import { INTROSPECT_PATH, introspectToken, REVOKE_PATH, revokeToken, type TokenToAsk } from './revoke-token.ts';

export const oauthHandlers = {
  'oauth.token': async ({ services, context, body, request }) => ({
    body: await issueToken(services, context, body as TokenForm, headerLines(request.raw, 'dpop')),
    headers: { Pragma: 'no-cache' },
  }),
  'oauth.revoke': async ({ services, context, body }) => {
    await revokeToken(services, context, body as TokenToAsk);
    return { body: {} };
  },
  'oauth.introspect': async ({ services, context, body }) => ({
    body: await introspectToken(services, context, body as TokenToAsk),
  }),
  'oauth.metadata': async ({ services }) => {
    const { origin } = services.config.publicUrl;
    return {
      body: {
        issuer: origin,
        token_endpoint: `${origin}${TOKEN_PATH}`,
        revocation_endpoint: `${origin}${REVOKE_PATH}`,
        introspection_endpoint: `${origin}${INTROSPECT_PATH}`,
        grant_types_supported: ['client_credentials'],
        response_types_supported: [],
        scopes_supported: SCOPES,
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
        token_endpoint_auth_signing_alg_values_supported: ['RS256', 'ES256'],
        dpop_signing_alg_values_supported: ['RS256', 'ES256'],
      },
    };
  },
  'oauth.organization': async ({ services }) => ({
    body: {
      id: await orgIdOf(services.store.read),
      pipeline: 'idx',
      _links: { organization: { href: services.config.publicUrl.origin } },
    },
  }),
} satisfies Record<string, Handler>;
