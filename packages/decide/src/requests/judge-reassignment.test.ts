import type { Hand, RequestDecision, RequestFacts } from '@sallyport/model/access-request';
import { describe, expect, it } from 'vitest';
import { explainApprovers } from './explain-approvers.ts';
import { judgeReassignment, type ReassignmentInput } from './judge-reassignment.ts';
import { judgeRequestDecision, type RequestDecider } from './judge-request-decision.ts';

const NOBODY: ReadonlySet<string> = new Set();
const hand = (userId: string, more: Partial<Hand> = {}): Hand => ({ userId, links: [userId], makers: [], ...more });
/** Groups are what steps name here. */
const decider = (
  userId: string,
  groupIds: readonly string[] = [],
  more: Partial<RequestDecider> = {},
): RequestDecider => ({
  kind: 'session',
  hasConsole: true,
  isBreakGlass: false,
  userId,
  roles: ['HELP_DESK_ADMIN'],
  permissions: new Set(),
  groupIds,
  hand: hand(userId),
  seats: [],
  ...more,
});
const ask = (more: Partial<RequestFacts> = {}): RequestFacts => ({
  requester: hand('lee'),
  beneficiary: hand('kim'),
  steps: [
    {
      approvers: { by: 'group', id: 'named' },
      count: 1,
      escalateAfter: 'PT1M',
      escalateTo: { by: 'group', id: 'later' },
    },
    { approvers: { by: 'group', id: 'named' }, count: 2 },
  ],
  decisions: [],
  outcome: null,
  decideBy: 1_000_000,
  openedAt: [0, null],
  closedAt: [],
  reassigned: [],
  arePeopleActive: true,
  isAsAsked: true,
  isStillRunning: true,
  managerId: null,
  ownerUserIds: [],
  ownerGroupIds: [],
  ...more,
});
const yes = (userId: string, behind: readonly Hand[] = [], step = 0): RequestDecision => ({
  hand: hand(userId),
  behind,
  step,
  kind: 'approve',
});
const give = (to: readonly RequestDecider[], more: Partial<ReassignmentInput> = {}) =>
  judgeReassignment({
    ask: ask(),
    step: 0,
    by: { hand: hand('sue'), isBreakGlass: false },
    to,
    founders: NOBODY,
    now: 5,
    ...more,
  });
const given = (...of: Parameters<typeof give>): RequestFacts => {
  const verdict = give(...of);
  if (verdict.kind === 'deny') throw new Error(`${verdict.reason} ${verdict.userId}`);
  return verdict.ask;
};
const decide = (facts: RequestFacts, who: RequestDecider, now = 5, decision: 'approve' | 'deny' = 'approve') =>
  judgeRequestDecision({ decision, ask: facts, decider: who, founders: NOBODY, now });

