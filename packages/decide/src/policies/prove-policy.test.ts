import type { FactorProof } from '@sallyport/model/facts';
import type { Policy, PolicyRule, RuleConditions, Selection } from '@sallyport/model/policy';
import type { ExampleFacts, FindingKind } from '@sallyport/model/policy-proof';
import type { Assurance } from '@sallyport/model/verdict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from './evaluate-policy.ts';
import { factsOfExample } from './find-facts.ts';
import { meetsAssurance } from './meets-assurance.ts';
import { isOneFactorEnough, provePolicy, weakestAuthenticators } from './prove-policy.ts';

const RUNS = process.env['PROOF'] === 'full' ? 100_000 : 300;

const ONE: Assurance = {
  factors: 1,
  isPossessionRequired: false,
  isPhishingResistantRequired: false,
  isDeviceBoundRequired: false,
  isUserVerificationRequired: false,
  maxAgeSeconds: null,
};
const TWO: Assurance = { ...ONE, factors: 2 };
const STRONG: Assurance = {
  factors: 2,
  isPossessionRequired: true,
  isPhishingResistantRequired: true,
  isDeviceBoundRequired: true,
  isUserVerificationRequired: true,
  maxAgeSeconds: 0,
};
const is = (...include: string[]): Selection => ({ include, exclude: [] });
const not = (...exclude: string[]): Selection => ({ include: [], exclude });
type Short = readonly [PolicyRule['access'], RuleConditions, Assurance?, Partial<PolicyRule>?];
const rules = (...list: Short[]): PolicyRule[] =>
  list.map(([access, conditions, assurance = STRONG, more = {}], i) => ({
    id: `r${i}`,
    name: `r${i}`,
    priority: i,
    isActive: true,
    access,
    conditions,
    assurance,
    ...more,
  }));
const policyOf = (list: readonly PolicyRule[], more: Partial<Policy> = {}): Policy => ({
  id: 'p',
  name: 'p',
  type: 'ACCESS_POLICY',
  version: 1,
  isActive: true,
  rules: list,
  ...more,
});
const LAST: Short = ['DENY', {}];

it('says which rules rest on a zone for which there is no data, included or excluded, and never of one that is off', () => {
  const list = rules(
    ['ALLOW', { zones: is('known') }],
    ['ALLOW', { zones: is('known', 'lacking') }],
    ['ALLOW', { zones: not('lacking') }],
    ['ALLOW', { zones: is('lacking') }, STRONG, { isActive: false }],
    LAST,
  );
  const said = (zones: string[]) =>
    provePolicy(policyOf(list), new Set(zones))
      .findings.filter(({ kind }) => kind === 'zone-without-data')
      .map(({ ruleId }) => ruleId);
  expect(said(['lacking'])).toEqual(['r1', 'r2']);
  expect(said([])).toEqual([]);
});
/** `kind rule<shadowing rules`, in the order of the findings. */
const found = (...list: Short[]): string[] =>
  provePolicy(policyOf(rules(...list))).findings.map(
    ({ kind, ruleId, byRuleIds }) => `${kind} ${ruleId ?? '-'}${byRuleIds.map((id) => `<${id}`).join('')}`,
  );

