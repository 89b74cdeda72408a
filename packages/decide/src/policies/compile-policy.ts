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
  readonly zones: ReadonlySet<string> | undefined;
  /** Of which it is not known whether they are among `zones`. */
  readonly openZones: ReadonlySet<string>;
  readonly deviceAssurances: ReadonlySet<string> | undefined;
  readonly behaviors: ReadonlySet<string> | undefined;
  readonly platform: Platform | undefined;
  readonly holdsAdminRole: boolean | undefined;
}
type Test = (known: Known) => Answer;

export interface CompiledRule {
  readonly rule: PolicyRule;
  /** In the order in which they are asked. */
  readonly tests: readonly (readonly [Condition, Test])[];
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
const zonesOf = (ids: readonly string[]): ReadonlySet<string> => new Set(ids.length === 0 ? [] : [...ids, ALL_ZONES]);

/** Is one of `ids` held? Whichever of the two is shorter is walked. */
const holdsOneOf = (ids: readonly string[]): ((held: ReadonlySet<string>) => boolean) => {
  const wanted = new Set(ids);
  return (held) => {
    if (ids.length <= held.size) return ids.some((id) => held.has(id));
    for (const id of held) if (wanted.has(id)) return true;
    return false;
  };
};

const NONE: ReadonlySet<string> = new Set();
const selects = (
  { include, exclude }: Selection,
  read: (known: Known) => ReadonlySet<string> | undefined,
  readOpen: (known: Known) => ReadonlySet<string> = () => NONE,
): Test => {
  if (include.length === 0 && exclude.length === 0) return () => 'yes';
  const isIncluded = holdsOneOf(include);
  const isExcluded = holdsOneOf(exclude);
  return (known) => {
    const held = read(known);
    if (held === undefined) return 'unknown';
    if (isExcluded(held)) return 'no';
    const open = readOpen(known);
    const isIn = include.length === 0 || isIncluded(held);
    if (!isIn && !isIncluded(open)) return 'no';
    return isIn && !isExcluded(open) ? 'yes' : 'unknown';
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

/** How each condition is asked, in the order of the asking. */
const TESTS: { readonly [K in Condition]-?: (wanted: NonNullable<RuleConditions[K]>) => Test } = {
  users: (wanted) => selectsOne(wanted, (known) => known.userId),
  groups: (wanted) => selects(wanted, (known) => known.groups),
  userTypes: (wanted) => selectsOne(wanted, (known) => known.userTypeId),
  zones: (wanted) =>
    selects(
      wanted,
      (known) => known.zones,
      (known) => known.openZones,
    ),
  holdsAdminRole: (wanted) => equals(wanted, (known) => known.holdsAdminRole),
  deviceIsRegistered: (wanted) => equals(wanted, (known) => known.deviceIsRegistered),
  deviceIsManaged: (wanted) => equals(wanted, (known) => known.deviceIsManaged),
  deviceAssurances: (wanted) => selects(wanted, (known) => known.deviceAssurances),
  platforms: fitsOneOf,
  riskLevel: (wanted) => equals(wanted, (known) => known.riskLevel),
  behaviors: (wanted) => selects(wanted, (known) => known.behaviors),
  expression: compileExpression,
};
const CONDITIONS = Object.keys(TESTS) as Condition[];

const testOf = <K extends Condition>(condition: K, conditions: RuleConditions): readonly [Condition, Test][] => {
  const wanted = conditions[condition];
  const test = TESTS[condition] as (wanted: NonNullable<RuleConditions[K]>) => Test;
  return wanted === undefined ? [] : [[condition, test(wanted as NonNullable<RuleConditions[K]>)]];
};
const compileRule = (rule: PolicyRule): CompiledRule => ({
  rule,
  tests: CONDITIONS.flatMap((condition) => testOf(condition, rule.conditions)),
});

/** A policy made ready for judging: sets instead of lists, only what is asked, in its order. Done once per version. */
export const compilePolicy = (policy: Policy): CompiledPolicy => {
  const rules = policy.isActive
    ? policy.rules
        .filter((rule) => rule.isActive)
        .toSorted((a, b) => a.priority - b.priority)
        .map(compileRule)
    : [];
  const audience = policy.conditions?.groups === undefined ? null : TESTS.groups(policy.conditions.groups);
  const asked = new Set(rules.flatMap(({ tests }) => tests.map(([condition]) => condition)));
  const asksGroups = audience !== null || asked.has('groups') || asked.has('expression');
  return {
    audience,
    rules,
    knownAt(facts, now) {
      const zoneIds = asked.has('zones') ? valueAt(facts.zoneIds, now) : undefined;
      const userAgent = asked.has('platforms') ? valueAt(facts.userAgent, now) : undefined;
      return {
        userId: valueAt(facts.userId, now),
        userTypeId: valueAt(facts.userTypeId, now),
        groups: asksGroups ? setOf(valueAt(facts.groupIds, now)) : undefined,
        zones: zoneIds === undefined ? undefined : zonesOf(zoneIds),
        // In one zone already, they are in ALL_ZONES whatever else is not known.
        openZones: zoneIds === undefined ? NONE : zonesOf(valueAt(facts.unknownZoneIds, now) ?? []),
        deviceAssurances: asked.has('deviceAssurances') ? setOf(valueAt(facts.deviceAssuranceIds, now)) : undefined,
        profile: valueAt(facts.profile, now),
        proofs: valueAt(facts.proofs, now),
        groupNames: asked.has('expression') ? setOf(valueAt(facts.groupNames, now)) : undefined,
        behaviorNames: asked.has('expression') ? setOf(valueAt(facts.behaviorNames, now)) : undefined,
        behaviors: asked.has('behaviors') ? setOf(valueAt(facts.behaviorIds, now)) : undefined,
        platform: userAgent === undefined ? undefined : platformOf(userAgent),
        holdsAdminRole: valueAt(facts.holdsAdminRole, now),
        deviceIsRegistered: valueAt(facts.deviceIsRegistered, now),
        deviceIsManaged: valueAt(facts.deviceIsManaged, now),
        riskLevel: valueAt(facts.risk, now),
      };
    },
  };
};