describe('a step that is given to others', () => {
  it('is these ones’ alone to say yes to; whom it names can still say no', () => {
    const facts = given([decider('del'), decider('bo', ['named'])]);
    expect(decide(facts, decider('chi', ['named']))).toMatchObject({ kind: 'deny', reason: 'request-reassigned' });
    expect(decide(facts, decider('chi', ['named']), 5, 'deny')).toMatchObject({ kind: 'allow', vote: { behind: [] } });
    expect(decide(facts, decider('eve')).reason).toBe('approver-not-named');
    expect(decide(facts, decider('eve'), 5, 'deny').reason).toBe('approver-not-named');
    // Their own vote, and one that somebody chose them for.
    expect(decide(facts, decider('bo', ['named']))).toMatchObject({ kind: 'allow', vote: { behind: [] } });
    expect(decide(facts, decider('del'))).toMatchObject({ kind: 'allow', vote: { behind: [{ userId: 'sue' }] } });
    // It is judged at the vote: who is named no more was chosen, and nothing else.
    expect(decide(facts, decider('bo'))).toMatchObject({ kind: 'allow', vote: { behind: [{ userId: 'sue' }] } });
  });

  it('still passes on by the clock, and is no other step', () => {
    const facts = given([decider('del')]);
    expect(decide(facts, decider('sam', ['later']), 59_999).reason).toBe('approver-not-named');
    expect(decide(facts, decider('sam', ['later']), 60_000)).toMatchObject({ kind: 'allow', vote: { behind: [] } });
    const next = { ...facts, decisions: [yes('del', [hand('sue')])], openedAt: [0, 5] };
    expect(decide(next, decider('eve')).reason).toBe('approver-not-named');
    expect(decide(next, decider('bo', ['named'])).kind).toBe('allow');
  });

  it('is handed on by nobody who was only chosen; by whom it names as ever', () => {
    const facts = given([decider('del'), decider('bo', ['named'])]);
    const seat = (holder: RequestDecider) => ({ holder, hands: [holder.hand] });
    expect(decide(facts, decider('x', [], { seats: [seat(decider('del'))] })).reason).toBe('approver-not-named');
    expect(decide(facts, decider('x', [], { seats: [seat(decider('bo', ['named']))] }))).toMatchObject({
      kind: 'allow',
      vote: { insteadOf: 'bo' },
    });
    expect(decide(facts, decider('x', [], { seats: [seat(decider('chi', ['named']))] })).reason).toBe(
      'request-reassigned',
    );
  });

  it('counts whoever gave it in every vote of whom they chose: two are one, and theirs is none beside it', () => {
    const second = ask({ decisions: [yes('ann')], openedAt: [0, 1] });
    const facts = given([decider('del'), decider('eve'), decider('bo', ['named'])], { ask: second, step: 1 });
    const after = { ...facts, decisions: [...facts.decisions, yes('del', [hand('sue')], 1)] };
    expect(decide(after, decider('eve')).reason).toBe('delegator-decided');
    expect(decide(after, decider('sue', ['named'])).reason).toBe('request-decided-for-you');
    expect(decide(after, decider('bo', ['named'])).kind).toBe('allow');
    // Nor can they choose again.
    expect(give([decider('zoe')], { ask: after, step: 1 })).toMatchObject({
      reason: 'delegator-decided',
      userId: 'zoe',
    });
    // Whoever said yes to the step before chooses nobody who says yes to this.
    const own = ask({ decisions: [yes('sue')], openedAt: [0, 1] });
    expect(give([decider('del')], { ask: own, step: 1 })).toMatchObject({ reason: 'delegator-decided', userId: 'del' });
    expect(give([decider('bo', ['named'])], { ask: own, step: 1 }).kind).toBe('allow');
    const [, outlook] = explainApprovers(
      facts,
      [[], [decider('del'), decider('eve'), decider('bo', ['named'])]],
      NOBODY,
      5,
    );
    expect(outlook).toMatchObject({ able: [{ userId: 'del' }, { userId: 'eve' }, { userId: 'bo' }], reachable: 2 });
  });

  it('is never of what they asked for or get, under whichever account, nor of what they are tied to', () => {
    const bo = [decider('bo', ['named'])];
    const by = (more: Partial<Hand>, userId = 'sue') => ({ by: { hand: hand(userId, more), isBreakGlass: false } });
    expect(give(bo, by({}, 'lee'))).toMatchObject({ kind: 'deny', reason: 'request-own', userId: null });
    expect(give(bo, by({}, 'kim'))).toMatchObject({ kind: 'deny', reason: 'request-for-you', userId: null });
    const twice = ask({ requester: hand('lee', { links: ['lee', 'employee:7'] }) });
    expect(give(bo, { ask: twice, ...by({ links: ['sue', 'employee:7'] }) })).toMatchObject({ reason: 'request-own' });
    const made = ask({ requester: hand('lee', { makers: ['sue'] }) });
    expect(give([decider('del')], { ask: made })).toMatchObject({ reason: 'approver-tied', userId: 'del' });
    expect(give([], { by: { hand: hand('sue'), isBreakGlass: true } })).toMatchObject({
      reason: 'approver-break-glass',
    });
  });

  it('is given to nobody who could not say yes, and to oneself only where one is named', () => {
    expect(give([decider('bo', ['named']), decider('lee')])).toMatchObject({ reason: 'request-own', userId: 'lee' });
    expect(give([decider('kim', ['named'])])).toMatchObject({ reason: 'request-for-you', userId: 'kim' });
    expect(give([decider('sue')])).toMatchObject({ reason: 'reassigned-to-oneself', userId: 'sue' });
    const other = decider('sue2', [], { hand: hand('sue2', { links: ['sue2', 'mail:s@example.org'] }) });
    const by = { hand: hand('sue', { links: ['sue', 'mail:s@example.org'] }), isBreakGlass: false };
    expect(give([other], { by })).toMatchObject({ reason: 'reassigned-to-oneself', userId: 'sue2' });
    expect(give([decider('sue', ['named'])]).kind).toBe('allow');
    // A vote that they hold for somebody else makes nobody one of those it is given to.
    const bo = decider('bo', ['named']);
    const kim = decider('kim', [], { seats: [{ holder: bo, hands: [bo.hand] }] });
    expect(give([bo, kim])).toMatchObject({ reason: 'request-for-you', userId: 'kim' });
  });

  it('is the one that waits, and waits still', () => {
    const bo = [decider('bo', ['named'])];
    expect(give(bo, { step: 1 })).toMatchObject({ reason: 'request-moved-on', userId: null });
    expect(give(bo, { now: 999_999 }).kind).toBe('allow');
    expect(give(bo, { now: 1_000_000 })).toMatchObject({ reason: 'request-expired', userId: null });
    expect(give(bo, { ask: ask({ outcome: 'CANCELED' }) })).toMatchObject({ reason: 'request-canceled' });
    expect(give(bo, { ask: ask({ isAsAsked: false }) })).toMatchObject({ reason: 'request-gives-other', userId: 'bo' });
  });
});
