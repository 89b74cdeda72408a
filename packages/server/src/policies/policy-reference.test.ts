/**
 * Policies against a second reading of them: rules as the wire writes them are judged here by a plain, slow reading of the
 * documents, three-valued throughout, and by the product (documents → policy → `evaluatePolicy`). They must agree, on the
 * verdict and on the rule that decided. 300 random cases here, 100,000 in `npm run proof`.
 */
import { evaluatePolicy } from '@sallyport/decide/policies/evaluate-policy';
import type { Fact, FactorProof, Facts } from '@sallyport/model/facts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NEVER } from './assurance-documents.ts';
import { assuranceOf, conditionsOf, readDocuments } from './rule-documents.ts';

const RUNS = process.env['PROOF'] === 'full' ? 100_000 : 300;
const NOW = 1_800_000_000_000;

interface World {
  readonly user: string | undefined;
  readonly groups: readonly string[] | undefined;
  readonly zones: readonly string[] | undefined;
  /** Of these it is not known, unless they are in `zones`. */
  readonly openZones: readonly string[];
  readonly registered: boolean | undefined;
  readonly managed: boolean | undefined;
  readonly risk: 'LOW' | 'MEDIUM' | 'HIGH' | undefined;
  readonly proofs: readonly FactorProof[] | undefined;
}
interface Listed {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}
interface Rule {
  readonly id: string;
  readonly priority: number;
  readonly isActive: boolean;
  readonly conditions: {
    readonly people?: { readonly users?: Listed; readonly groups?: Listed };
    readonly network?: { readonly connection: 'ANYWHERE' | 'ZONE' } & Listed;
    readonly device?: { readonly registered?: boolean; readonly managed?: boolean };
    readonly riskScore?: { readonly level: 'ANY' | 'LOW' | 'MEDIUM' | 'HIGH' };
  };
  readonly actions: {
    readonly appSignOn: {
      readonly access: 'ALLOW' | 'DENY';
      readonly verificationMethod?: {
        readonly type: 'ASSURANCE';
        readonly factorMode: '1FA' | '2FA';
        readonly reauthenticateIn?: string;
        readonly constraints?: readonly { readonly possession: Readonly<Record<string, 'REQUIRED' | 'OPTIONAL'>> }[];
      };
    };
  };
}

// The second reading. "Include entries OR-ed; different conditions AND-ed; exclude wins"; an empty include asks for nothing.
type Truth = true | false | 'unknown';
const not = (truth: Truth): Truth => (truth === 'unknown' ? truth : !truth);
const or = (truths: readonly Truth[]): Truth =>
  truths.includes(true) ? true : truths.includes('unknown') ? 'unknown' : false;
const and = (...truths: Truth[]): Truth => not(or(truths.map(not)));
const member = (listed: Listed | undefined, of: readonly string[] | undefined, open: readonly string[] = []): Truth => {
  const wanted = listed?.include ?? [];
  const unwanted = listed?.exclude ?? [];
  if (wanted.length + unwanted.length === 0) return true;
  if (of === undefined) return 'unknown';
  const has = (id: string): Truth => (of.includes(id) ? true : open.includes(id) ? 'unknown' : false);
  return and(wanted.length === 0 || or(wanted.map(has)), not(or(unwanted.map(has))));
};
const same = (wanted: unknown, is: unknown): Truth =>
  wanted === undefined ? true : is === undefined ? 'unknown' : wanted === is;

const truthsOf = ({ conditions }: Rule, world: World): Truth[] => {
  const { people, network, device, riskScore } = conditions;
  return [
    member(people?.users, world.user === undefined ? undefined : [world.user]),
    member(people?.groups, world.groups),
    network?.connection === 'ZONE' ? member(network, world.zones, world.openZones) : true,
    same(device?.registered, world.registered),
    same(device?.managed, world.managed),
    same(riskScore?.level === 'ANY' ? undefined : riskScore?.level, world.risk),
  ];
};

