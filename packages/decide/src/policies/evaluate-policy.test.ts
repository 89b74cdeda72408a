import type { Fact, FactorProof, Facts } from '@sallyport/model/facts';
import type { Policy, PolicyRule } from '@sallyport/model/policy';
import type { Assurance } from '@sallyport/model/verdict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePolicies, evaluatePolicy } from './evaluate-policy.ts';
import { meetsAssurance, withAges } from './meets-assurance.ts';

const NOW = 1_000_000;
const fact = <T>(value: T, expiresAt: number | null = null): Fact<T> => ({
  value,
  source: 'test',
  observedAt: 0,
  expiresAt,
});
const KEY: FactorProof = {
  factorId: 'k',
  kind: 'webauthn',
  isPhishingResistant: true,
  isDeviceBound: true,
  isUserVerified: true,
  provedAt: NOW,
};
const TOTP: FactorProof = { ...KEY, factorId: 't', kind: 'totp', isPhishingResistant: false, isUserVerified: false };
const PASSWORD: FactorProof = {
  factorId: 'password',
  kind: 'password',
  isPhishingResistant: false,
  isDeviceBound: false,
  isUserVerified: false,
  provedAt: NOW,
};
const NOTHING: Assurance = {
  factors: 1,
  isPossessionRequired: false,
  isPhishingResistantRequired: false,
  isDeviceBoundRequired: false,
  isUserVerificationRequired: false,
  maxAgeSeconds: null,
};
const STRONG: Assurance = {
  factors: 2,
  isPossessionRequired: true,
  isPhishingResistantRequired: true,
  isDeviceBoundRequired: true,
  isUserVerificationRequired: true,
  maxAgeSeconds: 0,
};

const rule = (more: Partial<PolicyRule> = {}): PolicyRule => ({
  id: 'r',
  name: 'r',
  priority: 1,
  isActive: true,
  conditions: {},
  access: 'ALLOW',
  assurance: NOTHING,
  ...more,
});
const policy = (rules: readonly PolicyRule[], isActive = true): Policy => ({
  id: 'p',
  name: 'p',
  type: 'ACCESS_POLICY',
  version: 1,
  isActive,
  rules,
});
const FACTS: Facts = {
  userId: fact('u1'),
  groupIds: fact(['g1', 'g2']),
  zoneIds: fact(['z1']),
  holdsAdminRole: fact(true),
  proofs: fact([KEY]),
  risk: fact('LOW'),
  deviceIsManaged: fact(true),
  deviceIsRegistered: fact(true),
};
const matched = (
  conditions: PolicyRule['conditions'],
  facts: Facts = FACTS,
  access: PolicyRule['access'] = 'ALLOW',
): boolean => evaluatePolicy(facts, policy([rule({ conditions, access })]), NOW).matchedRuleId === 'r';

describe('meetsAssurance', () => {
  const meets = (proofs: FactorProof[], need: Partial<Assurance>): boolean =>
    meetsAssurance(proofs, { ...NOTHING, ...need }, NOW);
  it('asks for one factor of any kind', () => {
    expect(meets([PASSWORD], {})).toBe(true);
    expect(meets([TOTP], {})).toBe(true);
    expect(meets([], {})).toBe(false);
  });
  it('asks for possession, also when only a quality of it is named', () => {
    expect(meets([PASSWORD], { isPossessionRequired: true })).toBe(false);
    expect(meets([TOTP], { isPossessionRequired: true })).toBe(true);
    expect(meets([PASSWORD, TOTP], { isPhishingResistantRequired: true })).toBe(false);
    expect(meets([PASSWORD, { ...KEY, isDeviceBound: false }], { isDeviceBoundRequired: true })).toBe(false);
    expect(meets([PASSWORD, { ...KEY, isUserVerified: false }], { isUserVerificationRequired: true })).toBe(false);
    for (const need of ['isPhishingResistantRequired', 'isDeviceBoundRequired', 'isUserVerificationRequired'] as const)
      expect(meets([KEY], { [need]: true })).toBe(true);
  });
  it('asks one key for all qualities: two half-good ones do not add up', () => {
    const synced: FactorProof = { ...KEY, isDeviceBound: false };
    const unverified: FactorProof = { ...KEY, isUserVerified: false };
    expect(meetsAssurance([synced, unverified], STRONG, NOW)).toBe(false);
    expect(meetsAssurance([synced, KEY], STRONG, NOW)).toBe(true);
  });
  it('counts a key that verified its holder as two factors', () => {
    expect(meets([KEY], { factors: 2 })).toBe(true);
    expect(meets([{ ...KEY, isUserVerified: false }], { factors: 2 })).toBe(false);
    expect(meets([{ ...KEY, isUserVerified: false }, PASSWORD], { factors: 2 })).toBe(true);
    expect(meets([PASSWORD, TOTP], { factors: 2 })).toBe(true);
    expect(meets([TOTP], { factors: 2 })).toBe(false);
    expect(meets([PASSWORD], { factors: 2 })).toBe(false);
  });
  it('counts a proof until it is too old, to the millisecond', () => {
    expect(meets([{ ...KEY, provedAt: NOW - 60_000 }], { maxAgeSeconds: 60 })).toBe(true);
    expect(meets([{ ...KEY, provedAt: NOW - 60_001 }], { maxAgeSeconds: 60 })).toBe(false);
    expect(meets([{ ...KEY, provedAt: 0 }], { maxAgeSeconds: null })).toBe(true);
  });
  it('PT0S asks for the newest proof of the sign-in', () => {
    expect(meetsAssurance([{ ...KEY, provedAt: NOW - 30_000 }], STRONG, NOW)).toBe(true);
    expect(
      meetsAssurance(
        [
          { ...KEY, provedAt: NOW - 30_000 },
          { ...TOTP, provedAt: NOW },
        ],
        STRONG,
        NOW,
      ),
    ).toBe(false);
  });
});

