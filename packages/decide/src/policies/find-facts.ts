import type { Facts } from '@sallyport/model/facts';
import {
  ALL_ZONES,
  type Platform,
  type PolicyRule,
  type RuleConditions,
  type Selection,
} from '@sallyport/model/policy';
import type { ExampleFacts } from '@sallyport/model/policy-proof';
import { fitsPlatform, platformOf } from './platform-of.ts';

type Condition = keyof RuleConditions;

/** Work that is left, in names that are compared. What needs more is answered `too-much`, never guessed. */
export interface Effort {
  left: number;
}
export class TooMuchEffort extends Error {
  override readonly name = 'TooMuchEffort';
}

/** `yes` and `no` are asked of what is known; `not-no` and `not-yes` are true of what is unknown, too. */
type Asked = 'yes' | 'no' | 'not-yes' | 'not-no';
interface Demand<V> {
  readonly value: V;
  readonly asked: Asked;
}
/** Where the fact is known, whole, a condition holds or does not. */
const isToHold = ({ asked }: Demand<unknown>): boolean => asked === 'yes' || asked === 'not-no';
interface Kind<V> {
  /** The facts that it asks for, of a value. */
  readonly slots: (value: unknown) => Readonly<Partial<Record<keyof Facts, unknown>>>;
  /** What every value satisfies, also an unknown one. */
  readonly isVoid: (value: V) => boolean;
  /** A known value that meets all demands; undefined where there is none. */
  readonly find: (demands: readonly Demand<V>[], effort: Effort) => unknown;
}

const spend = (effort: Effort, work: number): void => {
  effort.left -= work;
  if (effort.left < 0) throw new TooMuchEffort();
};
const sizeOf = (demands: readonly Demand<Selection>[]): number =>
  demands.reduce((sum, { value }) => sum + value.include.length + value.exclude.length + 1, 0);

const isVoidSelection = ({ include, exclude }: Selection): boolean => include.length === 0 && exclude.length === 0;

/** One id of all there are: those that are named, or one that is not. */
const findId = (demands: readonly Demand<Selection>[], effort: Effort): string | undefined => {
  const lists = demands.map((demand) => ({
    isMet: isToHold(demand),
    include: new Set(demand.value.include),
    exclude: new Set(demand.value.exclude),
  }));
  spend(effort, sizeOf(demands));
  const named = new Set(demands.flatMap(({ value }) => [...value.include, ...value.exclude]));
  return [...named, 'anybody else'].find((id) => {
    spend(effort, lists.length);
    return lists.every(
      ({ isMet, include, exclude }) => (!exclude.has(id) && (include.size === 0 || include.has(id))) === isMet,
    );
  });
};

interface IdSet {
  readonly in: readonly string[];
  /** Of which it is not known whether they are in. */
  readonly unknown: readonly string[];
}
/** Of these ids one at least must be in; or, where that suffices, be unknown. */
interface OneOf {
  readonly ids: readonly string[];
  readonly isSure: boolean;
}

/**
 * A set of ids, each in, out or, where `mayBeOpen`, unknown. Some must be out, some must not be in, and of each of some
 * lists one at least must be in. A selection that must not hold is broken in two ways: by one of its excluded, or by none
 * of its included; both are tried. `given` is asked besides.
 */
