import { type Facts, valueAt } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import {
  ALL_ZONES,
  type Platform,
  type Policy,
  type PolicyRule,
  type RuleConditions,
  type Selection,
} from '@sallyport/model/policy';
import { type Answer, compileExpression, type ExpressionFacts } from './judge-expression.ts';
import { fitsPlatform, platformOf } from './platform-of.ts';

export type Condition = keyof RuleConditions;

/** What is known at the instant of the judgement, looked up once for all rules; `undefined` is unknown. */
interface Known extends ExpressionFacts {
  readonly userId: string | undefined;
  readonly userTypeId: string | undefined;
  readonly groupBits: Bits | undefined;
  readonly zones: Bits | undefined;
  /** Of which it is not known whether they are among `zones`. */
  readonly openZones: Bits;
  readonly deviceAssurances: Bits | undefined;
  readonly behaviors: Bits | undefined;
  readonly platform: Platform | undefined;
  readonly holdsAdminRole: boolean | undefined;
}
type Test = (known: Known) => Answer;

export interface CompiledRule {
  readonly rule: PolicyRule;
  /** In the order in which they are asked. */
  readonly tests: readonly ConditionTest[];
}
interface ConditionTest {
  readonly condition: Condition;
  readonly holds: Test;
}
export interface CompiledPolicy {
  /** Who the policy is for, of several of its type; null: everybody. */
  readonly audience: Test | null;
  /** Active rules by priority; none of a policy that is switched off. */
  readonly rules: readonly CompiledRule[];
  readonly knownAt: (facts: Facts, now: Instant) => Known;
}

const setOf = (ids: readonly string[] | undefined): ReadonlySet<string> | undefined =>
  ids === undefined ? undefined : new Set(ids);

/** One who is, or may be, in any zone is, or may be, in `ALL_ZONES`. */
const zonesOf = (ids: readonly string[]): readonly string[] => (ids.length === 0 ? ids : [...ids, ALL_ZONES]);

/**
 * A set of ids as bits: of those only that rules of the policy name, in the order of their first naming. Whether two sets
 * meet is then asked of numbers, and a person in many groups costs one look-up each, not one for each rule.
 */
type Bits = Int32Array;
interface Alphabet {
  /** The bits of these ids, which become ids that are named: each word that has any, after its place. */
  readonly named: (ids: readonly string[]) => Int32Array;
  /** The bits of ids that are held. */
  readonly held: (ids: readonly string[]) => Bits;
}
const createAlphabet = (): Alphabet => {
  const places = new Map<string, number>();
  return {
    named(ids) {
      const words = new Map<number, number>();
      for (const id of ids) {
        const place = places.get(id) ?? places.size;
        places.set(id, place);
        words.set(place >>> 5, (words.get(place >>> 5) ?? 0) | (1 << (place & 31)));
      }
      return Int32Array.from([...words].flat());
    },
    held(ids) {
      const bits = new Int32Array((places.size + 31) >>> 5);
      for (const id of ids) {
        const place = places.get(id);
        if (place !== undefined) bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31));
      }
      return bits;
    },
  };
};
const meets = (words: Int32Array, bits: Bits): boolean => {
  for (let i = 0; i < words.length; i += 2)
    if (((bits[words[i] as number] ?? 0) & (words[i + 1] as number)) !== 0) return true;
  return false;
};

const NONE: Bits = new Int32Array();
const selects = (
  { include, exclude }: Selection,
  alphabet: Alphabet,
  read: (known: Known) => Bits | undefined,
  readOpen: (known: Known) => Bits = () => NONE,
): Test => {
  if (include.length === 0 && exclude.length === 0) return () => 'yes';
  const included = alphabet.named(include);
  const excluded = alphabet.named(exclude);
  return (known) => {
    const held = read(known);
    if (held === undefined) return 'unknown';
    if (meets(excluded, held)) return 'no';
    const open = readOpen(known);
    const isIn = include.length === 0 || meets(included, held);
    if (!isIn && !meets(included, open)) return 'no';
    return isIn && !meets(excluded, open) ? 'yes' : 'unknown';
  };
};
const selectsOne = ({ include, exclude }: Selection, read: (known: Known) => string | undefined): Test => {
  if (include.length === 0 && exclude.length === 0) return () => 'yes';
  const included = new Set(include);
  const excluded = new Set(exclude);
  return (known) => {
    const id = read(known);
    if (id === undefined) return 'unknown';
    return !excluded.has(id) && (included.size === 0 || included.has(id)) ? 'yes' : 'no';
  };
};
const equals = <T>(wanted: T, read: (known: Known) => T | undefined): Test => {
  return (known) => {
    const value = read(known);
    if (value === undefined) return 'unknown';
    return value === wanted ? 'yes' : 'no';
  };
};
const fitsOneOf = (wanted: readonly Platform[]): Test => {
  if (wanted.length === 0) return () => 'yes';
  return ({ platform }) => {
    if (platform === undefined) return 'unknown';
    return wanted.some((one) => fitsPlatform(one, platform)) ? 'yes' : 'no';
  };
};

