import { judgeApproval } from '@sallyport/decide/protected-actions/judge-approval';
import { toIso } from '@sallyport/model/instant';
import { type Caller, type Principal, subjectOf } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Rights } from '@sallyport/model/rights';
import type { DuePlace } from '../http/due-place.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { RequestParts } from '../protected-actions/action-digest.ts';
import { presentAction, proofStatus } from '../protected-actions/present-proof.ts';
import type { Services } from '../services.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { approverRights } from './approver-rights.ts';
import { type Ask, approverOf, askFacts, type Eligible, eligibleApprovers, findAsk } from './store.ts';
import { createTies, tiedToAsker } from './ties.ts';
import { assertSees, readerOf } from './who-sees.ts';

export interface ListApprovals {
  /** What the caller may decide, or what they and their tokens asked for. */
  readonly show?: 'decide' | 'asked' | undefined;
  readonly status?: 'WAITING' | 'PAST' | undefined;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

/** As far as SQL knows what somebody may decide; the judgement says the rest for each one. */
const asks = (s: Services, who: Caller, { show = 'decide', status }: ListApprovals) => {
  const now = s.clock.now();
  let query = s.store.read
    .selectFrom('actionProofs')
    .selectAll()
    .where('needsApproval', '=', 1)
    .where((e) => e.or([e('needsKey', '=', 0), e('provedAt', 'is not', null)]));
  query =
    show === 'asked'
      ? query.where('userId', '=', subjectOf(who))
      : query
          .where((e) => e.or([e('requesterKind', '!=', 'session'), e('userId', '!=', subjectOf(who))]))
          .where((e) =>
            e.or([
              e('permission', 'in', ['', ...who.permissions]),
              ...(who.roles.includes('SUPER_ADMIN') ? [e('permission', 'is', null)] : []),
            ]),
          );
  const waiting = query.where('decision', 'is', null).where('closedAt', 'is', null).where('expiresAt', '>', now);
  if (status === 'WAITING') return waiting;
  return status === 'PAST'
    ? query.where((e) =>
        e.or([e('decision', 'is not', null), e('closedAt', 'is not', null), e('expiresAt', '<=', now)]),
      )
    : query;
};

const personNamed = async (s: Services, id: string) => {
  const user = await s.store.read
    .selectFrom('users')
    .select(['id', 'login', 'profile'])
    .where('id', '=', id)
    .executeTakeFirst();
  return user === undefined ? { id, login: null, name: 'somebody who was deleted' } : named(user);
};
const named = ({ id, login, profile }: Eligible) => ({
  id,
  login,
  name: displayNameOf(JSON.parse(profile) as Parameters<typeof displayNameOf>[0], login),
});

/** Who asks: a person, one of their tokens, or a service app. */
export const presentAsker = async (s: Services, row: Ask) => {
  if (row.requesterKind === 'service-app') {
    const app = await s.store.read.selectFrom('apps').select('label').where('id', '=', row.userId).executeTakeFirst();
    const name = app?.label ?? 'a service app that was deleted';
    return { kind: 'service-app' as const, person: null, token: null, app: { id: row.userId, name } };
  }
  const person = await personNamed(s, row.userId);
  if (row.requesterKind === 'session') return { kind: 'person' as const, person, token: null, app: null };
  const token = await s.store.read
    .selectFrom('apiTokens')
    .select(['id', 'name', 'purpose'])
    .where('id', '=', row.requesterId)
    .executeTakeFirst();
  const shown = token ?? { id: row.requesterId, name: 'a token', purpose: '' };
  return { kind: 'token' as const, person, token: shown, app: null };
};

const usedAtOf = async (s: Services, id: string): Promise<number | null> => {
  const row = await s.store.read
    .selectFrom('actionProofRequests')
    .select((e) => e.fn.max('usedAt').as('usedAt'))
    .where('proofId', '=', id)
    .executeTakeFirst();
  return row?.usedAt === null || row?.usedAt === undefined ? null : Number(row.usedAt);
};

/** An ask with what this caller may do about it, and why not. */
const present = async (s: Services, principal: Principal, toApprove: Rights, row: Ask) => {
  const now = s.clock.now();
  const [ask, tied] = [await askFacts(s, s.store.read, row), await tiedToAsker(s.store.read, row, now)];
  const approver = await approverOf(s.store.read, principal, toApprove, (userId) => tied.has(userId));
  const may = (decision: 'approve' | 'deny') => {
    const { kind, reason } = judgeApproval({ decision, ask, approver, now });
    return { isAllowed: kind === 'allow', reason, sentence: sentenceOf(reason) };
  };
  const usedAt = await usedAtOf(s, row.id);
  return {
    id: row.id,
    status: usedAt === null ? proofStatus(row, now) : ('DONE' as const),
    ...presentAction(row),
    askedBy: await presentAsker(s, row),
    from: { address: row.address, network: row.network },
    createdAt: toIso(row.createdAt),
    needsSecondPerson: row.needsSecondPerson === 1 || row.requesterKind === 'session',
    decision:
      row.decision === null || row.approverId === null || row.decidedAt === null
        ? null
        : {
            result: row.decision,
            by: await personNamed(s, row.approverId),
            at: toIso(row.decidedAt),
            reason: row.decisionReason,
          },
    usedAt: usedAt === null ? null : toIso(usedAt),
    approve: may('approve'),
    deny: may('deny'),
  };
};

/** `GET /sallyport/v1/approvals`: newest first. */
export const listApprovals = async (s: Services, principal: Principal, input: ListApprovals) => {
  const limit = pageLimit(input.limit, 20, 100);
  const toApprove = await approverRights(s, s.store.read, principal);
  let query = asks(s, readerOf(principal, toApprove), input)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (input.after !== undefined) {
    const { after } = input;
    const last = await s.store.read
      .selectFrom('actionProofs')
      .select('createdAt')
      .where('id', '=', after)
      .executeTakeFirst();
    const createdAt = last?.createdAt ?? 0;
    query = query.where((e) =>
      e.or([e('createdAt', '<', createdAt), e.and([e('createdAt', '=', createdAt), e('id', '<', after)])]),
    );
  }
  const { shown, after } = pageOf(await query.execute(), limit);
  return { approvals: await Promise.all(shown.map((row) => present(s, principal, toApprove, row))), after };
};

/** Asks that are looked at together. */
const AT_ONCE = 50;

/** Asks that this very person may say yes to now, the first to run out first, so many; after a place where that is given. */
export const firstDueToApprove = async (
  s: Services,
  principal: Principal,
  { limit, after }: { readonly limit: number; readonly after: DuePlace | null },
): Promise<readonly Ask[]> => {
  if (principal.kind !== 'session' || !principal.hasConsole) return [];
  const [db, now] = [s.store.read, s.clock.now()];
  const toApprove = await approverRights(s, db, principal);
  const waiting = asks(s, readerOf(principal, toApprove), { status: 'WAITING' });
  const tiesOf = createTies(db, now);
  const found: Ask[] = [];
  const from = (place: DuePlace | null) =>
    place === null
      ? waiting
      : waiting.where((e) => e(e.refTuple('expiresAt', 'id'), '>', e.tuple(place.dueAt, place.id)));
  let place = after;
  for (;;) {
    const rows = await from(place).orderBy('expiresAt').orderBy('id').limit(AT_ONCE).execute();
    for (const row of rows) {
      // From this person's end, so that the log is read once for however many people asked.
      const isTied =
        row.requesterKind === 'service-app'
          ? (await tiesOf('client', row.userId)).has(principal.userId)
          : (await tiesOf('user', principal.userId)).has(row.userId);
      const approver = await approverOf(db, principal, toApprove, () => isTied);
      const verdict = judgeApproval({ decision: 'approve', ask: await askFacts(s, db, row), approver, now });
      if (verdict.kind === 'allow') found.push(row);
      if (found.length >= limit) return found;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < AT_ONCE) return found;
    place = { dueAt: Number(last.expiresAt), id: last.id };
  }
};

const APPROVERS_SHOWN_MAX = 10;

/**
 * `GET /sallyport/v1/approvals/{id}`: all that somebody needs to say yes or no, the challenge that they sign with, and who
 * else may. Seen by who asked, and by who holds the permission; to anybody else it does not exist.
 */
export const getApproval = async (s: Services, principal: Principal, id: string) => {
  const row = await findAsk(s.store.read, id);
  const toApprove = await approverRights(s, s.store.read, principal);
  assertSees(principal, toApprove, row);
  const shown = await present(s, principal, toApprove, row);
  const approvers = shown.status === 'WAITING' ? await eligibleApprovers(s, s.store.read, row) : [];
  return {
    ...shown,
    summary: row.summary,
    requests: (JSON.parse(row.requests) as RequestParts[]).map(({ method, path, query }) => ({
      method,
      path: query === '' ? path : `${path}?${query}`,
    })),
    challenge: row.challenge,
    approvers: approvers.slice(0, APPROVERS_SHOWN_MAX).map(named),
    approversCount: approvers.length,
  };
};
