import { parseAddress } from '@sallyport/decide/address/parse-address';
import { authorize } from '@sallyport/decide/roles/authorize';
import { ApiError, invalid } from '@sallyport/model/errors';
import { isIdOf } from '@sallyport/model/ids';
import type { Principal } from '@sallyport/model/principal';
import type { SessionEndReason } from '@sallyport/model/session';
import type { ExpressionBuilder } from 'kysely';
import { pageLimit } from '../http/page-limit.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import type { Row, Tables } from '../store/tables.ts';
import { isUserWithWords } from '../users/store.ts';
import { presentSessionRows, type SessionRow } from './present-session-rows.ts';

export interface ListSessions {
  readonly state?: 'active' | 'ended' | undefined;
  readonly q?: string | undefined;
  readonly userId?: string | undefined;
  readonly reason?: SessionEndReason | undefined;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}
export interface SessionPage {
  readonly sessions: readonly SessionRow[];
  /** Where the next page begins; null after the last. */
  readonly after: string | null;
}

const LIMIT = { usual: 50, max: 200 } as const;
const WORDS_MAX = 8;

/** The instant and the id of the last row that was read: rows that begin or end meanwhile move nobody to another page. */
const decode = (cursor: string): { at: number; id: string } => {
  const [, at, id] = /^(\d{1,15})\.(\w{20})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined)
    throw new ApiError('E0000029', { causes: ['after: use the link of the page before'] });
  return { at: Number(at), id };
};

type Condition = (e: ExpressionBuilder<Tables, 'sessions'>) => ReturnType<typeof e.and>;

/** What was typed is a session, a person by id, an address, or words of a person's names. */
const conditionOf = (q: string): Condition => {
  if (isIdOf('session', q)) return (e) => e.and([e('id', '=', q)]);
  if (isIdOf('user', q)) return (e) => e.and([e('userId', '=', q)]);
  const address = parseAddress(q);
  if (address !== null)
    // Each half by its own index; an `or` of both would read every row.
    return (e) =>
      e.and([
        e(
          'id',
          'in',
          e
            .selectFrom('sessions as found')
            .select('found.id')
            .where('found.signInAddress', '=', address.text)
            .union(e.selectFrom('observations').select('sessionId as id').where('toAddress', '=', address.text)),
        ),
      ]);
  const words = q.split(/\s+/).filter((word) => word !== '');
  if (words.length > WORDS_MAX) throw invalid('q', `at most ${WORDS_MAX} words`);
  return (e) => e.and([e('userId', 'in', e.selectFrom('users').select('id').where(isUserWithWords(words)))]);
};

/** Of the people whose sessions the principal may see; a session may outlive its deleted owner. */
const ofVisiblePeople = (principal: Principal) => (e: ExpressionBuilder<Tables, 'sessions'>) =>
  authorize(principal, 'okta.sessions.read', { kind: 'all' }).kind === 'allow'
    ? e.lit(true)
    : e(
        'userId',
        'in',
        e
          .selectFrom('users')
          .select('users.id')
          .where(whereAllowed(principal, 'okta.sessions.read', 'user')),
      );

const select = (
  s: Services,
  principal: Principal,
  { state, q, userId, reason, after }: ListSessions,
  limit: number,
) => {
  const isEnded = state === 'ended';
  const order = isEnded ? 'endedAt' : 'createdAt';
  let query = s.store.read
    .selectFrom('sessions')
    .selectAll()
    .where('parentId', 'is', null)
    .where('endedAt', isEnded ? 'is not' : 'is', null)
    .where(ofVisiblePeople(principal))
    .orderBy(order, 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (userId !== undefined) query = query.where('userId', '=', userId);
  if (reason !== undefined) query = query.where('endReason', '=', reason);
  if (q !== undefined && q.trim() !== '') query = query.where(conditionOf(q.trim()));
  if (after !== undefined) {
    const last = decode(after);
    query = query.where((e) => e(e.refTuple(order, 'id'), '<', e.tuple(last.at, last.id)));
  }
  return query.execute();
};

/** Time ends a session though nobody wrote it down yet (design §4.5); a list that showed it as active would be wrong. */
const settleOverdue = async (s: Services, rows: readonly Row<'sessions'>[]): Promise<boolean> => {
  const overdue = rows.filter((row) => s.sessions.deadlinesOf(row.id) !== null && !s.sessions.isLive(row.id));
  for (const { id } of overdue) await s.sessions.settle(id);
  return overdue.length > 0;
};

/**
 * `GET /sallyport/v1/sessions`: a page of the sessions of all people, the newest first, or of those that ended.
 * Errors: E0000001 for `reason` of an active one, E0000029 for a cursor that is none.
 */
export const listSessions = async (
  s: Services,
  principal: Principal,
  input: ListSessions,
  currentId: string | null,
): Promise<SessionPage> => {
  const limit = pageLimit(input.limit, LIMIT.usual, LIMIT.max);
  if (input.reason !== undefined && input.state !== 'ended')
    throw invalid('reason', 'only a session that has ended has one: ask with state=ended');
  let rows = await select(s, principal, input, limit + 1);
  if (input.state !== 'ended' && (await settleOverdue(s, rows))) rows = await select(s, principal, input, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const at = (input.state === 'ended' ? last?.endedAt : last?.createdAt) ?? 0;
  return {
    sessions: await presentSessionRows(s, shown, currentId),
    after: rows.length > limit && last !== undefined ? `${at}.${last.id}` : null,
  };
};
