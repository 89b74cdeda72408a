import { authorize } from '@sallyport/decide/roles/authorize';
import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { Services } from '../services.ts';
import { isOpenAt, isPastAt, type Narrow, newestRequests } from './newest-requests.ts';
import { isPlaceSeen, presentBriefly } from './present-request.ts';
import { refusedRequest } from './refuse-request.ts';
import { newestToDecide } from './requests-to-decide.ts';
import { askedFactsOf, type RequestRow } from './store.ts';
import { personBehind } from './why-not-asker.ts';

export interface ListRequests {
  /** What waits for the caller; what they asked for or get; everything, for whoever manages access requests. */
  readonly show?: 'decide' | 'mine' | 'all' | undefined;
  readonly status?: 'OPEN' | 'PAST' | undefined;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

/** `GET /sallyport/v1/requests`: newest first. */
export const listRequests = async (s: Services, principal: Principal, input: ListRequests) => {
  const { show = 'mine', status } = input;
  const limit = pageLimit(input.limit, 20, 100);
  const db = s.store.read;
  const now = s.clock.now();
  const shown = async (rows: readonly RequestRow[]) => {
    const facts = await askedFactsOf(db, rows);
    const requests = [];
    for (const row of rows) {
      const of = facts.get(row.id);
      if (of !== undefined) requests.push(await presentBriefly(db, principal, row, of, now));
    }
    return requests;
  };
  if (show === 'decide') {
    const page = pageOf(await newestToDecide(s, principal, { limit: limit + 1, after: input.after }), limit);
    return { requests: await shown(page.shown), after: page.after };
  }
  const person = personBehind(principal);
  const isManager = authorize(principal, 'okta.governance.accessRequests.manage').kind === 'allow';
  if (show === 'all' && !isManager) throw refusedRequest('permission-missing');
  if (show === 'mine' && person === null) throw new ApiError('E0000006', { detail: 'no person' });
  if (!(await isPlaceSeen(s, principal, input.after))) return { requests: [], after: null };
  const inTime: Narrow = status === 'OPEN' ? isOpenAt(now) : status === 'PAST' ? isPastAt(now) : (query) => query;
  const asked: Narrow = (query) => inTime(query).where('requesterId', '=', person ?? '');
  const got: Narrow = (query) => {
    const whole = inTime(query).where('beneficiaryId', '=', person ?? '');
    // As `isOwnRequest` has it.
    return principal.kind === 'session' ? whole : whole.where('kind', '!=', 'service-account');
  };
  const rows = await newestRequests(db, show === 'mine' ? [asked, got] : [inTime], {
    limit: limit + 1,
    after: input.after,
  });
  const page = pageOf(rows, limit);
  return { requests: await shown(page.shown), after: page.after };
};