describe('what is found in a policy', () => {
  it('nothing where a key is asked for from a zone, and the rest is denied', () => {
    const { ways, findings, isComplete } = provePolicy(
      policyOf(rules(['ALLOW', { groups: is('ops'), zones: is('office') }], LAST)),
    );
    expect(findings).toEqual([]);
    expect(isComplete).toBe(true);
    expect(ways).toEqual([
      {
        ruleId: 'r0',
        weakest: ['verified-bound-key'],
        exceptRuleIds: [],
        example: { groups: ['ops'], zones: { in: ['office'], unknown: [] } },
      },
    ]);
  });
  it('rules that contradict themselves', () => {
    expect(found(['ALLOW', { zones: { include: ['a'], exclude: ['a'] } }], LAST)).toEqual(['rule-contradictory r0']);
    expect(found(['ALLOW', { users: { include: ['u'], exclude: ['u'] }, zones: is('a') }], LAST)).toEqual([
      'rule-contradictory r0',
    ]);
    // Of a denying rule an unknown fact meets it: it does apply.
    expect(found(['DENY', { zones: { include: ['a'], exclude: ['a'] } }], LAST)).toEqual([]);
  });
  it('rules that are shadowed, by the fewest that do it', () => {
    expect(found(['DENY', {}], ['ALLOW', { zones: is('a') }])).toEqual(['rule-shadowed r1<r0']);
    expect(
      found(['DENY', { zones: is('a') }], ['DENY', { groups: is('x') }], ['ALLOW', { zones: is('a') }], LAST),
    ).toEqual(['rule-shadowed r2<r0']);
    // Two rules together: whoever manages the device, or does not; but a device may be unknown.
    const managed = (deviceIsManaged: boolean): Short => ['ALLOW', { deviceIsManaged, zones: is('a') }];
    expect(found(managed(true), managed(false), ['ALLOW', { zones: is('a') }], LAST)).not.toContain(
      'rule-shadowed r2<r0<r1',
    );
    const denied = (deviceIsManaged: boolean): Short => ['DENY', { deviceIsManaged }];
    expect(found(denied(true), denied(false), ['ALLOW', { zones: is('a') }], LAST)).toEqual([
      'rule-shadowed r2<r0<r1',
      'rule-shadowed r3<r0<r1',
    ]);
    expect(
      found(['ALLOW', { zones: is('a', 'b') }], ['ALLOW', { zones: is('b') }], ['ALLOW', { zones: is('c') }], LAST),
    ).toEqual(['rule-shadowed r1<r0']);
  });
  it('a zone of which it is not known closes, and never opens', () => {
    // An address of which z1 is unknown is denied by the first, and may be in z2 all the same.
    const rest = ['ALLOW', { zones: not('z1') }] as const;
    // Out of it, and in it or unknown: two of the three decide all, and neither does alone.
    expect(found(['ALLOW', { zones: is('z1') }], rest, ['DENY', { zones: is('z1') }], LAST)).toEqual([
      'allows-anywhere r1',
      'rule-shadowed r3<r1<r2',
    ]);
    expect(
      found(['DENY', { zones: is('z1') }], ['ALLOW', { zones: { include: ['z2'], exclude: ['z1'] } }], LAST),
    ).toEqual([]);
    expect(found(['DENY', { zones: not('z1') }], ['ALLOW', { zones: is('z2') }], LAST)).toEqual([]);
  });
  it('ways from anywhere: also past a rule that denies elsewhere', () => {
    expect(found(['ALLOW', { groups: is('ops') }], LAST)).toEqual(['allows-anywhere r0']);
    expect(found(['DENY', { zones: not('office') }], ['ALLOW', { groups: is('ops') }], LAST)).toEqual([]);
    expect(found(['DENY', { zones: is('tor') }], ['ALLOW', { groups: is('ops') }], LAST)).toEqual([
      'allows-anywhere r1',
    ]);
    expect(found(['ALLOW', { zones: not('tor') }], LAST)).toEqual(['allows-anywhere r0']);
    expect(found(['ALLOW', { deviceIsManaged: true }], LAST)).toEqual([]);
    expect(found(['ALLOW', { deviceIsManaged: false }], LAST)).toEqual([]);
    expect(found(['DENY', { deviceIsRegistered: false }], ['ALLOW', {}], LAST)).toContain('rule-shadowed r2<r1');
  });
  it('one factor, and a last word that is missing', () => {
    const office = { zones: is('office') };
    expect(found(['ALLOW', office, ONE], LAST)).toEqual(['allows-one-factor r0']);
    expect(found(['ALLOW', office, { ...ONE, isDeviceBoundRequired: true }], LAST)).toEqual(['allows-one-factor r0']);
    expect(found(['ALLOW', office, { ...ONE, isUserVerificationRequired: true }], LAST)).toEqual([]);
    expect(found(['ALLOW', office, TWO], LAST)).toEqual([]);
    expect(found(['DENY', office], ['ALLOW', office, ONE], LAST)).toEqual(['rule-shadowed r1<r0']);
    expect(found(['ALLOW', office])).toEqual(['catch-all-missing -']);
    expect(found(['ALLOW', {}])).toEqual(['allows-anywhere r0', 'catch-all-missing -']);
    expect(found(['ALLOW', {}], LAST)).toEqual(['allows-anywhere r0', 'rule-shadowed r1<r0']);
    expect(found()).toEqual(['catch-all-missing -']);
    // A denial of every platform there is, and of an unknown one, denies all.
    const everywhere = { platforms: [{ type: 'ANY', os: 'ANY' }] } as const;
    expect(found(['ALLOW', {}], ['DENY', everywhere])).not.toContain('catch-all-missing -');
    // Rules that deny all cases between them are a last word, too.
    expect(found(['ALLOW', office], ['DENY', { groups: is('x') }], ['DENY', { groups: not('x') }])).toEqual([]);
  });
  it('nothing of rules that are off, and no doors of the global session policy', () => {
    expect(found(['ALLOW', {}, ONE, { isActive: false }], LAST)).toEqual([]);
    const list = rules(['ALLOW', {}, ONE], LAST);
    expect(provePolicy(policyOf(list, { isActive: false })).ways).toEqual([]);
    expect(provePolicy(policyOf(list, { type: 'OKTA_SIGN_ON' })).findings.map(({ kind }) => kind)).toEqual([
      'rule-shadowed',
    ]);
  });
  it('reads rules by priority, whatever the order of the list', () => {
    expect(found(['ALLOW', { zones: is('a') }, STRONG, { priority: 9 }], ['DENY', {}])).toEqual([
      'rule-shadowed r0<r1',
    ]);
  });
});

