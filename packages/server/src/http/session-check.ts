import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '@sallyport/model/errors';
import type { Services } from '../services.ts';
import { readSessionCookie } from '../sessions/read-session-cookie.ts';
import type { RawHandler } from './build-router.ts';
import { rawContext } from './raw-context.ts';
import { readClient } from './read-client.ts';
import { createSessionCheckHandler, type OpenCheck } from './session-check-handler.ts';
import type { CookieName } from './session-cookie.ts';
import { assertNotBlocked } from './steps/refuse-blocked-network.ts';

const PATH = '/gateway/check';

/**
 * The session check in front of the framework: `GET /gateway/check` and nothing else. What the table alone cannot pass is
 * judged by the same function as every API request.
 */
export const createSessionCheck = (s: Services, { cookieName }: { readonly cookieName: CookieName }): RawHandler => {
  const judge = async ({ request, client, isBackground }: OpenCheck): Promise<boolean> => {
    const token = readSessionCookie(request.headers.cookie ?? '', cookieName);
    if (token === null || token === 'repeated') return false;
    const session = await s.sessions.check(token, rawContext(s, request, client, PATH, isBackground));
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
    const context = rawContext(s, request, readClient(request, s.config), PATH, true);
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
