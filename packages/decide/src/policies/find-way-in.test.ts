import type { Fact, FactorProof, Facts } from '@sallyport/model/facts';
import type { Policy, PolicyRule, RuleConditions } from '@sallyport/model/policy';
import type { Assurance } from '@sallyport/model/verdict';
import { describe, expect, it } from 'vitest';
import { findPlaceToRenew, findWayIn, findWaysIn } from './find-way-in.ts';

const NOW = 1_000_000;
const fact = <T>(value: T): Fact<T> => ({ value, source: 'test', observedAt: NOW, expiresAt: null });
const proof = (kind: FactorProof['kind']): FactorProof => ({
  factorId: kind,
  kind,
  isPhishingResistant: kind === 'webauthn',
  isDeviceBound: kind === 'webauthn',
  isUserVerified: kind === 'webauthn',
  provedAt: NOW,
});
const KEY = [proof('webauthn')];
const PASSWORD_AND_KEY = [proof('password'), proof('webauthn')];
const TWO: Assurance = {
  factors: 2,
  isPossessionRequired: true,
  isPhishingResistantRequired: true,
  isDeviceBoundRequired: true,
  isUserVerificationRequired: true,
  maxAgeSeconds: 0,
};
const NONE: Assurance = {
  factors: 1,
  isPossessionRequired: false,
  isPhishingResistantRequired: false,
  isDeviceBoundRequired: false,
  isUserVerificationRequired: false,
  maxAgeSeconds: null,
};
const rule = (
  access: PolicyRule['access'],
  conditions: RuleConditions,
  more: Partial<PolicyRule> = {},
): Partial<PolicyRule> => ({ access, conditions, ...more });
const policy = (type: Policy['type'], ...rules: Partial<PolicyRule>[]): Policy => ({
  id: type,
  name: type,
  type,
  version: 1,
  isActive: true,
  rules: rules.map((one, i) => ({
    id: `r${i}`,
    name: `r${i}`,
    priority: i,
    isActive: true,
    conditions: {},
    access: 'ALLOW',
    assurance: type === 'ACCESS_POLICY' ? TWO : NONE,
    ...one,
  })),
});
const consoleRules = (...rules: Partial<PolicyRule>[]) => policy('ACCESS_POLICY', ...rules);
const OPEN = [policy('OKTA_SIGN_ON', {})];
const PERSON: Facts = { userId: fact('ana'), groupIds: fact(['staff']), userTypeId: fact('oty'), profile: fact({}) };
const place = (zones: string[], unknown: string[] = []): Facts => ({
  zoneIds: fact(zones),
  unknownZoneIds: fact(unknown),
});
const isWay = (
  console: Policy,
  { global = OPEN, places = [place([])], signIns = [KEY] as readonly (readonly FactorProof[])[], person = PERSON } = {},
): boolean => findWayIn({ person, signIns, places }, { global, console }, NOW) !== null;

describe('a way in', () => {
  it('is there where both policies let the person in, from one of the places, in one of the browsers', () => {
    expect(isWay(consoleRules({}))).toBe(true);
    expect(isWay(consoleRules({}), { global: [] })).toBe(false);
    expect(isWay(consoleRules({}), { places: [] })).toBe(false);
    expect(isWay(consoleRules({}), { signIns: [] })).toBe(false);
    const office = consoleRules(rule('ALLOW', { zones: { include: ['office'], exclude: [] } }));
    expect(isWay(office)).toBe(false);
    expect(isWay(office, { places: [place([]), place(['office'])] })).toBe(true);
    const phone = consoleRules(rule('ALLOW', { platforms: [{ type: 'MOBILE', os: 'IOS' }] }));
    expect(isWay(phone)).toBe(true);
  });

  it('must be the same place for both policies', () => {
    const global = [policy('OKTA_SIGN_ON', rule('ALLOW', { zones: { include: ['a'], exclude: [] } }))];
    const console_ = consoleRules(rule('ALLOW', { zones: { include: ['b'], exclude: [] } }));
    expect(isWay(console_, { global, places: [place(['a']), place(['b'])] })).toBe(false);
    expect(isWay(console_, { global, places: [place(['a', 'b'])] })).toBe(true);
  });

  it('is none where it needs what is unknown: a device, a risk, a behaviour, a zone without data', () => {
    for (const conditions of [
      { deviceIsManaged: true },
      { deviceIsRegistered: false },
      { deviceAssurances: { include: ['d'], exclude: [] } },
      { riskLevel: 'LOW' },
      { behaviors: { include: [], exclude: ['b'] } },
      { zones: { include: ['somewhere'], exclude: [] } },
    ] satisfies RuleConditions[])
      expect([
        conditions,
        isWay(consoleRules(rule('ALLOW', conditions)), { places: [place([], ['somewhere'])] }),
      ]).toEqual([conditions, false]);
    // Nor past a denial that may be meant.
    expect(isWay(consoleRules(rule('DENY', { riskLevel: 'HIGH' }), {}))).toBe(false);
  });

  it('is none for a person whom it is not for, as they are now', () => {
    const staff = consoleRules(rule('ALLOW', { groups: { include: ['staff'], exclude: [] } }));
    expect(isWay(staff)).toBe(true);
    expect(isWay(staff, { person: { ...PERSON, groupIds: fact([]) } })).toBe(false);
    expect(isWay(consoleRules({}), { person: { ...PERSON, isServiceAccount: fact(true) } })).toBe(false);
  });

  it('takes what one sign-in proves, and stops where the password alone is denied', () => {
    const withPassword = consoleRules(rule('ALLOW', {}, { assurance: { ...TWO, isPasswordRequired: true } }));
    expect(isWay(withPassword)).toBe(false);
    expect(isWay(withPassword, { signIns: [KEY, PASSWORD_AND_KEY] })).toBe(true);
    const noPasswords = [
      policy(
        'OKTA_SIGN_ON',
        rule('ALLOW', { expression: { kind: 'amr', value: 'hwk' } }),
        rule('DENY', { expression: { kind: 'amr', value: 'pwd' } }),
        {},
      ),
    ];
    expect(isWay(consoleRules({}), { global: noPasswords })).toBe(true);
    expect(isWay(withPassword, { global: noPasswords, signIns: [KEY, PASSWORD_AND_KEY] })).toBe(false);
  });
});