/** The ids that rules of one policy name, by what they are ids of. */
interface Alphabets {
  readonly groups: Alphabet;
  readonly zones: Alphabet;
  readonly deviceAssurances: Alphabet;
  readonly behaviors: Alphabet;
}

/** How each condition is asked, in the order of the asking. */
const TESTS: {
  readonly [K in Condition]-?: (wanted: NonNullable<RuleConditions[K]>, named: Alphabets) => Test;
} = {
  users: (wanted) => selectsOne(wanted, (known) => known.userId),
  groups: (wanted, named) => selects(wanted, named.groups, (known) => known.groupBits),
  userTypes: (wanted) => selectsOne(wanted, (known) => known.userTypeId),
  zones: (wanted, named) =>
    selects(
      wanted,
      named.zones,
      (known) => known.zones,
      (known) => known.openZones,
    ),
  holdsAdminRole: (wanted) => equals(wanted, (known) => known.holdsAdminRole),
  deviceIsRegistered: (wanted) => equals(wanted, (known) => known.deviceIsRegistered),
  deviceIsManaged: (wanted) => equals(wanted, (known) => known.deviceIsManaged),
  deviceAssurances: (wanted, named) => selects(wanted, named.deviceAssurances, (known) => known.deviceAssurances),
  platforms: fitsOneOf,
  riskLevel: (wanted) => equals(wanted, (known) => known.riskLevel),
  behaviors: (wanted, named) => selects(wanted, named.behaviors, (known) => known.behaviors),
  expression: compileExpression,
};
const CONDITIONS = Object.keys(TESTS) as Condition[];

const testOf = <K extends Condition>(
  condition: K,
  conditions: RuleConditions,
  named: Alphabets,
): readonly ConditionTest[] => {
  const wanted = conditions[condition];
  const test = TESTS[condition] as (wanted: NonNullable<RuleConditions[K]>, named: Alphabets) => Test;
  return wanted === undefined ? [] : [{ condition, holds: test(wanted as NonNullable<RuleConditions[K]>, named) }];
};
const compileRule = (rule: PolicyRule, named: Alphabets): CompiledRule => ({
  rule,
  tests: CONDITIONS.flatMap((condition) => testOf(condition, rule.conditions, named)),
});

/** A policy made ready for judging: bits instead of lists, only what is asked, in its order. Done once per version. */
export const compilePolicy = (policy: Policy): CompiledPolicy => {
  const named: Alphabets = {
    groups: createAlphabet(),
    zones: createAlphabet(),
    deviceAssurances: createAlphabet(),
    behaviors: createAlphabet(),
  };
  const rules = policy.isActive
    ? policy.rules
        .filter((rule) => rule.isActive)
        .toSorted((a, b) => a.priority - b.priority)
        .map((rule) => compileRule(rule, named))
    : [];
  const audience = policy.conditions?.groups === undefined ? null : TESTS.groups(policy.conditions.groups, named);
  const asked = new Set(rules.flatMap(({ tests }) => tests.map(({ condition }) => condition)));
  const asksGroups = audience !== null || asked.has('groups');
  const bitsOf = (alphabet: Alphabet, ids: readonly string[] | undefined): Bits | undefined =>
    ids === undefined ? undefined : alphabet.held(ids);
  return {
    audience,
    rules,
    knownAt(facts, now) {
      const zoneIds = asked.has('zones') ? valueAt(facts.zoneIds, now) : undefined;
      const userAgent = asked.has('platforms') ? valueAt(facts.userAgent, now) : undefined;
      return {
        userId: valueAt(facts.userId, now),
        userTypeId: valueAt(facts.userTypeId, now),
        groups: asked.has('expression') ? setOf(valueAt(facts.groupIds, now)) : undefined,
        groupBits: asksGroups ? bitsOf(named.groups, valueAt(facts.groupIds, now)) : undefined,
        zones: zoneIds === undefined ? undefined : named.zones.held(zonesOf(zoneIds)),
        // In one zone already, they are in ALL_ZONES whatever else is not known.
        openZones: zoneIds === undefined ? NONE : named.zones.held(zonesOf(valueAt(facts.unknownZoneIds, now) ?? [])),
        deviceAssurances: bitsOf(named.deviceAssurances, valueAt(facts.deviceAssuranceIds, now)),
        profile: valueAt(facts.profile, now),
        profileAttributes: valueAt(facts.profileAttributes, now),
        proofs: valueAt(facts.proofs, now),
        groupNames: asked.has('expression') ? setOf(valueAt(facts.groupNames, now)) : undefined,
        behaviorNames: asked.has('expression') ? setOf(valueAt(facts.behaviorNames, now)) : undefined,
        behaviors: bitsOf(named.behaviors, valueAt(facts.behaviorIds, now)),
        platform: userAgent === undefined ? undefined : platformOf(userAgent),
        holdsAdminRole: valueAt(facts.holdsAdminRole, now),
        deviceIsRegistered: valueAt(facts.deviceIsRegistered, now),
        deviceIsManaged: valueAt(facts.deviceIsManaged, now),
        riskLevel: valueAt(facts.risk, now),
      };
    },
  };
};
