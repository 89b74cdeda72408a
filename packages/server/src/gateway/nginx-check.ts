import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
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
import { safeReturnTarget } from './return-target.ts';

const PATH = '/gateway/nginx';
const BARE = { 'content-length': '0', 'cache-control': 'no-store' } as const;

/** Is there a person at a page who can be sent to sign in? A program is told 401 and nothing else. */
const isNavigation = (headers: IncomingHttpHeaders): boolean => {
  const method = headers['x-original-method'];
  if (method !== 'GET' && method !== 'HEAD') return false;
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate';
  return headers['x-requested-with'] === undefined && (headers.accept ?? '').includes('text/html');
};

const originalUri = (headers: IncomingHttpHeaders): string => {
  const uri = headers['x-original-uri'];
  return typeof uri === 'string' ? uri : '/';
};

const isBackground = (app: GatewayApp, headers: IncomingHttpHeaders): boolean => {
  if (headers['x-sallyport-background'] === '1') return true;
  if (app.backgroundPaths.length === 0) return false;
  const uri = originalUri(headers);
  return app.backgroundPaths.some((path) => uri.startsWith(path));
};

/** Where a person begins to sign in for an app, so that they come back to where they are. */
export const startAddress = (app: Pick<GatewayApp, 'origin'>, uri: string): string =>
  `${app.origin}/.sallyport/start?rd=${encodeURIComponent(safeReturnTarget(uri, app.origin))}`;

/**
 * `/gateway/nginx`, called by nginx's `auth_request` before each request of an app, whatever its method: 200 with who
 * it is, 401 (and for a person the address to sign in at), or 403 with a reference. Answered in front of the framework,
 * from memory; a request from the address its session began at costs one hash and three look-ups, and never waits.
 */
export const createNginxCheck = (s: Services): RawHandler => {
  const addresses = createPlainAddressReader(s.config.trustedProxies, s.config.clientHeader);
  const ignoredName = s.config.clientHeader === 'forwarded' ? 'x-forwarded-for' : 'forwarded';

  const allow = (response: ServerResponse, session: AppSlot): void => {
    response.writeHead(200, session.head as string[]).end();
  };
  const unavailable = (response: ServerResponse): void => {
    // What cannot be judged is not let through, and does not look like a sign-out either (design §4.2).
    response.writeHead(503, BARE).end();
  };
  const refuse = (request: IncomingMessage, response: ServerResponse, app: GatewayApp): void => {
    if (!isNavigation(request.headers)) return void response.writeHead(401, BARE).end();
    const address = startAddress(app, originalUri(request.headers));
    response.writeHead(401, { ...BARE, 'sallyport-sign-in': address }).end();
  };
  const deny = (request: IncomingMessage, response: ServerResponse, reason: Reason, app: GatewayApp | null): void => {
    const reference = `gw-${base62(s.random, 20)}`;
    s.logger.info({ reference, reason, app: app?.id }, 'entry to an app refused');
    const query = new URLSearchParams({ reason, reference, ...(app === null ? {} : { app: app.id }) });
    const denied = isNavigation(request.headers)
      ? { 'sallyport-denied': `${s.config.publicUrl.origin}/denied?${query}` }
      : {};
    response.writeHead(403, { ...BARE, 'sallyport-reference': reference, ...denied }).end();
  };

  const check: (request: IncomingMessage, response: ServerResponse, door: AppDoor) => void = (
    request,
    response,
    door,
  ) => {
    const { headers } = request;
    const cookie = headers.cookie;
    const token = cookie === undefined ? null : readSessionCookie(cookie, appCookieName(door.app));
    if (token === null || token === 'repeated') return refuse(request, response, door.app);
    const packed = addresses.read(request);
    let client: ClientAddress | null = packed === -1 ? readClient(request, s.config) : null;
    const address = client === null ? packed : client.kind === 'known' ? client.address : null;
    const hash = tokenHash(token);
    const isPolling = isBackground(door.app, headers);
    const result = checkInTables(door, s.sessions.table, hash, address, s.clock.now(), isPolling);
    const code = codeOf(result);
    if (code === CHECK.HOLD) return allow(response, door.slots[slotOf(result)] as AppSlot);
    if (code === CHECK.SESSION_UNKNOWN) return refuse(request, response, door.app);
    client ??= readClient(request, s.config);
    checkAppSession(s, door, hash, rawContext(s, request, client, PATH, isPolling)).then(
      (session) => (session === null ? refuse(request, response, door.app) : allow(response, session)),
      (error: unknown) => {
        s.logger.error({ err: error }, 'an app session could not be judged');
        unavailable(response);
      },
    );
  };

  return (request, response) => {
    if (request.url !== PATH) return false;
    if (request.headers[ignoredName] !== undefined) countIgnoredHeader();
    // Only a trusted proxy may say for which host it asks; what anybody else says is not heard.
    const host = addresses.isTrusted(request) ? request.headers['x-forwarded-host'] : undefined;
    const door = typeof host === 'string' ? s.appSessions.doorOfHost(host) : undefined;
    if (door === undefined) deny(request, response, 'app-unknown', null);
    else if (!door.app.isActive) deny(request, response, 'app-inactive', door.app);
    else if (!s.zones.hasBlocklist()) check(request, response, door);
    else {
      const context = rawContext(s, request, readClient(request, s.config), PATH, true);
      assertNotBlocked(s, { kind: 'anonymous', request: context }).then(
        () => check(request, response, door),
        (error: unknown) =>
          error instanceof ApiError ? deny(request, response, 'network-blocked', door.app) : unavailable(response),
      );
    }
    return true;
  };
};