describe('meetsAssurance, of what rules of the wire ask', () => {
  const meets = (proofs: FactorProof[], need: Partial<Assurance>): boolean =>
    meetsAssurance(proofs, { ...NOTHING, ...need }, NOW);
  it('hardware that keeps the key must have been shown', () => {
    const need = { isHardwareProtectionRequired: true };
    expect(meets([KEY], need)).toBe(false);
    expect(meets([{ ...KEY, isHardwareProtected: false }, TOTP, PASSWORD], need)).toBe(false);
    expect(meets([{ ...KEY, isHardwareProtected: true }], need)).toBe(true);
  });
  it('a password that is asked for beside the key is not made up for by the key', () => {
    const need = { factors: 2, isPossessionRequired: true, isPasswordRequired: true } as const;
    expect(meets([KEY], need)).toBe(false);
    expect(meets([PASSWORD], need)).toBe(false);
    expect(meets([PASSWORD, KEY], need)).toBe(true);
    expect(meets([{ ...PASSWORD, provedAt: NOW - 61_000 }, KEY], { ...need, passwordMaxAgeSeconds: 60 })).toBe(false);
    expect(meets([{ ...PASSWORD, provedAt: NOW - 60_000 }, KEY], { ...need, passwordMaxAgeSeconds: 60 })).toBe(true);
    // The password of this sign-in is older than its key, always.
    expect(meets([{ ...PASSWORD, provedAt: NOW - 90_000 }, KEY], { ...need, passwordMaxAgeSeconds: 0 })).toBe(true);
  });
  it('what does not count is as if it were not there', () => {
    expect(meets([PASSWORD], { countedKinds: ['webauthn', 'totp'] })).toBe(false);
    expect(meets([PASSWORD, TOTP], { factors: 2, countedKinds: ['password', 'webauthn'] })).toBe(false);
    expect(meets([TOTP, KEY], { factors: 2, countedKinds: ['webauthn'] })).toBe(true);
    expect(meets([KEY, PASSWORD, TOTP], { countedKinds: [] })).toBe(false);
    // A younger proof that does not count is not the newest.
    const older = { ...KEY, provedAt: NOW - 5000 };
    expect(meets([older, TOTP], { factors: 2, countedKinds: ['webauthn'], maxAgeSeconds: 0 })).toBe(true);
  });
  it('of alternatives one suffices, and two halves do not', () => {
    const withKey = { ...NOTHING, factors: 2, isPhishingResistantRequired: true } as const;
    const withCode = { ...NOTHING, factors: 2, isPasswordRequired: true, countedKinds: ['password', 'totp'] } as const;
    const need: Assurance = { ...withKey, alternatives: [withCode] };
    expect(meets([KEY], need)).toBe(true);
    expect(meets([PASSWORD, TOTP], need)).toBe(true);
    expect(meets([PASSWORD], need)).toBe(false);
    expect(meets([TOTP, { ...KEY, isUserVerified: false }], need)).toBe(false);
  });
  it('ages are changed in every alternative', () => {
    const need: Assurance = {
      ...NOTHING,
      maxAgeSeconds: 0,
      alternatives: [{ ...NOTHING, maxAgeSeconds: 7200, passwordMaxAgeSeconds: 0 }],
    };
    expect(withAges(need, (age) => (age === 0 ? 120 : age))).toEqual({
      ...NOTHING,
      maxAgeSeconds: 120,
      alternatives: [{ ...NOTHING, maxAgeSeconds: 7200, passwordMaxAgeSeconds: 120 }],
    });
    expect(withAges(need, () => null).alternatives).toEqual([NOTHING]);
  });
});