const AGES: Readonly<Record<string, number>> = { PT1M: 60_000, PT2H: 7_200_000 };
/** Of two factors one is had: it is proved as the rule asks, and either verified its holder or goes with a password. */
const isAssured = (rule: Rule, proofs: readonly FactorProof[]): boolean => {
  const {
    factorMode,
    reauthenticateIn,
    constraints = [],
  } = rule.actions.appSignOn.verificationMethod ?? {
    factorMode: '1FA',
  };
  const isRecent = (proof: FactorProof): boolean =>
    reauthenticateIn === undefined ||
    (reauthenticateIn === 'PT0S'
      ? !proofs.some(({ provedAt }) => provedAt > proof.provedAt)
      : proof.provedAt + (AGES[reauthenticateIn] ?? Number.NaN) >= NOW);
  const has: Readonly<Record<string, (proof: FactorProof) => boolean>> = {
    deviceBound: (proof) => proof.isDeviceBound,
    hardwareProtection: (proof) => proof.isHardwareProtected === true,
    phishingResistant: (proof) => proof.isPhishingResistant,
    userVerification: (proof) => proof.isUserVerified,
  };
  const isHad = (proof: FactorProof): boolean =>
    proof.kind !== 'password' &&
    isRecent(proof) &&
    (constraints.length === 0 ||
      constraints.some(({ possession }) =>
        Object.entries(possession).every(([quality, asked]) => asked === 'OPTIONAL' || has[quality]?.(proof) === true),
      ));
  if (factorMode === '1FA') return constraints.length === 0 ? proofs.some(isRecent) : proofs.some(isHad);
  return proofs.some(
    (one) => isHad(one) && (one.isUserVerified || proofs.some((other) => other !== one && other.kind === 'password')),
  );
};

const judgeByReading = (rules: readonly Rule[], isPolicyActive: boolean, world: World) => {
  for (const priority of [0, 1, 2, 3]) {
    for (const rule of isPolicyActive ? rules : []) {
      if (rule.priority !== priority || !rule.isActive) continue;
      const truths = truthsOf(rule, world);
      const isAllowing = rule.actions.appSignOn.access === 'ALLOW';
      if (truths.includes(false) || (isAllowing && truths.includes('unknown'))) continue;
      if (!isAllowing) return { kind: 'deny', rule: rule.id };
      return { kind: isAssured(rule, world.proofs ?? []) ? 'allow' : 'step_up', rule: rule.id };
    }
  }
  return { kind: 'deny', rule: null };
};

const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 9 });
const listed = (ids: readonly string[]): fc.Arbitrary<Listed> =>
  fc.record({ include: fc.subarray([...ids]), exclude: fc.subarray([...ids]) }, { requiredKeys: [] });
const USERS = ['ana', 'ben', 'cleo'];
const GROUPS = ['admins', 'staff', 'guests'];
const ZONES = ['office', 'vpn', 'tor'];
const asked = fc.constantFrom('REQUIRED' as const, 'OPTIONAL' as const);
// Few of them at once, or hardly a rule would match.
const drawnConditions: fc.Arbitrary<Rule['conditions']> = fc
  .tuple(
    fc.subarray(['people', 'network', 'device', 'riskScore'] as const, { maxLength: 2 }),
    fc.record({
      people: fc.record({ users: listed(USERS), groups: listed(GROUPS) }, { requiredKeys: [] }),
      network: fc
        .tuple(fc.constantFrom('ANYWHERE' as const, 'ZONE' as const), listed(ZONES))
        .map(([connection, list]) => ({
          // ZONE without a zone is refused.
          connection: [list.include ?? [], list.exclude ?? []].flat().length === 0 ? ('ANYWHERE' as const) : connection,
          ...list,
        })),
      device: fc
        .record({ registered: fc.boolean(), managed: fc.boolean() }, { requiredKeys: [] })
        // Managed without registered is refused.
        .map((device) => (device.managed === true ? { ...device, registered: true } : device)),
      riskScore: fc.record({ level: fc.constantFrom('ANY' as const, 'LOW' as const, 'HIGH' as const) }),
    }),
  )
  .map(([kept, all]) => Object.fromEntries(kept.map((key) => [key, all[key]])));