const findSet = (
  demands: readonly Demand<Selection>[],
  mayBeOpen: boolean,
  effort: Effort,
  given: { readonly notIn: readonly string[]; readonly lists: readonly OneOf[] } = { notIn: [], lists: [] },
): IdSet | undefined => {
  const holding = demands.filter(isToHold);
  const broken = demands.filter((demand) => !isToHold(demand));
  const isSure = ({ asked }: Demand<Selection>): boolean => !mayBeOpen || asked === 'yes' || asked === 'no';
  const attempt = (
    place: number,
    out: ReadonlySet<string>,
    notIn: ReadonlySet<string>,
    lists: readonly OneOf[],
  ): IdSet | undefined => {
    spend(effort, sizeOf(demands));
    const found = lists.map((list) => list.ids.find((id) => !out.has(id) && !(list.isSure && notIn.has(id))));
    if (found.includes(undefined)) return undefined;
    const demand = broken[place];
    if (demand === undefined) {
      const ids = [...new Set(found as string[])];
      return { in: ids.filter((id) => !notIn.has(id)), unknown: ids.filter((id) => notIn.has(id)) };
    }
    const { include, exclude } = demand.value;
    const byExcluded =
      exclude.length === 0
        ? undefined
        : attempt(place + 1, out, notIn, [...lists, { ids: exclude, isSure: isSure(demand) }]);
    if (byExcluded !== undefined || include.length === 0) return byExcluded;
    return isSure(demand)
      ? attempt(place + 1, new Set([...out, ...include]), notIn, lists)
      : attempt(place + 1, out, new Set([...notIn, ...include]), lists);
  };
  const excluded = (sure: boolean): Set<string> =>
    new Set(holding.filter((demand) => isSure(demand) === sure).flatMap(({ value }) => value.exclude));
  return attempt(0, excluded(true), new Set([...excluded(false), ...given.notIn]), [
    ...given.lists,
    ...holding.flatMap((demand) =>
      demand.value.include.length === 0 ? [] : [{ ids: demand.value.include, isSure: isSure(demand) }],
    ),
  ]);
};

const ANY_OTHER = 'any other zone';

/** In one zone at least, and so in all that `ALL_ZONES` stands for. */
const findInSome = (demands: readonly Demand<Selection>[], effort: Effort): IdSet | undefined => {
  const others: Demand<Selection>[] = [];
  for (const { value, asked } of demands) {
    const exclude = value.exclude;
    const include = value.include.includes(ALL_ZONES) ? [] : value.include;
    const isDecided = exclude.includes(ALL_ZONES) || (include.length === 0 && exclude.length === 0);
    if (!isDecided) others.push({ value: { include, exclude }, asked });
    else if (exclude.includes(ALL_ZONES) === isToHold({ value, asked })) return undefined;
  }
  const found = findSet(others, true, effort);
  return found?.in.length === 0 ? { ...found, in: [ANY_OTHER] } : found;
};
/** In no zone for sure, and of one at least it is not known. */
const findInPerhaps = (demands: readonly Demand<Selection>[], effort: Effort): IdSet | undefined => {
  const named = demands.flatMap(({ value }) => [...value.include, ...value.exclude]);
  const lists = [{ ids: [ALL_ZONES], isSure: false }];
  const found = findSet(demands, true, effort, { notIn: [...named, ALL_ZONES], lists });
  const unknown = found?.unknown.filter((id) => id !== ALL_ZONES) ?? [];
  return found && { in: [], unknown: unknown.length === 0 ? [ANY_OTHER] : unknown };
};
/** Zones, among which one stands for all: the address is in none, or in some, or perhaps in some. */
const findZones = (demands: readonly Demand<Selection>[], effort: Effort): IdSet | undefined => {
  spend(effort, sizeOf(demands));
  if (!demands.some(({ value }) => [...value.include, ...value.exclude].includes(ALL_ZONES)))
    return findSet(demands, true, effort);
  if (demands.every((demand) => (demand.value.include.length === 0) === isToHold(demand)))
    return { in: [], unknown: [] };
  return findInSome(demands, effort) ?? findInPerhaps(demands, effort);
};

/** What browsers of each platform say, in short. */
export const EXAMPLE_USER_AGENTS = [
  'Linux',
  'Windows NT',
  'Macintosh',
  'CrOS',
  'iPhone',
  'Android',
  'Windows Phone',
  'other',
];
const findUserAgent = (demands: readonly Demand<readonly Platform[]>[], effort: Effort): string | undefined => {
  spend(effort, demands.reduce((sum, { value }) => sum + value.length + 1, 0) * EXAMPLE_USER_AGENTS.length);
  return EXAMPLE_USER_AGENTS.find((userAgent) =>
    demands.every(
      (demand) => demand.value.some((wanted) => fitsPlatform(wanted, platformOf(userAgent))) === isToHold(demand),
    ),
  );
};

