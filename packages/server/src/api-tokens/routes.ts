import { ApiError } from '@sallyport/model/errors';
import type { ActionName } from '@sallyport/model/protected-actions';
import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { createApiToken } from './create-api-token.ts';
import { type ListTokenUse, listTokenUse } from './list-token-use.ts';
import { getApiToken, listApiTokens, revokeApiToken, revokeCurrentToken, updateApiToken } from './manage-api-tokens.ts';
import { endOldSecret, rotateApiToken } from './rotate-api-token.ts';
import type { TokenNetworkInput } from './token-network.ts';

export const apiTokenHandlers = {
  'apiTokens.list': async ({ services, principal, query }) => {
    const { tokens, after } = await listApiTokens(services, principal, query);
    return { body: tokens, headers: pageLinks(services.config.publicUrl.origin, '/api/v1/api-tokens', query, after) };
  },
  'apiTokens.listUse': async ({ services, principal, query }) => {
    const { tokens, after } = await listTokenUse(services, principal, query as ListTokenUse);
    return {
      body: tokens,
      headers: pageLinks(services.config.publicUrl.origin, '/sallyport/v1/api-tokens', query, after),
    };
  },
  'apiTokens.create': async ({ services, principal, body }) => {
    // A stolen token makes itself no successor: that action was allowed to it by name, or a human approved this very one.
    if (principal.kind !== 'session' && principal.kind !== 'token')
      throw new ApiError('E0000006', { causes: ['A token is made by a person.'] });
    const { name, purpose, network, anywhereReason, protectedActions } = body as {
      name: string;
      purpose: string;
      network: TokenNetworkInput;
      anywhereReason?: string;
      protectedActions?: readonly ActionName[];
    };
    return {
      body: await createApiToken(services, principal, {
        name,
        purpose,
        network,
        anywhereReason,
        ownerId: principal.userId,
        ttlSeconds: null,
        protectedActions: protectedActions ?? [],
      }),
    };
  },
  'apiTokens.revokeCurrent': async ({ services, principal }) => {
    await revokeCurrentToken(services, principal);
    return {};
  },
  'apiTokens.get': async ({ services, principal, params }) => ({
    body: await getApiToken(services, principal, params['apiTokenId'] ?? ''),
  }),
  'apiTokens.update': async ({ services, principal, params, body }) => ({
    body: await updateApiToken(
      services,
      principal,
      params['apiTokenId'] ?? '',
      body as Parameters<typeof updateApiToken>[3],
    ),
  }),
  'apiTokens.rotate': async ({ services, principal, params, body }) => ({
    body: await rotateApiToken(services, principal, params['apiTokenId'] ?? '', body as { overlapHours: number }),
  }),
  'apiTokens.endOldSecret': async ({ services, principal, params }) => {
    await endOldSecret(services, principal, params['apiTokenId'] ?? '');
    return {};
  },
  'apiTokens.revoke': async ({ services, principal, params }) => {
    await revokeApiToken(services, principal, params['apiTokenId'] ?? '');
    return {};
  },
} satisfies Record<string, Handler>;
