import { ApiError } from '@sallyport/model/errors';
import type { ClientAddress } from '@sallyport/model/network';
import type { Reason } from '@sallyport/model/reasons';
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
import type { GatewayAnswer } from './gateway-answer.ts';
import type { GatewayApp } from './gateway-app.ts';
import type { AppDoor, AppSlot } from './live-app-sessions.ts';
import { explainRefusal } from './nginx-refusal.ts';
import type { RequestHead } from './request-head.ts';

const PATH = '/gateway/nginx';

const isBackground = (app: GatewayApp, { headers }: RequestHead): boolean => {
  if (headers['x-sallyport-background'] === '1') return true;
  const uri = headers['x-original-uri'];
  return typeof uri === 'string' && app.backgroundPaths.some((path) => uri.startsWith(path));
};

/** Answers a request of nginx, at once or later; false, with nothing said, lets it go on to whoever knows its path. */
export type NginxCheck = (request: RequestHead, answer: GatewayAnswer) => boolean;

/**
 * `/gateway/nginx`, called by nginx's `auth_request` before each request of an app, whatever its method: 200 with who
 * it is, a bare 401, or 403 with a reference. Answered in front of the framework, from memory; a request from the address
 * its session began at costs one hash and three look-ups, and never waits.
 */
export const createNginxCheck = (s: Services): NginxCheck => {
  const addresses = createPlainAddressReader(s.config.trustedProxies, s.config.clientHeader);
  const ignoredName = s.config.clientHeader === 'forwarded' ? 'x-forwarded-for' : 'forwarded';

  const refuse = (answer: GatewayAnswer): void => {
    answer.bare(401);
  };
  const unavailable = (answer: GatewayAnswer): void => {
    // What cannot be judged is not let through, and does not look like a sign-out either (design §4.2).
    answer.bare(503);
  };
  const deny = (answer: GatewayAnswer, reason: Reason, app: GatewayApp | null): void => {
    const reference = `gw-${base62(s.random, 20)}`;
    s.logger.info({ reference, reason, app: app?.id }, 'entry to an app refused');
    answer.bare(403, { 'sallyport-reference': `${reason}.${reference}` });
  };

  const check: (request: RequestHead, answer: GatewayAnswer, door: AppDoor) => void = (request, answer, door) => {
    const { cookie } = request.headers;
    const token = typeof cookie !== 'string' ? null : readSessionCookie(cookie, appCookieName(door.app));
    if (token === null || token === 'repeated') return refuse(answer);
    const packed = addresses.read(request);
    let client: ClientAddress | null = packed === -1 ? readClient(request, s.config) : null;
    const address = client === null ? packed : client.kind === 'known' ? client.address : null;
    const hash = tokenHash(token);
    const isPolling = isBackground(door.app, request);
    const result = checkInTables(door, s.sessions.table, hash, address, s.clock.now(), isPolling);
    const code = codeOf(result);
    if (code === CHECK.HOLD) return answer.allow(door.slots[slotOf(result)] as AppSlot);
    if (code === CHECK.SESSION_UNKNOWN) return refuse(answer);
    client ??= readClient(request, s.config);
    checkAppSession(s, door, hash, rawContext(s, request, client, PATH, isPolling)).then(
      (session) => (session === null ? refuse(answer) : answer.allow(session)),
      (error: unknown) => {
        s.logger.error({ err: error }, 'an app session could not be judged');
        unavailable(answer);
      },
    );
  };

  const doorOf = (request: RequestHead): AppDoor | undefined => {
    // Only a trusted proxy may say for which host it asks; what anybody else says is not heard.
    if (!addresses.isTrusted(request)) return undefined;
    const host = request.headers['x-forwarded-host'] ?? request.headers.host;
    return typeof host === 'string' ? s.appSessions.doorOfHost(host) : undefined;
  };

  return (request, answer) => {
    const { url } = request;
    if (url === undefined || !url.startsWith(PATH)) return false;
    if (url !== PATH) return explainRefusal(s, url.slice(PATH.length), doorOf(request), request, answer);
    if (request.headers[ignoredName] !== undefined) countIgnoredHeader();
    const door = doorOf(request);
    if (door === undefined) deny(answer, 'app-unknown', null);
    else if (!door.app.isActive) deny(answer, 'app-inactive', door.app);
    else if (!s.zones.hasBlocklist()) check(request, answer, door);
    else {
      const context = rawContext(s, request, readClient(request, s.config), PATH, true);
      assertNotBlocked(s, { kind: 'anonymous', request: context }).then(
        () => check(request, answer, door),
        (error: unknown) =>
          error instanceof ApiError ? deny(answer, 'network-blocked', door.app) : unavailable(answer),
      );
    }
    return true;
  };
};