describe('conditions', () => {
  it('on zones of which it is not known open no door, neither by including nor by excluding them', () => {
    const open = { zoneIds: fact(['z1']), unknownZoneIds: fact(['z2']) };
    const answer = (zones: { include: string[]; exclude: string[] }, access: 'ALLOW' | 'DENY') =>
      matched({ zones }, open, access);
    expect(answer({ include: ['z2'], exclude: [] }, 'ALLOW')).toBe(false);
    expect(answer({ include: [], exclude: ['z2'] }, 'ALLOW')).toBe(false);
    expect(answer({ include: ['z1'], exclude: ['z2'] }, 'ALLOW')).toBe(false);
    expect(answer({ include: ['z1', 'z2'], exclude: [] }, 'ALLOW')).toBe(true);
    expect(answer({ include: ['z3'], exclude: ['z2'] }, 'ALLOW')).toBe(false);
    expect(answer({ include: ['z2'], exclude: [] }, 'DENY')).toBe(true);
    expect(answer({ include: [], exclude: ['z2'] }, 'DENY')).toBe(true);
    expect(answer({ include: ['z3'], exclude: ['z2'] }, 'DENY')).toBe(false);
    expect(answer({ include: [], exclude: ['z1', 'z2'] }, 'DENY')).toBe(false);
  });
  it('select by user, group and zone; exclusion wins; an empty selection asks for nothing', () => {
    expect(matched({ users: { include: ['u1'], exclude: [] } })).toBe(true);
    expect(matched({ users: { include: ['u2'], exclude: [] } })).toBe(false);
    expect(matched({ users: { include: ['u1'], exclude: ['u1'] } })).toBe(false);
    expect(matched({ users: { include: [], exclude: ['u2'] } })).toBe(true);
    expect(matched({ groups: { include: ['g2', 'g9'], exclude: [] } })).toBe(true);
    expect(matched({ groups: { include: ['g1'], exclude: ['g2'] } })).toBe(false);
    expect(matched({ zones: { include: ['z1'], exclude: [] } })).toBe(true);
    expect(matched({ zones: { include: [], exclude: ['z1'] } })).toBe(false);
    expect(matched({ zones: { include: [], exclude: [] } }, {})).toBe(true);
  });
  it('ALL_ZONES is any zone at all', () => {
    const anywhere = { ...FACTS, zoneIds: fact([]) };
    expect(matched({ zones: { include: ['ALL_ZONES'], exclude: [] } })).toBe(true);
    expect(matched({ zones: { include: ['ALL_ZONES'], exclude: [] } }, anywhere)).toBe(false);
    expect(matched({ zones: { include: [], exclude: ['ALL_ZONES'] } })).toBe(false);
    expect(matched({ zones: { include: [], exclude: ['ALL_ZONES'] } }, anywhere)).toBe(true);
  });
  it('select by the type of person, by what a device satisfies, by behaviour and by platform', () => {
    const facts: Facts = {
      ...FACTS,
      userTypeId: fact('t1'),
      deviceAssuranceIds: fact(['d1', 'd2']),
      behaviorIds: fact(['b1']),
      userAgent: fact('Mozilla/5.0 (Windows NT 10.0; Win64; x64)'),
    };
    expect(matched({ userTypes: { include: [], exclude: ['t1'] } }, facts)).toBe(false);
    expect(matched({ userTypes: { include: ['t1'], exclude: [] } }, facts)).toBe(true);
    expect(matched({ deviceAssurances: { include: ['d9', 'd2'], exclude: [] } }, facts)).toBe(true);
    expect(matched({ deviceAssurances: { include: ['d9'], exclude: [] } }, facts)).toBe(false);
    expect(matched({ behaviors: { include: ['b1'], exclude: [] } }, facts)).toBe(true);
    expect(matched({ platforms: [{ type: 'DESKTOP', os: 'WINDOWS' }] }, facts)).toBe(true);
    expect(matched({ platforms: [{ type: 'MOBILE', os: 'ANY' }] }, facts)).toBe(false);
    expect(matched({ platforms: [] }, {})).toBe(true);
  });
  it('compare single facts', () => {
    expect(matched({ holdsAdminRole: true })).toBe(true);
    expect(matched({ holdsAdminRole: false })).toBe(false);
    expect(matched({ deviceIsManaged: true })).toBe(true);
    expect(matched({ deviceIsManaged: false })).toBe(false);
    expect(matched({ deviceIsRegistered: true })).toBe(true);
    expect(matched({ deviceIsRegistered: false })).toBe(false);
    expect(matched({ riskLevel: 'LOW' })).toBe(true);
    expect(matched({ riskLevel: 'HIGH' })).toBe(false);
  });
  it('an unknown fact never opens: it fails an allowing rule and satisfies a denying one', () => {
    const conditions: PolicyRule['conditions'][] = [
      { users: { include: ['u1'], exclude: [] } },
      { groups: { include: [], exclude: ['g1'] } },
      { zones: { include: ['z1'], exclude: [] } },
      { holdsAdminRole: true },
      { deviceIsManaged: true },
      { deviceIsRegistered: true },
      { riskLevel: 'LOW' },
      { userTypes: { include: [], exclude: ['t1'] } },
      { deviceAssurances: { include: ['d1'], exclude: [] } },
      { behaviors: { include: ['b1'], exclude: [] } },
      { platforms: [{ type: 'ANY', os: 'ANY' }] },
    ];
    for (const condition of conditions) {
      expect(matched(condition, { proofs: fact([KEY]) })).toBe(false);
      expect(matched(condition, {}, 'DENY')).toBe(true);
      expect(evaluatePolicy({}, policy([rule({ conditions: condition })]), NOW).skipped).toEqual([
        { ruleId: 'r', condition: Object.keys(condition)[0], isUnknown: true },
      ]);
    }
  });
  it('a fact that expired is unknown, at the very instant', () => {
    expect(matched({ riskLevel: 'LOW' }, { ...FACTS, risk: fact('LOW', NOW + 1) })).toBe(true);
    expect(matched({ riskLevel: 'LOW' }, { ...FACTS, risk: fact('LOW', NOW) })).toBe(false);
  });
});