describe('what is too large', () => {
  const many = (count: number): Short[] =>
    Array.from({ length: count }, (_, i) => [
      i % 3 === 0 ? 'DENY' : 'ALLOW',
      { groups: { include: [`g${i}`, `g${i + 1}`], exclude: ['banned'] }, zones: is(`z${i % 7}`, `z${i % 5}`) },
    ]);
  it('is not answered, and says so of each rule: none is passed over in silence', () => {
    const proof = provePolicy(policyOf(rules(...many(200), LAST)));
    expect(proof.isComplete).toBe(false);
    const named = new Set([...proof.ways, ...proof.findings].map(({ ruleId }) => ruleId));
    for (let i = 0; i < 200; i++) expect(i % 3 === 0 || named.has(`r${i}`), `r${i}`).toBe(true);
    expect(proof.findings).toContainEqual({ kind: 'not-proven', ruleId: null, byRuleIds: [], example: null });
  });
  it('an expression is not answered, and what does not depend on it is', () => {
    const expression = { kind: 'risk', level: 'HIGH' } as const;
    const list: Short[] = [['ALLOW', { expression }], ['ALLOW', { zones: is('a') }, ONE], LAST];
    const proof = provePolicy(policyOf(rules(...list)));
    expect(proof.isComplete).toBe(false);
    expect(proof.findings).toContainEqual({ kind: 'not-proven', ruleId: 'r0', byRuleIds: [], example: null });
    expect(found(list[1] as Short, list[0] as Short, LAST)).toContain('allows-one-factor r0');
  });
  it('fifty rules with their own groups and zones are answered', () => {
    const proof = provePolicy(policyOf(rules(...many(50), LAST)));
    expect(proof.isComplete).toBe(true);
    expect(proof.findings).toEqual([]);
    expect(proof.ways).toHaveLength(33);
  });
});

// Small models: every fact of a small universe, also the unknown ones, is judged by the evaluator itself.
const subsets = (ids: readonly string[]): string[][] =>
  ids.reduce<string[][]>((sets, id) => sets.concat(sets.map((set) => [...set, id])), [[]]);
const UNIVERSE: { readonly [K in keyof RuleConditions]-?: readonly unknown[] } = {
  users: ['u1', 'u2', 'u3'],
  groups: subsets(['g1', 'g2', 'g3']),
  zones: subsets(['z1', 'z2', 'z3']).flatMap((within) =>
    subsets(['z1', 'z2', 'z3'].filter((id) => !within.includes(id))).map((unknown) => ({ in: within, unknown })),
  ),
  holdsAdminRole: [true, false],
  userTypes: ['t1', 't2', 't3'],
  deviceIsRegistered: [true, false],
  deviceIsManaged: [true, false],
  deviceAssurances: subsets(['d1', 'd2']),
  platforms: ['Linux', 'Windows NT', 'Macintosh', 'CrOS', 'iPhone', 'Android', 'Windows Phone', 'other'],
  riskLevel: ['LOW', 'MEDIUM', 'HIGH'],
  behaviors: subsets(['b1', 'b2']),
  expression: [],
};
type Condition = keyof RuleConditions;
const worldsOf = (conditions: readonly Condition[]): ExampleFacts[] =>
  conditions.reduce<ExampleFacts[]>(
    (worlds, condition) =>
      worlds.concat(worlds.flatMap((world) => UNIVERSE[condition].map((value) => ({ ...world, [condition]: value })))),
    [{}],
  );
