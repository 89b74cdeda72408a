import { evaluatePolicy } from '../packages/decide/src/policies/evaluate-policy.ts';
import type { Fact, Facts } from '../packages/model/src/facts.ts';
import type { Policy, PolicyRule } from '../packages/model/src/policy.ts';
import { median } from './bench-sessions.ts';
import type { BenchReport } from './session-check.ts';

const RULES = 50;
const ROUNDS = 9;
const PER_ROUND = 20_000;
const NOW = 1_800_000_000_000;

const fact = <T>(value: T): Fact<T> => ({ value, source: 'bench', observedAt: NOW, expiresAt: null });
const ids = (prefix: string, from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(from + i).padStart(17, '0')}`);

interface Size {
  readonly groupsOfPerson: number;
  readonly groupsInRule: number;
  readonly zonesInRule: number;
}

/** All conditions but the last hold in all rules but the last, so that each is read whole. */
const ruleAt = (place: number, size: Size): PolicyRule => ({
  id: `rul${place}`,
  name: `rule ${place}`,
  priority: place,
  isActive: true,
  conditions: {
    groups: {
      include: [...ids('00g', place * 20, size.groupsInRule - 1), '00gshared'],
      exclude: ids('00g', 90_000 + place, 1),
    },
    zones: { include: [...ids('nzo', place * 5, size.zonesInRule - 1), 'nzoshared'], exclude: [] },
    ...(place === RULES - 1 ? {} : { riskLevel: 'HIGH' }),
  },
  access: 'ALLOW',
  assurance: {
    factors: 2,
    isPossessionRequired: true,
    isPhishingResistantRequired: true,
    isDeviceBoundRequired: true,
    isUserVerificationRequired: true,
    maxAgeSeconds: 0,
  },
});

const factsOf = ({ groupsOfPerson }: Size): Facts => ({
  userId: fact('00u1'),
  groupIds: fact([...ids('00g', 50_000, groupsOfPerson - 1), '00gshared']),
  zoneIds: fact(['nzo50000', 'nzoshared']),
  holdsAdminRole: fact(true),
  risk: fact('LOW'),
  proofs: fact([
    {
      factorId: 'key',
      kind: 'webauthn',
      isPhishingResistant: true,
      isDeviceBound: true,
      isUserVerified: true,
      provedAt: NOW,
    },
  ]),
});

/** Nanoseconds of CPU of one evaluation; every one must allow, by the last rule. */
const nanoseconds = (facts: Facts, rules: readonly PolicyRule[]): number => {
  const policy: Policy = { id: 'rst1', name: 'bench', type: 'ACCESS_POLICY', version: 1, isActive: true, rules };
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS + 1; round++) {
    let allowed = 0;
    const before = process.cpuUsage();
    for (let i = 0; i < PER_ROUND; i++) if (evaluatePolicy(facts, policy, NOW).verdict.kind === 'allow') allowed++;
    // The first one compiles the code.
    const { user, system } = process.cpuUsage(before);
    if (round > 0) rounds.push(((user + system) * 1000) / PER_ROUND);
    if (allowed !== PER_ROUND) throw new Error(`${PER_ROUND - allowed} evaluations did not allow`);
  }
  return median(rounds);
};

const line = (label: string, size: Size): string => {
  const rules = Array.from({ length: RULES }, (_, place) => ruleAt(place, size));
  const facts = factsOf(size);
  const [one, all] = [nanoseconds(facts, rules.slice(-1)), nanoseconds(facts, rules)];
  return (
    `${label}: ${RULES} rules against one ${(all / one).toFixed(1)} (${all.toFixed(0)} ns and ${one.toFixed(0)} ns; ` +
    `the person in ${size.groupsOfPerson} groups, ${size.groupsInRule + 1} groups and ${size.zonesInRule} zones in each rule, the last decides)`
  );
};

/** What a policy of fifty rules costs, beside one of the rule that decides. */
export const benchPolicyEvaluation = async (): Promise<BenchReport> => ({
  title: 'Policy evaluation',
  lines: [
    line('usual', { groupsOfPerson: 8, groupsInRule: 2, zonesInRule: 2 }),
    line('long lists', { groupsOfPerson: 30, groupsInRule: 20, zonesInRule: 5 }),
  ],
});