const oneOf = <const T>(slot: keyof Facts, values: readonly T[]): Kind<T> => ({
  slots: (value) => ({ [slot]: value }),
  isVoid: () => false,
  find: (demands, effort) => {
    spend(effort, demands.length);
    return values.find((known) => demands.every((demand) => (demand.value === known) === isToHold(demand)));
  },
});

/** A set that is known whole. */
const idsOf = (slot: keyof Facts): Kind<Selection> => ({
  slots: (value) => ({ [slot]: value }),
  isVoid: isVoidSelection,
  find: (demands, effort) => findSet(demands, false, effort)?.in,
});

/** Every condition that a rule may have, and which values there are of the fact that it asks for. */
const KINDS: { readonly [K in Condition]-?: Kind<NonNullable<RuleConditions[K]>> } = {
  users: { slots: (value) => ({ userId: value }), isVoid: isVoidSelection, find: findId },
  groups: idsOf('groupIds'),
  userTypes: { slots: (value) => ({ userTypeId: value }), isVoid: isVoidSelection, find: findId },
  // Of each zone by itself it may be unknown whether the address is in it.
  zones: {
    slots: (value) => ({ zoneIds: (value as IdSet).in, unknownZoneIds: (value as IdSet).unknown }),
    isVoid: isVoidSelection,
    find: findZones,
  },
  holdsAdminRole: oneOf('holdsAdminRole', [true, false]),
  deviceIsRegistered: oneOf('deviceIsRegistered', [false, true]),
  deviceIsManaged: oneOf('deviceIsManaged', [false, true]),
  deviceAssurances: idsOf('deviceAssuranceIds'),
  platforms: {
    slots: (value) => ({ userAgent: value }),
    isVoid: (value) => value.length === 0,
    find: findUserAgent,
  },
  behaviors: idsOf('behaviorIds'),
  // Facts of which one may follow from another: nothing is said of them, rather than something that may be wrong.
  expression: {
    slots: () => ({}),
    isVoid: () => false,
    find: () => {
      throw new TooMuchEffort();
    },
  },
  riskLevel: oneOf('risk', ['LOW', 'MEDIUM', 'HIGH']),
};
const kindOf = (condition: Condition): Kind<unknown> => KINDS[condition] as Kind<unknown>;

/** The facts that conditions ask for, with the values of an example. */
export const factsOfExample = (example: ExampleFacts): Facts =>
  Object.fromEntries(
    Object.entries(example)
      .flatMap(([condition, value]) => Object.entries(kindOf(condition as Condition).slots(value)))
      .map(([slot, value]) => [slot, { value, source: 'example', observedAt: 0, expiresAt: null }]),
  );

const OPPOSITE = { yes: 'not-yes', 'not-yes': 'yes', no: 'not-no', 'not-no': 'no' } as const;
interface Literal extends Demand<unknown> {
  readonly condition: Condition;
}
/** `UNKNOWN` in place of literals: of this fact nothing is known, whatever is asked. */
const UNKNOWN = 'unknown';
type Asks = ReadonlyMap<Condition, readonly Literal[] | typeof UNKNOWN>;

/** The value of one fact: undefined is none, an empty list is unknown. */
const valueFor = (literals: readonly Literal[], effort: Effort): readonly [value?: unknown] | undefined => {
  const first = literals[0];
  if (first === undefined || literals.every(({ asked }) => asked.startsWith('not'))) return [];
  const found = kindOf(first.condition).find(literals, effort);
  return found === undefined ? undefined : [found];
};

const withLiteral = (asks: Asks, literal: Literal, effort: Effort): Asks | null => {
  const before = asks.get(literal.condition) ?? [];
  if (before === UNKNOWN) return literal.asked.startsWith('not') ? asks : null;
  const literals = [...before, literal];
  return valueFor(literals, effort) === undefined ? null : new Map([...asks, [literal.condition, literals]]);
};