describe('evaluatePolicy', () => {
  it('denies a service account whatever the rules say, and judges what has no such fact by the rules', () => {
    const rules = [rule()];
    const facts: Facts = { proofs: fact([KEY, PASSWORD]) };
    const asServiceAccount = { ...facts, isServiceAccount: fact(true) };
    for (const asked of [policy(rules), policy([]), policy(rules, false)])
      expect(evaluatePolicy(asServiceAccount, asked, NOW)).toEqual({
        verdict: { kind: 'deny', reasons: ['service-account'] },
        matchedRuleId: null,
        skipped: [],
      });
    for (const person of [facts, { ...facts, isServiceAccount: fact(false) }])
      expect(evaluatePolicy(person, policy(rules), NOW).verdict.kind).toBe('allow');
  });

  describe('of a service account that somebody may sign in as for a while', () => {
    const until = (expiresAt: number): Facts => ({
      ...FACTS,
      userId: fact('robot'),
      isServiceAccount: fact(true),
      maintenance: { value: { grantId: 'gra1' }, source: 'directory', observedAt: NOW - 10, expiresAt },
    });
    const naming = (id: string, more: Partial<PolicyRule> = {}): PolicyRule =>
      rule({ id, conditions: { users: { include: ['robot'], exclude: [] } }, ...more });
    const EVERYBODY = rule({ id: 'everybody', priority: 0 });

    it('takes the rule that names it, and none for everybody or for a group', () => {
      const ofGroup = rule({ id: 'group', priority: 1, conditions: { groups: { include: ['g1'], exclude: [] } } });
      const facts = { ...until(NOW + 1), groupIds: fact(['g1']) };
      const judged = evaluatePolicy(facts, policy([EVERYBODY, ofGroup, naming('own', { priority: 2 })]), NOW);
      expect([judged.verdict.kind, judged.matchedRuleId, judged.skipped.map(({ ruleId }) => ruleId)]).toEqual([
        'allow',
        'own',
        ['everybody', 'group'],
      ]);
      const without = { verdict: { kind: 'deny', reasons: ['service-account-no-rule'] }, matchedRuleId: null };
      expect(evaluatePolicy(facts, policy([EVERYBODY, ofGroup]), NOW)).toMatchObject(without);
      expect(evaluatePolicies(facts, [policy([EVERYBODY]), policy([ofGroup])], NOW)).toMatchObject(without);
      // A rule that leaves others out names nobody.
      const butOne = rule({ id: 'but', conditions: { users: { include: [], exclude: ['u9'] } } });
      expect(evaluatePolicy(facts, policy([butOne]), NOW)).toMatchObject(without);
    });

    it('is denied from the very instant of the end on, and by what denies everybody before', () => {
      for (const [end, kind] of [
        [NOW + 1, 'allow'],
        [NOW, 'deny'],
        [NOW - 1, 'deny'],
      ] as const)
        expect([end, evaluatePolicy(until(end), policy([naming('own')]), NOW).verdict.kind]).toEqual([end, kind]);
      expect(evaluatePolicy(until(NOW), policy([naming('own')]), NOW).verdict.reasons).toEqual(['service-account']);
      const denying = rule({ id: 'deny', priority: 0, access: 'DENY' });
      expect(evaluatePolicy(until(NOW + 1), policy([denying, naming('own', { priority: 1 })]), NOW)).toMatchObject({
        verdict: { kind: 'deny' },
        matchedRuleId: 'deny',
      });
    });

    it('keeps what the rule asks for, is never a break-glass account, and nobody where its id is unknown', () => {
      const facts = until(NOW + 1);
      const { proofs: _, ...bare } = facts;
      expect(evaluatePolicy(bare, policy([naming('own')]), NOW).verdict.kind).toBe('step_up');
      const sealed: Facts = { ...facts, breakGlass: fact({ networks: { primary: [], secondary: [], tertiary: [] } }) };
      expect(evaluatePolicy(sealed, policy([naming('own')]), NOW).verdict.reasons).toEqual(['service-account']);
      const { userId: __, ...nameless } = facts;
      expect(evaluatePolicy(nameless, policy([naming('own')]), NOW).verdict.kind).toBe('deny');
      // Of a person the fact means nothing.
      const person = { ...facts, isServiceAccount: fact(false) };
      expect(evaluatePolicy(person, policy([EVERYBODY]), NOW).matchedRuleId).toBe('everybody');
    });
  });

  it('lets the first matching rule by priority decide, whatever the order of the list', () => {
    const rules = [rule({ id: 'last', priority: 99, access: 'DENY' }), rule({ id: 'first', priority: 0 })];
    const judged = evaluatePolicy(FACTS, policy(rules), NOW);
    expect(judged).toEqual({
      verdict: { kind: 'allow', reasons: ['policy-rule-matched', 'assurance-met'] },
      matchedRuleId: 'first',
      skipped: [],
    });
  });
  it('passes over inactive rules and tells why others did not apply', () => {
    const rules = [
      rule({ id: 'off', priority: 0, isActive: false }),
      rule({ id: 'other', conditions: { users: { include: ['u9'], exclude: [] } } }),
      rule({ id: 'deny', priority: 9, access: 'DENY' }),
    ];
    expect(evaluatePolicy(FACTS, policy(rules), NOW)).toEqual({
      verdict: { kind: 'deny', reasons: ['policy-rule-matched'] },
      matchedRuleId: 'deny',
      skipped: [{ ruleId: 'other', condition: 'users', isUnknown: false }],
    });
  });
  it('asks for more where the proofs fall short', () => {
    expect(
      evaluatePolicy({ ...FACTS, proofs: fact([PASSWORD]) }, policy([rule({ assurance: STRONG })]), NOW).verdict,
    ).toEqual({ kind: 'step_up', reasons: ['policy-rule-matched', 'assurance-missing'], need: STRONG });
    expect(evaluatePolicy({}, policy([rule()]), NOW).verdict.kind).toBe('step_up');
  });
  it('denies without a rule that matches, and when switched off', () => {
    const denied = { verdict: { kind: 'deny', reasons: ['policy-no-match'] }, matchedRuleId: null, skipped: [] };
    expect(evaluatePolicy(FACTS, policy([]), NOW)).toEqual(denied);
    expect(evaluatePolicy(FACTS, policy([rule()], false), NOW)).toEqual(denied);
  });
  it('never allows with facts taken away what it did not allow with them', () => {
    const keys = Object.keys(FACTS) as (keyof Facts)[];
    const conditions = fc.record(
      {
        users: fc.constant({ include: ['u1'], exclude: [] }),
        groups: fc.constant({ include: [], exclude: ['g1'] }),
        holdsAdminRole: fc.boolean(),
        riskLevel: fc.constantFrom('LOW' as const, 'HIGH' as const),
      },
      { requiredKeys: [] },
    );
    const rules = fc
      .array(
        fc.record({
          conditions,
          access: fc.constantFrom('ALLOW' as const, 'DENY' as const),
          priority: fc.integer({ min: 0, max: 3 }),
        }),
        { maxLength: 4 },
      )
      .map((list) => list.map((more, i) => rule({ ...more, id: `r${i}` } as Partial<PolicyRule>)));
    fc.assert(
      fc.property(rules, fc.subarray(keys), (list, kept) => {
        const known = Object.fromEntries(kept.map((key) => [key, FACTS[key]])) as Facts;
        const denies = list.filter((r) => r.access === 'DENY');
        if (evaluatePolicy(known, policy(list), NOW).verdict.kind === 'allow')
          expect(list.some((r) => r.access === 'ALLOW')).toBe(true);
        expect(evaluatePolicy(known, policy(denies), NOW).verdict.kind).toBe('deny');
        // A service account that somebody may sign in as for a while gets in by a rule that names it, and by no other.
        const maintained: Facts = { ...known, isServiceAccount: fact(true), maintenance: fact({ grantId: 'gra1' }) };
        const { verdict, matchedRuleId } = evaluatePolicy(maintained, policy(list), NOW);
        const by = list.find(({ id }) => id === matchedRuleId);
        if (verdict.kind !== 'deny') expect(by?.conditions.users?.include).toEqual([known.userId?.value]);
        const person = evaluatePolicy(
          known,
          policy(list.filter((r) => r.access === 'DENY' || r.conditions.users)),
          NOW,
        );
        expect(verdict.kind).toBe(person.verdict.kind);
      }),
    );
  });
});

