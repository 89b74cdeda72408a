import { ApiError } from '@sallyport/model/errors';
import type { Rights } from '@sallyport/model/rights';
import { resolveApiToken } from '../../api-tokens/resolve-api-token.ts';
import { isCliToken } from '../../cli-sessions/cli-token.ts';
import { ACCESS_TOKEN_PREFIX } from '../../oauth/access-token.ts';
import { resolveAccessToken } from '../../oauth/resolve-access-token.ts';
import { rightsOfSession } from '../../roles/standing-rights.ts';
import { proofRequired } from '../../sessions/proof-required.ts';
import { readSessionCookie } from '../../sessions/read-session-cookie.ts';
import type { Exchange, Step } from '../exchange.ts';
import { headerLines } from '../read-client.ts';
import { cookieName } from '../session-cookie.ts';

const NOTHING: Rights = { roles: [], permissions: new Set(), grants: [] };

/** The session of a secret becomes the principal; false when there is none here and now. */
const takeSession = async (exchange: Exchange, secret: string): Promise<boolean> => {
  const { services: s, context } = exchange;
  const session = await s.sessions.check(secret, context);
  if (session === null) return false;
  exchange.sessionToken = secret;
  const rights = session.hasConsole ? await rightsOfSession(s.store.read, session.userId, s.clock.now()) : NOTHING;
  exchange.principal = {
    kind: 'session',
    userId: session.userId,
    sessionId: session.id,
    hasConsole: session.hasConsole,
    ...rights,
    request: context,
  };
  return true;
};

/**
 * One credential a request: an `Authorization` header wins over a cookie, two `Authorization` lines or two session
 * cookies are refused (an attacker who can plant a cookie must not choose which one counts).
 */
export const identifyPrincipal: Step = {
  name: 'identify-principal',
  async run(exchange) {
    const { services: s, request, context, route } = exchange;
    const authorization = headerLines(request.raw, 'authorization');
    if (authorization.length > 1) throw new ApiError('E0000011', { detail: 'two Authorization headers' });
    if (authorization[0] !== undefined) {
      const [, given, secret = ''] = /^(SSWS|Bearer|DPoP) (\S{20,200})$/i.exec(authorization[0]) ?? [];
      const scheme = given?.toLowerCase();
      if (scheme === undefined) throw new ApiError('E0000011', { detail: 'authorization scheme' });
      if (scheme === 'ssws') exchange.principal = await resolveApiToken(s, secret, context, route);
      else if (scheme === 'dpop' || secret.startsWith(ACCESS_TOKEN_PREFIX))
        exchange.principal = await resolveAccessToken(
          s,
          {
            scheme: scheme as 'bearer' | 'dpop',
            secret,
            proofs: headerLines(request.raw, 'dpop'),
            method: request.method,
            path: request.raw.url?.split('?', 1)[0] ?? '',
          },
          context,
        );
      else if (!isCliToken(secret) || !(await takeSession(exchange, secret)))
        throw new ApiError('E0000011', { detail: 'bearer token' });
      return;
    }
    const cookies = headerLines(request.raw, 'cookie').join('; ');
    const token = readSessionCookie(cookies, cookieName(s.config));
    if (token === 'repeated') throw new ApiError('E0000011', { detail: 'two session cookies' });
    if (token === null) return;
    if (isCliToken(token) || !(await takeSession(exchange, token))) {
      const asked = isCliToken(token) ? null : s.sessions.proofAsked(token, context);
      if (asked !== null) exchange.proofAsked = asked;
      // A sign-in begins anew whatever cookie is left over; `/sessions/me` is 404 for real clients.
      if (route.access.kind === 'anonymous') return;
      if (asked !== null) throw proofRequired(asked);
      throw route.path.startsWith('/api/v1/sessions/me')
        ? new ApiError('E0000007', { args: ['me (Session)'] })
        : new ApiError('E0000011', { detail: 'session' });
    }
  },
};