/** What must be true of each condition for the rule to apply: an unknown fact never opens, and closes (`evaluatePolicy`). */
const literalsOf = ({ conditions, access }: PolicyRule): Literal[] =>
  (Object.keys(conditions) as Condition[])
    .filter((condition) => conditions[condition] !== undefined && !kindOf(condition).isVoid(conditions[condition]))
    .map((condition) => ({
      condition,
      value: conditions[condition],
      asked: access === 'ALLOW' ? 'yes' : 'not-no',
    }));
const negated = (literal: Literal): Literal => ({ ...literal, asked: OPPOSITE[literal.asked] });

/** Of each of the lists one literal at least. The list with the fewest choices first; what is tried is excluded afterwards. */
const choose = (asks: Asks, lists: readonly (readonly Literal[])[], effort: Effort): Asks | null => {
  const left: { readonly choices: readonly Literal[]; readonly list: readonly Literal[] }[] = [];
  for (const list of lists) {
    if (list.some((literal) => withLiteral(asks, negated(literal), effort) === null)) continue;
    const choices = list.filter((literal) => withLiteral(asks, literal, effort) !== null);
    if (choices.length === 0) return null;
    left.push({ choices, list });
  }
  left.sort((a, b) => a.choices.length - b.choices.length);
  const [next, ...others] = left;
  if (next === undefined) return asks;
  const rest = others.map(({ list }) => list);
  let tried: Asks | null = asks;
  for (const literal of next.choices) {
    const taken = tried === null ? null : withLiteral(tried, literal, effort);
    const found = taken === null ? null : choose(taken, rest, effort);
    if (found !== null) return found;
    tried = tried === null ? null : withLiteral(tried, negated(literal), effort);
  }
  return null;
};

/** The first literal of each list that goes with those before it: quick, and often enough. Null says nothing. */
const chooseFirst = (asks: Asks, lists: readonly (readonly Literal[])[], effort: Effort): Asks | null => {
  let chosen = asks;
  for (const list of lists) {
    let next: Asks | null = null;
    for (const literal of list) next ??= withLiteral(chosen, literal, effort);
    if (next === null) return null;
    chosen = next;
  }
  return chosen;
};

export interface Sought {
  /** Each of these applies, taken by itself. */
  readonly applying: readonly PolicyRule[];
  /** None of these applies. */
  readonly passedOver: readonly PolicyRule[];
  /** Conditions that hold besides, of facts that are known. */
  readonly meeting?: RuleConditions;
  /** Facts of which nothing is known. */
  readonly unknown?: readonly Condition[];
}

/**
 * Facts under which some rules apply and others do not; null where there are none. Every fact is taken by itself, each
 * may be unknown, any person may be in any groups, and any address in any zones or of any of them unknown: so `null` is true of every real request,
 * and facts that are found can be written down, though the directory may not hold such a person. Throws `TooMuchEffort`.
 */
export const findFacts = (sought: Sought, effort: Effort): ExampleFacts | null => {
  let asks: Asks = new Map((sought.unknown ?? []).map((condition) => [condition, UNKNOWN]));
  const meeting = (Object.keys(sought.meeting ?? {}) as Condition[]).map(
    (condition): Literal => ({ condition, value: sought.meeting?.[condition], asked: 'yes' }),
  );
  for (const literal of [...meeting, ...sought.applying.flatMap(literalsOf)]) {
    const next = withLiteral(asks, literal, effort);
    if (next === null) return null;
    asks = next;
  }
  const lists = sought.passedOver.map((rule) => literalsOf(rule).map(negated));
  const found = chooseFirst(asks, lists, effort) ?? choose(asks, lists, effort);
  if (found === null) return null;
  return Object.fromEntries(
    [...found].flatMap(([condition, literals]) => {
      const value = literals === UNKNOWN ? [] : (valueFor(literals, effort) ?? []);
      return value.length === 0 ? [] : [[condition, value[0]]];
    }),
  );
};