const selection = (ids: readonly string[]): fc.Arbitrary<Selection> =>
  fc.record({ include: fc.subarray([...ids]), exclude: fc.subarray([...ids], { maxLength: 1 }) });
const CONDITIONS: { readonly [K in Condition]-?: fc.Arbitrary<RuleConditions[K]> } = {
  users: selection(['u1', 'u2']),
  groups: selection(['g1', 'g2', 'g3']),
  userTypes: selection(['t1', 't2']),
  zones: selection(['z1', 'z2', 'ALL_ZONES']),
  deviceAssurances: selection(['d1', 'd2']),
  behaviors: selection(['b1', 'b2']),
  expression: fc.constant(undefined),
  platforms: fc.array(
    fc.record({
      type: fc.constantFrom('ANY' as const, 'DESKTOP' as const, 'MOBILE' as const, 'OTHER' as const),
      os: fc.constantFrom('ANY' as const, 'LINUX' as const, 'OTHER' as const, 'WINDOWS' as const, 'IOS' as const),
    }),
    { maxLength: 2 },
  ),
  holdsAdminRole: fc.boolean(),
  deviceIsRegistered: fc.boolean(),
  deviceIsManaged: fc.boolean(),
  riskLevel: fc.constantFrom('LOW' as const, 'MEDIUM' as const, 'HIGH' as const),
};
// Expressions are not proven: `what is too large` looks at them.
const ALL = (Object.keys(CONDITIONS) as Condition[]).filter((condition) => condition !== 'expression');
const assurance: fc.Arbitrary<Assurance> = fc.record({
  factors: fc.constantFrom(1 as const, 2 as const),
  isPossessionRequired: fc.boolean(),
  isPhishingResistantRequired: fc.boolean(),
  isDeviceBoundRequired: fc.boolean(),
  isUserVerificationRequired: fc.boolean(),
  maxAgeSeconds: fc.constantFrom(null, 0, 3600),
});
const drawn = fc
  .subarray(ALL, { minLength: 1, maxLength: 3 })
  .chain((conditions) =>
    fc.tuple(
      fc.constant(conditions),
      fc.array(
        fc.tuple(
          fc.constantFrom('ALLOW' as const, 'ALLOW' as const, 'DENY' as const),
          fc.record(Object.fromEntries(conditions.map((name) => [name, CONDITIONS[name]])), { requiredKeys: [] }),
          assurance,
          fc.record({ isActive: fc.constantFrom(true, true, true, true, false), priority: fc.nat({ max: 3 }) }),
        ),
        { maxLength: 6 },
      ),
    ),
  );

const deciding = (list: readonly PolicyRule[], world: ExampleFacts): string | null =>
  evaluatePolicy(factsOfExample(world), policyOf(list), 0).matchedRuleId;
const DEVICE: readonly Condition[] = ['deviceIsRegistered', 'deviceIsManaged', 'deviceAssurances'];

