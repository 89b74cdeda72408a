import { authorize } from '@sallyport/decide/roles/authorize';
import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { Services } from '../services.ts';
import { isOpenAt, isPastAt, type Narrow, newestRequests } from './newest-requests.ts';
import { decidingOf, presentBriefly, verdictsOf } from './present-request.ts';
import { refusedRequest } from './refuse-request.ts';
import { factsOf, type RequestRow } from './store.ts';
import { personBehind } from './why-not-asker.ts';

export interface ListRequests {
  /** What waits for the caller; what they asked for or get; everything, for whoever manages access requests. */
  readonly show?: 'decide' | 'mine' | 'all' | undefined;
  readonly status?: 'OPEN' | 'PAST' | undefined;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

/** Open requests that an inbox looks through at once. */
const AT_ONCE = 500;

/** Open requests that this very person may decide now, newest first, so many; after one of them where that is given. */
export const requestsToDecide = async (
  s: Services,
  principal: Principal,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<RequestRow[]> => {
  if (principal.kind !== 'session' || !principal.hasConsole) return [];
  const now = s.clock.now();
  const db = s.store.read;
  const next = (from: string | undefined) => newestRequests(db, [isOpenAt(now)], { limit: AT_ONCE, after: from });
  let open = await next(after);
  if (open.length === 0) return [];
  const deciding = await decidingOf(db, principal, now);
  const mine: RequestRow[] = [];
  while (open.length > 0) {
    for (const row of open) {
      const { approve, deny } = verdictsOf(deciding, row, await factsOf(db, row, now));
      // What was given to others waits for these: whom the step named may say no, and is not asked.
      if (approve.isAllowed || (deny.isAllowed && approve.reason !== 'request-reassigned')) mine.push(row);
      if (mine.length >= limit) return mine;
    }
    open = open.length < AT_ONCE ? [] : await next(open.at(-1)?.id);
  }
  return mine;
};

/** `GET /sallyport/v1/requests`: newest first. */
export const listRequests = async (s: Services, principal: Principal, input: ListRequests) => {
  const { show = 'mine', status } = input;
  const limit = pageLimit(input.limit, 20, 100);
  const db = s.store.read;
  const now = s.clock.now();
  const shown = async (rows: readonly RequestRow[]) => {
    const requests = [];
    for (const row of rows) requests.push(await presentBriefly(db, row, await factsOf(db, row, now), now));
    return requests;
  };
  if (show === 'decide') {
    const page = pageOf(await requestsToDecide(s, principal, { limit: limit + 1, after: input.after }), limit);
    return { requests: await shown(page.shown), after: page.after };
  }
  const person = personBehind(principal);
  const isManager = authorize(principal, 'okta.governance.accessRequests.manage').kind === 'allow';
  if (show === 'all' && !isManager) throw refusedRequest('permission-missing');
  if (show === 'mine' && person === null) throw new ApiError('E0000006', { detail: 'no person' });
  const inTime: Narrow = status === 'OPEN' ? isOpenAt(now) : status === 'PAST' ? isPastAt(now) : (query) => query;
  const own =
    (whose: 'requesterId' | 'beneficiaryId'): Narrow =>
    (query) =>
      inTime(query).where(whose, '=', person ?? '');
  const rows = await newestRequests(db, show === 'mine' ? [own('requesterId'), own('beneficiaryId')] : [inTime], {
    limit: limit + 1,
    after: input.after,
  });
  const page = pageOf(rows, limit);
  return { requests: await shown(page.shown), after: page.after };
};