describe('a place to choose another password', () => {
  const inZone = (access: PolicyRule['access'], ...include: string[]) =>
    rule(access, { zones: { include, exclude: [] } });
  const isPlace = (passwords: Policy, { global = OPEN, places = [place([])] } = {}): boolean =>
    findPlaceToRenew(
      { person: PERSON, places },
      { password: proof('password'), passwords: [passwords] },
      global,
      NOW,
    ) !== null;

  it('is where the first rule of passwords that matches allows it', () => {
    expect(isPlace(policy('PASSWORD', {}))).toBe(true);
    expect(isPlace(policy('PASSWORD'))).toBe(false);
    expect(isPlace(policy('PASSWORD', rule('DENY', {}), {}))).toBe(false);
    const office = policy('PASSWORD', inZone('ALLOW', 'office'), rule('DENY', {}));
    expect(isPlace(office)).toBe(false);
    expect(isPlace(office, { places: [place([]), place(['office'])] })).toBe(true);
    expect(isPlace(office, { places: [place([], ['office'])] })).toBe(false);
  });

  it('is none where the policies of all sessions stop the password before it is asked', () => {
    const global = [policy('OKTA_SIGN_ON', inZone('DENY', 'office'), {})];
    const office = policy('PASSWORD', inZone('ALLOW', 'office'));
    expect(isPlace(office, { global, places: [place(['office'])] })).toBe(false);
    expect(isPlace(policy('PASSWORD', {}), { global, places: [place(['office']), place([])] })).toBe(true);
  });
});

describe('all ways in', () => {
  const all = (console: Policy, places: readonly Facts[], signIns: readonly (readonly FactorProof[])[]) =>
    findWaysIn({ person: PERSON, signIns, places }, { global: OPEN, console }, NOW);
  const at = (include: string[]): RuleConditions => ({ zones: { include, exclude: [] } });

  it('are told rule by rule, with what goes alone and what only beside the password', () => {
    const passwordToo: Assurance = { ...TWO, isPasswordRequired: true };
    const policy_ = consoleRules(rule('ALLOW', at(['office'])), rule('ALLOW', {}, { assurance: passwordToo }));
    const { ways, furthest } = all(policy_, [place([]), place(['office'])], [KEY, PASSWORD_AND_KEY]);
    expect(furthest).toBe(null);
    expect(ways.map(({ consoleRuleId, factors }) => [consoleRuleId, [...factors]])).toEqual([
      ['r1', [['webauthn', 'with-password']]],
      ['r0', [['webauthn', 'alone']]],
    ]);
    expect(ways[1]?.facts.zoneIds?.value).toEqual(['office']);
  });

  it('are none where findWayIn finds none, and then the sign-in that came furthest is told', () => {
    const passwordToo: Assurance = { ...TWO, isPasswordRequired: true };
    const policy_ = consoleRules(rule('ALLOW', at(['office']), { assurance: passwordToo }));
    const places = [place([]), place(['office'])];
    const { ways, furthest } = all(policy_, places, [KEY]);
    expect([ways, isWay(policy_, { places })]).toEqual([[], false]);
    expect(furthest?.facts.zoneIds?.value).toEqual(['office']);
    expect(furthest?.console.verdict.kind).toBe('step_up');
    expect(all(policy_, [], [KEY])).toEqual({ ways: [], furthest: null });
  });
});
