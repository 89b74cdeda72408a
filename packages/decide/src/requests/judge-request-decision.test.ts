import type { ApproverRule, Hand, RequestDecision, RequestFacts } from '@sallyport/model/access-request';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeReassignment } from './judge-reassignment.ts';
import { judgeAsked, judgeRequestDecision, type RequestDecider } from './judge-request-decision.ts';
import { areLinked, areOneHand } from './one-hand.ts';
import {
  closingsOf,
  hasPassedOn,
  openingsOf,
  openStep,
  outcomeOfDecisions,
  requestStatus,
} from './request-progress.ts';

const NOBODY: ReadonlySet<string> = new Set();
const hand = (userId: string, more: Partial<Hand> = {}): Hand => ({ userId, links: [userId], makers: [], ...more });
const decider = (userId: string, more: Partial<RequestDecider> = {}): RequestDecider => ({
  kind: 'session',
  hasConsole: true,
  isBreakGlass: false,
  userId,
  roles: ['HELP_DESK_ADMIN'],
  permissions: new Set(),
  groupIds: [],
  hand: hand(userId),
  seats: [],
  ...more,
});
const ask = (more: Partial<RequestFacts> = {}): RequestFacts => ({
  requester: hand('lee'),
  beneficiary: hand('lee'),
  steps: [{ approvers: { by: 'admins' }, count: 2 }],
  decisions: [],
  outcome: null,
  decideBy: 1000,
  openedAt: [0],
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
const yes = (userId: string, step = 0, more: Partial<Hand> = {}): RequestDecision => ({
  hand: hand(userId, more),
  behind: [],
  step,
  kind: 'approve',
});
const reasonOf = (facts: RequestFacts, who: RequestDecider | null, now = 0, founders = NOBODY): string =>
  judgeRequestDecision({ decision: 'approve', ask: facts, decider: who, founders, now }).reason;

describe('who may decide on a request', () => {
  it('is somebody else, in a session of the console, whom the open step names', () => {
    expect(reasonOf(ask(), decider('ana'))).toBe('approver-may-decide');
    expect(reasonOf(ask(), null)).toBe('approver-not-a-person');
    expect(reasonOf(ask(), decider('ana', { kind: 'token' }))).toBe('approver-not-a-person');
    expect(reasonOf(ask(), decider('ana', { hasConsole: false }))).toBe('approver-not-a-person');
    expect(reasonOf(ask(), decider('ana', { isBreakGlass: true }))).toBe('approver-break-glass');
    expect(reasonOf(ask(), decider('ana', { roles: [] }))).toBe('approver-not-named');
    expect(reasonOf(ask({ steps: [] }), decider('ana'))).toBe('request-decided');
  });

  it('is never who asked or whom it is for, under whichever account', () => {
    const facts = ask({ requester: hand('lee'), beneficiary: hand('kim') });
    const both = { links: ['employee:7'] };
    expect(reasonOf(facts, decider('lee', { roles: ['SUPER_ADMIN'] }))).toBe('request-own');
    expect(reasonOf(facts, decider('kim'))).toBe('request-for-you');
    const linked = ask({ requester: hand('lee', { links: ['lee', 'employee:7'] }) });
    expect(reasonOf(linked, decider('lee-admin', { hand: hand('lee-admin', both) }))).toBe('request-own');
  });

  it('is nobody who decided before, nor another account of theirs', () => {
    const facts = ask({ decisions: [yes('ana', 0, { links: ['ana', 'mail:ana@example.org'] })] });
    expect(reasonOf(facts, decider('ana', { hand: hand('ana') }))).toBe('request-decided-by-you');
    const second = hand('ana2', { links: ['ana2', 'mail:ana@example.org'] });
    expect(reasonOf(facts, decider('ana2', { hand: second }))).toBe('approver-same-person');
  });

  it('is nobody in one hand with who asked, or with who decided before', () => {
    expect(reasonOf(ask({ requester: hand('lee', { makers: ['ana'] }) }), decider('ana'))).toBe('approver-tied');
    expect(reasonOf(ask(), decider('ana', { hand: hand('ana', { makers: ['lee'] }) }))).toBe('approver-tied');
    const puppet = decider('x', { hand: hand('x', { makers: ['eve'] }) });
    expect(reasonOf(ask({ requester: hand('y', { makers: ['eve'] }) }), puppet)).toBe('approver-tied');
    expect(reasonOf(ask({ decisions: [yes('eve')] }), puppet)).toBe('approver-tied-to-other');
    expect(reasonOf(ask({ decisions: [yes('y', 0, { makers: ['eve'] })] }), puppet)).toBe('approver-tied-to-other');
    // Whoever set up the organisation made everybody: that alone makes nobody theirs.
    const founders = new Set(['eve']);
    expect(reasonOf(ask({ decisions: [yes('y', 0, { makers: ['eve'] })] }), puppet, 0, founders)).toBe(
      'approver-may-decide',
    );
    expect(reasonOf(ask({ decisions: [yes('eve')] }), puppet, 0, founders)).toBe('approver-tied-to-other');
  });

  it('ends at exactly decideBy, and with the outcome', () => {
    expect(reasonOf(ask(), decider('ana'), 999)).toBe('approver-may-decide');
    expect(reasonOf(ask(), decider('ana'), 1000)).toBe('request-expired');
    expect(requestStatus(ask(), 999)).toBe('PENDING');
    expect(requestStatus(ask(), 1000)).toBe('EXPIRED');
    expect(requestStatus(ask({ outcome: 'APPROVED' }), 1000)).toBe('APPROVED');
    expect(reasonOf(ask({ outcome: 'CANCELED' }), decider('ana'))).toBe('request-canceled');
    expect(reasonOf(ask({ outcome: 'DENIED' }), decider('ana'))).toBe('request-decided');
  });

  it('follows the steps in their order', () => {
    const steps: RequestFacts['steps'] = [
      { approvers: { by: 'manager' }, count: 1 },
      { approvers: { by: 'owner' }, count: 1 },
    ];
    const related = { managerId: 'max', ownerUserIds: ['olga'], ownerGroupIds: ['g'] };
    const first = ask({ steps, ...related });
    expect(reasonOf(first, decider('olga'))).toBe('approver-not-named');
    expect(reasonOf(first, decider('max'))).toBe('approver-may-decide');
    const second = ask({ steps, ...related, decisions: [yes('max')] });
    expect(reasonOf(second, decider('olga'))).toBe('approver-may-decide');
    expect(reasonOf(second, decider('gus', { groupIds: ['g'] }))).toBe('approver-may-decide');
    expect(reasonOf(second, decider('max'))).toBe('request-decided-by-you');
  });

  it('names nobody where a rule is empty or knows nothing', () => {
    const rules: ApproverRule[] = [
      { by: 'people', ids: [] },
      { by: 'group', id: '' },
      { by: 'manager' },
      { by: 'owner' },
      { by: 'super-admins' },
      { by: 'permission', permission: 'okta.roles.manage' },
      { by: 'somebody' } as unknown as ApproverRule,
    ];
    for (const approvers of rules)
      expect(reasonOf(ask({ steps: [{ approvers, count: 1 }] }), decider('ana')), approvers.by).toBe(
        'approver-not-named',
      );
  });

  it('lets the tied say no, which gives nobody anything; but nobody to their own', () => {
    const tied = decider('ana', { hand: hand('ana', { makers: ['lee'] }) });
    const no = (who: RequestDecider) =>
      judgeRequestDecision({ decision: 'deny', ask: ask(), decider: who, founders: NOBODY, now: 0 });
    expect(no(tied)).toMatchObject({ kind: 'allow', reason: 'approver-may-decide', step: 0 });
    expect(no(decider('lee')).kind).toBe('deny');
  });

  it('approves nothing for people who could not sign in, and may still deny it', () => {
    const other = ask({ isAsAsked: false });
    expect(reasonOf(other, decider('ana'))).toBe('request-gives-other');
    // What was to be made longer has ended: a yes to more time gives nothing anew.
    const over = ask({ isStillRunning: false });
    expect(reasonOf(over, decider('ana'))).toBe('grant-not-running');
    const gone = ask({ arePeopleActive: false });
    expect(reasonOf(gone, decider('ana'))).toBe('request-people-gone');
    expect(
      judgeRequestDecision({ decision: 'deny', ask: gone, decider: decider('ana'), founders: NOBODY, now: 0 }).kind,
    ).toBe('allow');
  });
});

describe('a step that passes on', () => {
  const passesOn: RequestFacts['steps'][number] = {
    approvers: { by: 'people', ids: ['bo'] },
    count: 1,
    escalateAfter: 'PT1M',
    escalateTo: { by: 'people', ids: ['sam'] },
  };
  const late = { decideBy: 1_000_000 };
  it('may be decided by others from the very millisecond, and by whom it named still', () => {
    const facts = ask({ steps: [passesOn], openedAt: [500], ...late });
    expect(reasonOf(facts, decider('sam'), 60_499)).toBe('approver-not-named');
    expect(reasonOf(facts, decider('sam'), 60_500)).toBe('approver-may-decide');
    expect(reasonOf(facts, decider('bo'), 60_500)).toBe('approver-may-decide');
    expect(reasonOf({ ...facts, requester: hand('sam') }, decider('sam'), 60_500)).toBe('request-own');
  });
  it('waits from the last yes to the step before it, and not before it waits', () => {
    const steps = [{ approvers: { by: 'people', ids: ['ann', 'eli'] } as const, count: 2 }, passesOn];
    const at = (userId: string, when: number) => ({ ...yes(userId), at: when });
    expect(openingsOf(steps, [at('ann', 700)], 500)).toEqual([500, null]);
    expect(openingsOf(steps, [at('ann', 700), at('eli', 900)], 500)).toEqual([500, 900]);
    const facts = ask({ steps, openedAt: [500, 900], decisions: [yes('ann'), yes('eli')], ...late });
    expect(reasonOf(facts, decider('sam'), 60_899)).toBe('approver-not-named');
    expect(reasonOf(facts, decider('sam'), 60_900)).toBe('approver-may-decide');
    expect(reasonOf({ ...facts, openedAt: [500, null] }, decider('sam'), 999_999)).toBe('approver-not-named');
  });
  it('passes on no more once it is met or the request has ended', () => {
    const at = (userId: string, when: number) => ({ ...yes(userId), at: when });
    expect(closingsOf([passesOn, passesOn], [at('bo', 700)], 9000)).toEqual([700, 9000]);
    const passed = (closedAt: number) =>
      hasPassedOn(ask({ steps: [passesOn], openedAt: [500], closedAt: [closedAt] }), 0, 999_999);
    expect([passed(60_499), passed(60_500)]).toEqual([false, true]);
  });
  it('passes on to nobody where a time cannot be read', () => {
    const steps = [{ ...passesOn, escalateAfter: 'soon' }];
    expect(reasonOf(ask({ steps, ...late }), decider('sam'), 999_999)).toBe('approver-not-named');
  });
});

describe('a vote in somebody’s stead', () => {
  const lent = (
    holderId: string,
    more: { by?: string; holder?: Partial<Hand>; roles?: RequestDecider['roles'] } = {},
  ) => ({
    holder: {
      userId: holderId,
      roles: more.roles ?? ['HELP_DESK_ADMIN' as const],
      permissions: new Set<never>(),
      groupIds: [],
    },
    hands: [hand(holderId, more.holder), ...(more.by === undefined ? [] : [hand(more.by)])],
  });
  const delegate = (seats: RequestDecider['seats'], more: Partial<RequestDecider> = {}) =>
    decider('del', { roles: [], seats, ...more });
  const verdict = (facts: RequestFacts, who: RequestDecider) =>
    judgeRequestDecision({ decision: 'approve', ask: facts, decider: who, founders: NOBODY, now: 0 });

  it('is given for whoever the step names, and for nobody whom it does not', () => {
    expect(verdict(ask(), delegate([lent('ana')]))).toMatchObject({
      kind: 'allow',
      vote: { insteadOf: 'ana', behind: [{ userId: 'ana' }] },
    });
    expect(verdict(ask(), delegate([lent('ana', { roles: [] })])).reason).toBe('approver-not-named');
    // One's own vote comes first, and the second holder's where the first has none.
    expect(verdict(ask(), decider('del', { seats: [lent('ana')] }))).toMatchObject({ vote: { insteadOf: null } });
    expect(verdict(ask({ decisions: [yes('ana')] }), delegate([lent('ana'), lent('bo')]))).toMatchObject({
      vote: { insteadOf: 'bo' },
    });
  });

  it('is one vote, whichever of the two gives it, and for whomever else they stand', () => {
    const inStead: RequestDecision = { ...yes('del'), behind: [hand('ana')] };
    expect(reasonOf(ask({ decisions: [inStead] }), decider('ana'))).toBe('request-decided-for-you');
    expect(reasonOf(ask({ decisions: [inStead] }), delegate([lent('bo')]))).toBe('request-decided-by-you');
    expect(reasonOf(ask({ decisions: [yes('ana')] }), delegate([lent('ana')]))).toBe('delegator-decided');
    const linked = lent('ana', { holder: { links: ['ana', 'employee:1'] } });
    expect(reasonOf(ask({ decisions: [yes('x', 0, { links: ['x', 'employee:1'] })] }), delegate([linked]))).toBe(
      'delegator-decided',
    );
  });

  it('is none on what either of them asked for, gets, or is tied to', () => {
    expect(reasonOf(ask({ requester: hand('ana') }), delegate([lent('ana')]))).toBe('delegator-own-request');
    expect(reasonOf(ask({ beneficiary: hand('ana') }), delegate([lent('ana')]))).toBe('delegator-own-request');
    expect(reasonOf(ask({ requester: hand('del') }), delegate([lent('ana')]))).toBe('request-own');
    expect(reasonOf(ask({ requester: hand('lee', { makers: ['ana'] }) }), delegate([lent('ana')]))).toBe(
      'approver-tied',
    );
    expect(reasonOf(ask({ decisions: [yes('x', 0, { makers: ['ana'] })] }), delegate([lent('ana')]))).toBe(
      'approver-tied-to-other',
    );
    const no = judgeRequestDecision({
      decision: 'deny',
      ask: ask({ requester: hand('ana') }),
      decider: delegate([lent('ana')]),
      founders: NOBODY,
      now: 0,
    });
    expect(no.reason).toBe('delegator-own-request');
  });

  it('counts whoever named the delegate for somebody else as a part of it', () => {
    const named = delegate([lent('ana', { by: 'eve' })]);
    expect(reasonOf(ask(), named)).toBe('approver-may-decide');
    expect(reasonOf(ask({ requester: hand('eve') }), named)).toBe('delegator-own-request');
    expect(reasonOf(ask({ decisions: [yes('eve')] }), named)).toBe('delegator-decided');
    const before: RequestDecision = { ...yes('other'), behind: [hand('bo'), hand('eve')] };
    // Whoever picks two who say yes is one human.
    expect(reasonOf(ask({ decisions: [before] }), named)).toBe('delegator-decided');
    expect(reasonOf(ask({ decisions: [before] }), decider('eve'))).toBe('request-decided-for-you');
  });

  it('is none for whoever chose themself, under another account', () => {
    const own = { links: ['del', 'employee:7'] };
    const seat = lent('ana', { by: 'eve' });
    const chosen = { ...seat, hands: [hand('ana'), hand('eve', { links: ['eve', 'employee:7'] })] };
    expect(verdict(ask(), delegate([chosen], { hand: hand('del', own) })).reason).toBe('approver-not-named');
    expect(verdict(ask(), delegate([seat], { hand: hand('del', own) })).kind).toBe('allow');
  });
});

describe('the way to a grant', () => {
  const users = ['a', 'b', 'c', 'd', 'e', 'f'];
  // Where everybody made everybody nobody can say yes.
  const mostlyNone = (some: string[]) =>
    fc.oneof({ weight: 4, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: fc.subarray(some) });
  const anyHand = (userId: string) =>
    fc.record({
      userId: fc.constant(userId),
      links: mostlyNone(['employee:1', 'employee:2']).map((more) => [userId, ...more]),
      makers: mostlyNone(users.filter((id) => id !== userId)),
    });
  const hands = fc.tuple(...users.map(anyHand));
  const rule: fc.Arbitrary<ApproverRule> = fc.oneof(
    fc.constant({ by: 'admins' } as const),
    fc.constantFrom('g1', 'g2').map((id) => ({ by: 'group', id }) as const),
    fc.subarray(users).map((ids) => ({ by: 'people', ids }) as const),
  );
  const steps = fc.array(fc.record({ approvers: rule, count: fc.integer({ min: 1, max: 3 }) }), { maxLength: 3 });

  it('never leads past the required distinct humans, whoever tries in whichever order', () => {
    let throughPicked = 0;
    let waiting = 0;
    fc.assert(
      fc.property(
        hands,
        steps,
        // Somebody says yes, or gives the step that waits to others who then do.
        fc.array(
          fc.record({
            who: fc.constantFrom(...users),
            groups: fc.subarray(['g1', 'g2']),
            to: fc.option(fc.subarray(users, { minLength: 1, maxLength: 2 }), { freq: 2 }),
          }),
          { maxLength: 25 },
        ),
        fc.constantFrom(...users),
        fc.constantFrom(...users),
        fc.subarray(users),
        // Who names whom, and who wrote it: themself or somebody else.
        fc.array(
          fc.record({ from: fc.constantFrom(...users), to: fc.constantFrom(...users), by: fc.constantFrom(...users) }),
          {
            maxLength: 4,
          },
        ),
        (all, wanted, tries, requesterId, beneficiaryId, founderIds, lent) => {
          const founders = new Set(founderIds);
          const of = (userId: string): Hand => all.find((one) => one.userId === userId) as Hand;
          let facts = ask({ requester: of(requesterId), beneficiary: of(beneficiaryId), steps: wanted });
          for (const { who, groups, to } of tries) {
            if (outcomeOfDecisions(facts) !== 'PENDING') break;
            if (to !== null) {
              const given = judgeReassignment({
                ask: facts,
                step: openStep(facts) ?? -1,
                by: { hand: of(who), isBreakGlass: false },
                to: to.map((id) => decider(id, { groupIds: groups, hand: of(id) })),
                founders,
                now: 0,
              });
              if (given.kind === 'allow') facts = given.ask;
            }
            for (const voter of to ?? [who]) {
              const asked = {
                ask: facts,
                decider: decider(voter, {
                  groupIds: groups,
                  hand: of(voter),
                  seats: lent
                    .filter((one) => one.to === voter && one.from !== voter)
                    .map(({ from, by }) => ({
                      holder: {
                        userId: from,
                        roles: ['HELP_DESK_ADMIN'],
                        permissions: new Set(),
                        groupIds: ['g1', 'g2'],
                      },
                      hands: by === from ? [of(from)] : [of(from), of(by)],
                    })),
                }),
                now: 0,
              };
              const verdict = judgeRequestDecision({ ...asked, decision: 'approve', founders });
              // It waits for whoever could say yes, and for whom ties alone keep from it: they may say no.
              const no = judgeRequestDecision({ ...asked, decision: 'deny', founders });
              const isAsked =
                verdict.kind === 'allow' || (no.kind === 'allow' && verdict.reason !== 'request-reassigned');
              expect(judgeAsked(asked) !== null).toBe(isAsked);
              waiting += isAsked ? 1 : 0;
              if (verdict.kind === 'allow' && verdict.vote.insteadOf === null)
                throughPicked += verdict.vote.behind.length;
              if (verdict.kind === 'allow')
                facts = {
                  ...facts,
                  decisions: [
                    ...facts.decisions,
                    { hand: of(voter), behind: verdict.vote.behind, step: verdict.step, kind: 'approve' },
                  ],
                };
            }
          }
          const parties = [facts.requester, ...facts.decisions.map(({ hand: one }) => one)];
          // An independent reference: everybody who had a part in a yes is another human, in another hand, than all others.
          const everybody = facts.decisions.map(({ hand: one, behind }) => [one, ...behind]);
          for (const [index, ones] of everybody.entries())
            for (const other of [facts.requester, facts.beneficiary, ...everybody.slice(0, index).flat()])
              for (const one of ones) {
                expect(areLinked(one, other)).toBe(false);
                expect(areOneHand(one, other, founders)).toBe(false);
              }
          if (outcomeOfDecisions(facts) === 'APPROVED') {
            const needed = wanted.reduce((sum, { count }) => sum + count, 0);
            expect(needed).toBeGreaterThan(0);
            expect(new Set(parties.map(({ userId }) => userId)).size).toBe(needed + 1);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(throughPicked).toBeGreaterThan(0);
    expect(waiting).toBeGreaterThan(0);
  });
});