describe('a proof against every case of a small model', () => {
  it('says of ways, shadows, contradictions, networks and last words what trying all of them says', () => {
    const seen = new Map<FindingKind | 'way', number>();
    fc.assert(
      fc.property(drawn, ([conditions, list]) => {
        const all = rules(...list);
        const proof = provePolicy(policyOf(all));
        for (const { kind } of proof.findings) seen.set(kind, (seen.get(kind) ?? 0) + 1);
        seen.set('way', (seen.get('way') ?? 0) + proof.ways.length);
        const worlds = worldsOf(conditions);
        const outside = worlds.filter(
          (world) =>
            DEVICE.every((name) => world[name] === undefined) &&
            (!conditions.includes('zones') || JSON.stringify(world.zones) === '{"in":[],"unknown":[]}'),
        );
        const has = (kind: FindingKind, ruleId: string | null): boolean =>
          proof.findings.some((one) => one.kind === kind && one.ruleId === ruleId);
        const deciders = new Set(worlds.map((world) => deciding(all, world)));
        const decidersOutside = new Set(outside.map((world) => deciding(all, world)));
        const active = all.filter(({ isActive }) => isActive).toSorted((a, b) => a.priority - b.priority);
        expect(proof.isComplete).toBe(true);
        for (const [place, rule] of active.entries()) {
          const { id } = rule;
          const alone = worlds.some((world) => deciding([rule], world) === id);
          expect(has('rule-contradictory', id)).toBe(!alone);
          expect(has('rule-shadowed', id)).toBe(alone && !deciders.has(id));
          const way = proof.ways.find(({ ruleId }) => ruleId === id);
          expect(way !== undefined).toBe(rule.access === 'ALLOW' && deciders.has(id));
          expect(has('allows-anywhere', id)).toBe(rule.access === 'ALLOW' && decidersOutside.has(id));
          expect(has('allows-one-factor', id)).toBe(way !== undefined && isOneFactorEnough(rule.assurance));
          expect(way?.exceptRuleIds ?? []).toEqual(
            way === undefined
              ? []
              : active
                  .slice(0, place)
                  .filter((one) => worlds.some((w) => deciding([one], w) !== null && deciding([rule], w) !== null))
                  .map((one) => one.id),
          );
          const shadow = proof.findings.find((one) => one.kind === 'rule-shadowed' && one.ruleId === id);
          if (shadow !== undefined) {
            const by = active.filter((one) => shadow.byRuleIds.includes(one.id));
            const passes = (some: readonly PolicyRule[]) =>
              worlds.some((world) => deciding([...some, rule], world) === id);
            expect(passes(by)).toBe(false);
            for (const one of by) expect(passes(by.filter((other) => other !== one))).toBe(true);
          }
        }
        const always = (access: PolicyRule['access']): PolicyRule[] =>
          active.filter((rule) => rule.access === access && worlds.every((w) => deciding([rule], w) === rule.id));
        const open = new Set<string | null>(always('DENY').length > 0 ? [] : always('ALLOW').map(({ id }) => id));
        expect(has('catch-all-missing', null)).toBe([...deciders].some((id) => id === null || open.has(id)));
        for (const { ruleId, example } of [...proof.ways, ...proof.findings])
          if (ruleId !== null && example !== null) expect(deciding(all, example)).toBe(ruleId);
      }),
      { numRuns: RUNS },
    );
    // It is no proof of anything where a finding hardly occurs.
    for (const kind of ['way', 'rule-contradictory', 'rule-shadowed', 'allows-anywhere', 'catch-all-missing'] as const)
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(RUNS / 30);
  }, 900_000);

  it('names the weakest authenticators: whatever suffices is at least as strong as one of them', () => {
    const factor = fc.oneof(
      fc.record({
        kind: fc.constant('webauthn' as const),
        isPhishingResistant: fc.constant(true),
        isDeviceBound: fc.boolean(),
        isUserVerified: fc.boolean(),
      }),
      fc.record({
        kind: fc.constantFrom('password' as const, 'totp' as const),
        isPhishingResistant: fc.constant(false),
        isDeviceBound: fc.constant(false),
        isUserVerified: fc.constant(false),
      }),
    );
    fc.assert(
      fc.property(assurance, fc.uniqueArray(factor, { maxLength: 3, selector: JSON.stringify }), (need, factors) => {
        const proofs = factors.map((one, i): FactorProof => ({ ...one, factorId: String(i), provedAt: 0 }));
        const names = weakestAuthenticators(need);
        expect(names.length).toBeGreaterThan(0);
        const someKey = (isEnough: (one: FactorProof) => boolean): boolean =>
          proofs.some((one) => one.kind === 'webauthn' && isEnough(one));
        const hasPassword = proofs.some(({ kind }) => kind === 'password');
        const possesses = proofs.some(({ kind }) => kind !== 'password');
        const had: Readonly<Record<string, boolean>> = {
          password: hasPassword,
          totp: possesses,
          'synced-key': someKey(() => true),
          'bound-key': someKey((one) => one.isDeviceBound),
          'password+totp': hasPassword && possesses,
          'password+synced-key': hasPassword && someKey(() => true),
          'password+bound-key': hasPassword && someKey((one) => one.isDeviceBound),
          'verified-synced-key': someKey((one) => one.isUserVerified),
          'verified-bound-key': someKey((one) => one.isUserVerified && one.isDeviceBound),
        };
        expect(meetsAssurance(proofs, need, 0)).toBe(names.some((name) => had[name]));
        const single = factors.length === 1 && !proofs.some(({ isUserVerified }) => isUserVerified);
        if (single && meetsAssurance(proofs, need, 0)) expect(isOneFactorEnough(need)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  }, 900_000);
});