const rule: fc.Arbitrary<Omit<Rule, 'id'>> = fc.record({
  priority: fc.nat({ max: 3 }),
  isActive: fc.constantFrom(true, true, true, false),
  conditions: drawnConditions,
  actions: fc.record({
    appSignOn: fc.record(
      {
        access: fc.constantFrom('ALLOW' as const, 'ALLOW' as const, 'DENY' as const),
        verificationMethod: fc.record(
          {
            type: fc.constant('ASSURANCE' as const),
            factorMode: fc.constantFrom('1FA' as const, '2FA' as const),
            reauthenticateIn: fc.constantFrom('PT0S', 'PT1M', 'PT2H'),
            constraints: fc.array(
              fc.record({
                possession: fc.record(
                  { deviceBound: asked, hardwareProtection: asked, phishingResistant: asked, userVerification: asked },
                  { requiredKeys: [] },
                ) as fc.Arbitrary<Record<string, 'REQUIRED' | 'OPTIONAL'>>,
              }),
              { maxLength: 2 },
            ),
          },
          { requiredKeys: ['type', 'factorMode'] },
        ),
      },
      { requiredKeys: ['access'] },
    ),
  }),
}) as fc.Arbitrary<Omit<Rule, 'id'>>;
const provedAt = fc.constantFrom(NOW, NOW - 60_000, NOW - 60_001, NOW - 7_200_000, NOW - 7_200_001);
const proof: fc.Arbitrary<FactorProof> = fc.oneof(
  fc.record({
    factorId: fc.constant('key'),
    kind: fc.constant('webauthn' as const),
    isPhishingResistant: fc.boolean(),
    isDeviceBound: fc.boolean(),
    isHardwareProtected: fc.boolean(),
    isUserVerified: fc.boolean(),
    provedAt,
  }),
  fc.record({
    factorId: fc.constant('other'),
    kind: fc.constantFrom('password' as const, 'totp' as const),
    isPhishingResistant: fc.constant(false),
    isDeviceBound: fc.constant(false),
    isUserVerified: fc.constant(false),
    provedAt,
  }),
);
const world: fc.Arbitrary<World> = fc.record({
  user: some(fc.constantFrom(...USERS, 'dora')),
  groups: some(fc.subarray(GROUPS)),
  zones: some(fc.subarray(ZONES)),
  openZones: fc.subarray(ZONES),
  registered: some(fc.boolean()),
  managed: some(fc.boolean()),
  risk: some(fc.constantFrom('LOW' as const, 'MEDIUM' as const, 'HIGH' as const)),
  proofs: some(fc.array(proof, { minLength: 1, maxLength: 3 })),
});

const factsOf = ({ user, groups, zones, openZones, registered, managed, risk, proofs }: World): Facts => {
  const slot = <K extends keyof Facts, T>(name: K, value: T | undefined): Partial<Record<K, Fact<T>>> =>
    value === undefined ? {} : ({ [name]: { value, source: 'test', observedAt: NOW, expiresAt: null } } as never);
  return {
    ...slot('userId', user),
    ...slot('groupIds', groups),
    ...slot('zoneIds', zones),
    ...slot(
      'unknownZoneIds',
      openZones.filter((id) => zones?.includes(id) !== true),
    ),
    ...slot('deviceIsRegistered', registered),
    ...slot('deviceIsManaged', managed),
    ...slot('risk', risk),
    ...slot('proofs', proofs),
  };
};

it('a policy decides as a second reading of its documents does', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), fc.nat({ max: 19 }), world, (drawn, off, given) => {
      const rules = drawn.map((one, i): Rule => ({ ...one, id: `r${i}`, isActive: one.isActive && i !== off }));
      const isPolicyActive = off !== 19;
      const judged = evaluatePolicy(
        factsOf(given),
        {
          id: 'p',
          name: 'p',
          type: 'ACCESS_POLICY',
          version: 1,
          isActive: isPolicyActive,
          rules: rules.map((one) => {
            const read = readDocuments('ACCESS_POLICY', one.conditions, one.actions);
            return {
              ...one,
              name: one.id,
              conditions: conditionsOf(read.conditions),
              access: one.actions.appSignOn.access,
              assurance: assuranceOf(read.actions) ?? NEVER,
            };
          }),
        },
        NOW,
      );
      const expected = judgeByReading(rules, isPolicyActive, given);
      seen.set(expected.kind, (seen.get(expected.kind) ?? 0) + 1);
      expect({ kind: judged.verdict.kind, rule: judged.matchedRuleId }).toEqual(expected);
    }),
    { numRuns: RUNS },
  );
  // It is no proof of anything where nearly all cases end alike.
  for (const kind of ['allow', 'step_up', 'deny']) expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(RUNS / 50);
}, 600_000);
