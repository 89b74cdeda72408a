import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '@sallyport/model/errors';
import type { ClientAddress } from '@sallyport/model/network';
import type { Reason } from '@sallyport/model/reasons';
import type { RawHandler } from '../http/build-router.ts';
import { countIgnoredHeader } from '../http/metrics.ts';
import { createPlainAddressReader } from '../http/plain-address.ts';
import { rawContext } from '../http/raw-context.ts';
import { readClient } from '../http/read-client.ts';
import { assertNotBlocked } from '../http/steps/refuse-blocked-network.ts';
import { base62 } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { CHECK, codeOf, slotOf } from '../sessions/check-result.ts';
import { readSessionCookie } from '../sessions/read-session-cookie.ts';
import { tokenHash } from '../sessions/token-hash.ts';
import { checkAppSession, checkInTables } from './check-app-session.ts';
import { appCookieName } from './cookies.ts';
import type { GatewayApp } from './gateway-app.ts';
import type { AppDoor, AppSlot } from './live-app-sessions.ts';
import { explainRefusal } from './nginx-refusal.ts';

const PATH = '/gateway/nginx';
const BARE = { 'content-length': '0', 'cache-control': 'no-store' } as const;

const isBackground = (app: GatewayApp, { headers }: IncomingMessage): boolean => {
  if (headers['x-sallyport-background'] === '1') return true;
  const uri = headers['x-original-uri'];
  return typeof uri === 'string' && app.backgroundPaths.some((path) => uri.startsWith(path));
};

/**
 * `/gateway/nginx`, called by nginx's `auth_request` before each request of an app, whatever its method: 200 with who
 * it is, a bare 401, or 403 with a reference. Answered in front of the framework, from memory; a request from the address
 * its session began at costs one hash and three look-ups, and never waits.
 */
export const createNginxCheck = (s: Services): RawHandler => {
  const addresses = createPlainAddressReader(s.config.trustedProxies, s.config.clientHeader);
  const ignoredName = s.config.clientHeader === 'forwarded' ? 'x-forwarded-for' : 'forwarded';

  const allow = (response: ServerResponse, session: AppSlot): void => {
    // HTTP/1.1 keeps connections by itself, and nobody reads the date of this answer: each line costs both sides.
    response.sendDate = false;
    response.removeHeader('connection');
    response.writeHead(200, session.head as string[]).end();
  };
  const refuse = (response: ServerResponse): void => {
    response.writeHead(401, BARE).end();
  };
  const unavailable = (response: ServerResponse): void => {
    // What cannot be judged is not let through, and does not look like a sign-out either (design §4.2).
    response.writeHead(503, BARE).end();
  };
  const deny = (response: ServerResponse, reason: Reason, app: GatewayApp | null): void => {
    const reference = `gw-${base62(s.random, 20)}`;
    s.logger.info({ reference, reason, app: app?.id }, 'entry to an app refused');
    response.writeHead(403, { ...BARE, 'sallyport-reference': `${reason}.${reference}` }).end();
  };

  const check: (request: IncomingMessage, response: ServerResponse, door: AppDoor) => void = (
    request,
    response,
    door,
  ) => {
    const { cookie } = request.headers;
    const token = cookie === undefined ? null : readSessionCookie(cookie, appCookieName(door.app));
    if (token === null || token === 'repeated') return refuse(response);
    const packed = addresses.read(request);
    let client: ClientAddress | null = packed === -1 ? readClient(request, s.config) : null;
    const address = client === null ? packed : client.kind === 'known' ? client.address : null;
    const hash = tokenHash(token);
    const isPolling = isBackground(door.app, request);
    const result = checkInTables(door, s.sessions.table, hash, address, s.clock.now(), isPolling);
    const code = codeOf(result);
    if (code === CHECK.HOLD) return allow(response, door.slots[slotOf(result)] as AppSlot);
    if (code === CHECK.SESSION_UNKNOWN) return refuse(response);
    client ??= readClient(request, s.config);
    checkAppSession(s, door, hash, rawContext(s, request, client, PATH, isPolling)).then(
      (session) => (session === null ? refuse(response) : allow(response, session)),
      (error: unknown) => {
        s.logger.error({ err: error }, 'an app session could not be judged');
        unavailable(response);
      },
    );
  };

  const doorOf = (request: IncomingMessage): AppDoor | undefined => {
    // Only a trusted proxy may say for which host it asks; what anybody else says is not heard.
    if (!addresses.isTrusted(request)) return undefined;
    const host = request.headers['x-forwarded-host'] ?? request.headers.host;
    return typeof host === 'string' ? s.appSessions.doorOfHost(host) : undefined;
  };

  return (request, response) => {
    const { url } = request;
    if (url === undefined || !url.startsWith(PATH)) return false;
    if (url !== PATH) return explainRefusal(s, url.slice(PATH.length), doorOf(request), request, response);
    if (request.headers[ignoredName] !== undefined) countIgnoredHeader();
    const door = doorOf(request);
    if (door === undefined) deny(response, 'app-unknown', null);
    else if (!door.app.isActive) deny(response, 'app-inactive', door.app);
    else if (!s.zones.hasBlocklist()) check(request, response, door);
    else {
      const context = rawContext(s, request, readClient(request, s.config), PATH, true);
      assertNotBlocked(s, { kind: 'anonymous', request: context }).then(
        () => check(request, response, door),
        (error: unknown) =>
          error instanceof ApiError ? deny(response, 'network-blocked', door.app) : unavailable(response),
      );
    }
    return true;
  };
};
