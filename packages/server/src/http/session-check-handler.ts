import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RangeSet } from '@sallyport/decide/address/address-range';
import type { ClientAddress } from '@sallyport/model/network';
import { isCliToken } from '../cli-sessions/cli-token.ts';
import type { Clock } from '../ports/clock.ts';
import { CHECK, type CheckResult, codeOf } from '../sessions/check-result.ts';
import { readSessionCookie } from '../sessions/read-session-cookie.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import { tokenHash } from '../sessions/token-hash.ts';
import { countIgnoredHeader } from './metrics.ts';
import { createPlainAddressReader } from './plain-address.ts';
import { readClient } from './read-client.ts';

/** A check that the table alone could not pass; `codeOf(result)` says why. */
export interface OpenCheck {
  readonly result: CheckResult;
  readonly client: ClientAddress;
  readonly request: IncomingMessage;
  readonly isBackground: boolean;
}
export interface SessionCheckOptions {
  readonly table: SessionTable;
  readonly cookieName: string;
  readonly trusted: RangeSet;
  /** The one header that a trusted proxy writes the client's address to. */
  readonly headerName: 'x-forwarded-for' | 'forwarded';
  readonly clock: Clock;
  /** Where the session at the gate must have passed the console's policy too. */
  readonly wantsConsole?: boolean;
  /**
   * Judges what is no plain yes: another address (`bindSession`, then `table.pass`), and sessions to end with an event
   * (expired, superseded token). True lets the request through; false, or failing, does not.
   */
  readonly onNeedsJudgement: (open: OpenCheck) => boolean | Promise<boolean>;
}

const HEADERS = { 'content-length': '0', 'cache-control': 'no-store' };
const answer = (response: ServerResponse, status: 200 | 401 | 503): void => {
  response.writeHead(status, HEADERS).end();
};

/**
 * `GET /gateway/check` for a proxy's forward auth, and the measure of all doors: 200 or a bare 401, as a raw handler in
 * front of the framework. A request from the address its session is bound to costs one hash and one look-up, and
 * never waits.
 */
export const createSessionCheckHandler = (
  options: SessionCheckOptions,
): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const { table, cookieName, trusted, headerName, clock, wantsConsole = false } = options;
  const ignoredName = headerName === 'forwarded' ? 'x-forwarded-for' : 'forwarded';
  const readerConfig = { trustedProxies: trusted, clientHeader: headerName };
  const plainAddress = createPlainAddressReader(trusted, headerName);

  return (request, response) => {
    // Ignored, but counted: it may be a proxy that was set up for the other header (design §4.9).
    if (request.headers[ignoredName] !== undefined) countIgnoredHeader();
    const cookie = request.headers.cookie;
    const token = cookie === undefined ? null : readSessionCookie(cookie, cookieName);
    if (token === null || token === 'repeated' || isCliToken(token)) return answer(response, 401);
    const isBackground = request.headers['x-sallyport-background'] === '1';
    const packed = plainAddress.read(request);
    let client = packed === -1 ? readClient(request, readerConfig) : null;
    const address = client === null ? packed : client.kind === 'known' ? client.address : null;
    const result = table.check(tokenHash(token), address, clock.now(), isBackground, wantsConsole);
    const code = codeOf(result);
    if (code === CHECK.HOLD) return answer(response, 200);
    if (code === CHECK.SESSION_UNKNOWN) return answer(response, 401);
    client ??= readClient(request, readerConfig);
    return settle(options, { result, client, request, isBackground }, response);
  };
};

const settle = (options: SessionCheckOptions, open: OpenCheck, response: ServerResponse): void => {
  const finish = (isLetThrough: boolean): void => answer(response, isLetThrough ? 200 : 401);
  // What cannot be judged is not let through, and does not look like a sign-out either (design §4.2).
  const fail = (): void => answer(response, 503);
  try {
    const judged = options.onNeedsJudgement(open);
    if (typeof judged === 'boolean') finish(judged);
    else judged.then(finish, fail);
  } catch {
    fail();
  }
};
