import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '@sallyport/model/errors';
import type { ClientAddress } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import { base62 } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { readSessionCookie } from '../sessions/read-session-cookie.ts';
import type { RawHandler } from './build-router.ts';
import { readClient } from './read-client.ts';
import { createSessionCheckHandler, type OpenCheck } from './session-check-handler.ts';
import type { CookieName } from './session-cookie.ts';
import { assertNotBlocked } from './steps/refuse-blocked-network.ts';

const PATH = '/gateway/check';
const USER_AGENT_MAX = 512;

/**
 * The session check in front of the framework: `GET /gateway/check` and nothing else. What the table alone cannot pass is
 * judged by the same function as every API request.
 */
export const createSessionCheck = (s: Services, { cookieName }: { readonly cookieName: CookieName }): RawHandler => {
  const contextOf = (request: IncomingMessage, client: ClientAddress, isBackground: boolean): RequestContext => ({
    requestId: `gw-${base62(s.random, 20)}`,
    client,
    isBackground,
    method: 'GET',
    path: PATH,
    network: client.kind === 'known' ? s.intel.resolve(client.address) : null,
    place: client.kind === 'known' ? s.intel.placeOf(client.address) : { country: null, countryCode: null },
    userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_MAX),
  });
  const judge = async ({ request, client, isBackground }: OpenCheck): Promise<boolean> => {
    const token = readSessionCookie(request.headers.cookie ?? '', cookieName);
    if (token === null || token === 'repeated') return false;
    const session = await s.sessions.check(token, contextOf(request, client, isBackground));
    return session?.hasConsole ?? false;
  };
  const check = createSessionCheckHandler({
    table: s.sessions.table,
    cookieName,
    trusted: s.config.trustedProxies,
    headerName: s.config.clientHeader,
    clock: s.clock,
    wantsConsole: true,
    onNeedsJudgement: judge,
  });
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' || request.url !== PATH) return false;
    if (!s.zones.hasBlocklist()) {
      check(request, response);
      return true;
    }
    const context = contextOf(request, readClient(request, s.config), true);
    assertNotBlocked(s, { kind: 'anonymous', request: context }).then(
      () => check(request, response),
      (error: unknown) =>
        response
          .writeHead(error instanceof ApiError ? error.status : 503, {
            'content-length': '0',
            'cache-control': 'no-store',
          })
          .end(),
    );
    return true;
  };
};
