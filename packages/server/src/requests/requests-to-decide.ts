/** Which open requests wait for somebody: a look through all of them in a few questions, however many there are. */
import { judgeAsked, type RequestDecider } from '@sallyport/decide/requests/judge-request-decision';
import { matchApprover } from '@sallyport/decide/requests/match-approver';
import type { Account, ApproverRule, AskedFacts } from '@sallyport/model/access-request';
import type { Principal } from '@sallyport/model/principal';
import type { DuePlace } from '../http/due-place.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { askedUser } from './hands.ts';
import { isOpenAt, type Narrow, newestRequests } from './newest-requests.ts';
import { isPlaceSeen } from './present-request.ts';
import { askedFactsOf, type RequestRow, stepsOf } from './store.ts';

/** Open requests that are looked at together. */
const AT_ONCE = 500;

export interface RequestToDecide {
  readonly row: RequestRow;
  readonly facts: AskedFacts;
  /** The id of somebody whose vote it would be. */
  readonly insteadOf: string | null;
}

const NOTHING_RELATED = { managerId: null, ownerUserIds: [], ownerGroupIds: [] };

/** Whoever looks, and what the store can leave out for them; null where nothing can wait. */
const lookerOf = async (db: Transaction, principal: Principal, now: number) => {
  if (principal.kind !== 'session' || !principal.hasConsole) return null;
  const { userId } = principal;
  // Requests of one sequence have one text of steps: there are few of them, however many requests wait.
  const texts = await db
    .selectFrom('requests')
    .select('steps')
    .distinct()
    .where('outcome', 'is', null)
    .where('decideBy', '>', now)
    .execute();
  if (texts.length === 0) return null;
  const decider = await askedUser(db, userId, now);
  const voices = [decider, ...decider.seats.map(({ holder }) => holder)];
  // Who manages whom, and who owns what, is another thing for each request.
  const mayName = (rule: ApproverRule | undefined): boolean =>
    rule !== undefined &&
    (rule.by === 'manager' || rule.by === 'owner' || voices.some((who) => matchApprover(rule, who, NOTHING_RELATED)));
  const naming = texts.filter((text) =>
    stepsOf(text).some(({ approvers, escalateTo }) => mayName(approvers) || mayName(escalateTo)),
  );
  const isMaybeAsked: Narrow = (query) =>
    isOpenAt(now)(query)
      .where('requesterId', '!=', userId)
      .where('beneficiaryId', '!=', userId)
      .where((e) =>
        e.or([
          e('steps', 'in', ['', ...naming.map(({ steps }) => steps)]),
          e.exists(
            e
              .selectFrom('requestTasks')
              .select('requestTasks.id')
              .whereRef('requestTasks.requestId', '=', 'requests.id')
              .where('assignees', 'like', `%"${userId}"%`),
          ),
        ]),
      )
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('requestDecisions')
              .select('deciderId')
              .whereRef('requestDecisions.requestId', '=', 'requests.id')
              .where('deciderId', '=', userId),
          ),
        ),
      );
  return { decider, isMaybeAsked };
};

type NextOpen = (last: RequestRow | undefined, limit: number) => Promise<RequestRow[]>;

/** Of what is looked through those that wait for somebody, so many at most. */
const lookThrough = async (
  db: Transaction,
  decider: RequestDecider<Account>,
  now: number,
  limit: number,
  next: NextOpen,
): Promise<RequestToDecide[]> => {
  const found: RequestToDecide[] = [];
  // Mostly what the store leaves over waits for them; where it does not, more is looked at together.
  let size = Math.min(limit, AT_ONCE);
  let last: RequestRow | undefined;
  for (;;) {
    const rows = await next(last, size);
    const facts = await askedFactsOf(db, rows);
    for (const row of rows) {
      const ask = facts.get(row.id);
      const asked = ask === undefined ? null : judgeAsked({ ask, decider, now });
      if (ask !== undefined && asked !== null) found.push({ row, facts: ask, insteadOf: asked.insteadOf });
      if (found.length >= limit) return found;
    }
    if (rows.length < size) return found;
    size = AT_ONCE;
    last = rows.at(-1);
  }
};

/** Open requests that this very person may decide now, newest first, so many; after one of them where that is given. */
export const newestToDecide = async (
  s: Services,
  principal: Principal,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<readonly RequestRow[]> => {
  const [db, now] = [s.store.read, s.clock.now()];
  const looker = await lookerOf(db, principal, now);
  if (looker === null || !(await isPlaceSeen(s, principal, after))) return [];
  const found = await lookThrough(db, looker.decider, now, limit, (last, size) =>
    newestRequests(db, [looker.isMaybeAsked], { limit: size, after: last?.id ?? after }),
  );
  return found.map(({ row }) => row);
};

/** The same, the first to run out first, after a place. */
export const firstDueToDecide = async (
  s: Services,
  principal: Principal,
  { limit, after }: { readonly limit: number; readonly after: DuePlace | null },
): Promise<readonly RequestToDecide[]> => {
  const [db, now] = [s.store.read, s.clock.now()];
  const looker = await lookerOf(db, principal, now);
  if (looker === null) return [];
  return lookThrough(db, looker.decider, now, limit, (last, size) => {
    const place = last === undefined ? after : { dueAt: Number(last.decideBy), id: last.id };
    const open = looker.isMaybeAsked(db.selectFrom('requests').selectAll());
    return (
      place === null ? open : open.where((e) => e(e.refTuple('decideBy', 'id'), '>', e.tuple(place.dueAt, place.id)))
    )
      .orderBy('decideBy')
      .orderBy('id')
      .limit(size)
      .execute();
  });
};