describe('evaluatePolicies', () => {
  const named = (id: string, more: Partial<Policy>): Policy => ({ ...policy([rule({ id: `r-${id}` })]), id, ...more });
  const forGroup = (id: string): Pick<Policy, 'conditions'> => ({
    conditions: { groups: { include: [id], exclude: [] } },
  });
  const decided = (facts: Facts, ...policies: Policy[]): string | null =>
    evaluatePolicies(facts, policies, NOW).policyId;

  it('the first that is for this person, and of which a rule matches, decides', () => {
    const others = named('others', forGroup('g9'));
    const mine = named('mine', forGroup('g2'));
    const all = named('all', {});
    expect(decided(FACTS, others, mine, all)).toBe('mine');
    expect(decided(FACTS, others, all)).toBe('all');
    expect(decided(FACTS, { ...mine, isActive: false }, all)).toBe('all');
    expect(decided(FACTS, { ...mine, rules: [] }, all)).toBe('all');
    expect(decided(FACTS, { ...mine, rules: [rule({ conditions: { riskLevel: 'HIGH' } })] }, all)).toBe('all');
    expect(decided(FACTS, others)).toBe(null);
    expect(evaluatePolicies(FACTS, [], NOW).verdict).toEqual({ kind: 'deny', reasons: ['policy-no-match'] });
  });
  it('tells of the rules of all policies that were asked why they did not apply', () => {
    const first = named('first', { rules: [rule({ id: 'a', conditions: { riskLevel: 'HIGH' } })] });
    expect(evaluatePolicies(FACTS, [first, named('all', {})], NOW)).toMatchObject({
      policyId: 'all',
      matchedRuleId: 'r-all',
      skipped: [{ ruleId: 'a', condition: 'riskLevel', isUnknown: false }],
    });
  });
  it('where it is not known whether a policy is for this person, none below it lets them in', () => {
    const { groupIds: _, ...facts } = FACTS;
    expect(decided(facts, named('some', forGroup('g1')), named('all', {}))).toBe(null);
    expect(evaluatePolicies(facts, [named('some', forGroup('g1')), named('all', {})], NOW).verdict.kind).toBe('deny');
  });
});
