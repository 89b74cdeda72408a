/** What differs between two versions of a policy, in words that go on after the name of the rule or of the policy. */
import { weakestAuthenticators } from '@sallyport/decide/policies/prove-policy';
import { CONDITION_FACTS } from '@sallyport/model/fact-words';
import type { PolicyRule, RuleConditions, Selection } from '@sallyport/model/policy';
import { AUTHENTICATORS } from '@sallyport/model/policy-proof';
import type { Assurance } from '@sallyport/model/verdict';
import type { StoredPolicyConditions } from '../policies/policy-documents.ts';
import { toRule } from '../policies/policy-index.ts';
import type { PolicyRows } from '../policies/policy-rows.ts';

import type { StoredActions } from '../policies/rule-documents.ts';
import { saysTheSame } from '../policies/says-the-same.ts';
import type { Row } from '../store/tables.ts';
import { settingWords } from './setting-changes.ts';

export interface PolicyChange {
  readonly kind: 'policy' | 'added' | 'removed' | 'changed' | 'moved';
  /** Null: of the policy itself. */
  readonly rule: { readonly id: string; readonly name: string } | null;
  readonly words: readonly string[];
}
/** Names of people, groups, zones and types, by their ids, as far as they may be told. */
export type Names = ReadonlyMap<string, string>;

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const isSelection = (value: unknown): value is Selection =>
  typeof value === 'object' && value !== null && 'include' in value && 'exclude' in value;

const selectionWords = (before: Selection, after: Selection, names: Names): string => {
  const list = (ids: readonly string[]): string => ids.map((id) => names.get(id) ?? id).join(', ');
  const parts = (['include', 'exclude'] as const).flatMap((part) => {
    const added = after[part].filter((id) => !before[part].includes(id));
    const gone = before[part].filter((id) => !after[part].includes(id));
    const what = part === 'include' ? 'included' : 'excluded';
    return [
      ...(added.length === 0 ? [] : [`newly ${what}: ${list(added)}`]),
      ...(gone.length === 0 ? [] : [`no longer ${what}: ${list(gone)}`]),
    ];
  });
  return parts.join('; ');
};
/** The groups that a policy is for; none: it is for everybody. */
export const audienceOf = ({ conditions }: Row<'policies'>): readonly string[] =>
  (JSON.parse(conditions) as StoredPolicyConditions).people?.groups?.include ?? [];
const NOBODY: Selection = { include: [], exclude: [] };

const conditionWords = (before: RuleConditions, after: RuleConditions, names: Names): string[] =>
  (Object.keys(CONDITION_FACTS) as (keyof RuleConditions)[]).flatMap((key) => {
    const [was, is] = [before[key], after[key]];
    if (isSame(was, is)) return [];
    const { words } = CONDITION_FACTS[key];
    const what = was === undefined ? 'newly asks for' : is === undefined ? 'no longer asks for' : 'asks otherwise for';
    const lists = [was ?? NOBODY, is ?? NOBODY];
    const [from, to] = lists;
    const details = isSelection(from) && isSelection(to) ? selectionWords(from, to, names) : '';
    return [`${what} ${words}${details === '' ? '' : ` (${details})`}`];
  });

const ageWords = (seconds: number | null): string => {
  if (seconds === null) return 'of any age';
  if (seconds === 0) return 'of this very sign-in';
  const [size, unit] = seconds % 3600 === 0 ? [3600, 'hour'] : seconds % 60 === 0 ? [60, 'minute'] : [1, 'second'];
  const count = seconds / size;
  return `at most ${count} ${unit}${count === 1 ? '' : 's'} old`;
};
const least = (need: Assurance): string =>
  weakestAuthenticators(need)
    .map((name) => AUTHENTICATORS[name])
    .join(' or ');

const assuranceWords = (before: Assurance, after: Assurance): string[] => {
  if (isSame(before, after)) return [];
  const words = [
    ...(least(before) === least(after) ? [] : [`asks for at least ${least(after)}, no longer ${least(before)}`]),
    ...(before.maxAgeSeconds === after.maxAgeSeconds
      ? []
      : [`asks for proof ${ageWords(after.maxAgeSeconds)}, no longer ${ageWords(before.maxAgeSeconds)}`]),
  ];
  return words.length === 0 ? ['asks for its proofs in another way'] : words;
};

const ACCESS = { ALLOW: 'lets people in', DENY: 'denies' } as const;
/** What a rule that allows asks for at least. One proof at a time: of how old it may be only where that is limited. */
const letsIn = ({ assurance }: PolicyRule): string => {
  const { maxAgeSeconds } = assurance;
  const age = maxAgeSeconds === null ? '' : `, proof ${ageWords(maxAgeSeconds)}`;
  return `${ACCESS.ALLOW} with at least ${least(assurance)}${age}`;
};
/** Does the rule stand at a door? Others say who does something by themselves, without any proof of theirs. */
const isAtDoor = ({ type }: Row<'policyRules'>): boolean => type === 'ACCESS_POLICY' || type === 'SIGN_ON';

const ruleWords = (before: Row<'policyRules'>, after: Row<'policyRules'>, names: Names): string[] => {
  const [was, is]: [PolicyRule, PolicyRule] = [toRule(before), toRule(after)];
  const words = [
    ...(was.name === is.name ? [] : [`is called “${is.name}”, no longer “${was.name}”`]),
    ...(was.isActive === is.isActive ? [] : [is.isActive ? 'is switched on' : 'is switched off']),
    ...conditionWords(was.conditions, is.conditions, names),
    ...(was.access === is.access
      ? []
      : isAtDoor(after)
        ? [`${is.access === 'ALLOW' ? letsIn(is) : ACCESS.DENY}, no longer ${ACCESS[was.access]}`]
        : [is.access === 'ALLOW' ? 'allows, and no longer denies' : 'denies, and no longer allows']),
    ...(was.access === 'DENY' || is.access === 'DENY' || !isAtDoor(after)
      ? []
      : assuranceWords(was.assurance, is.assurance)),
    ...(was.inactivitySeconds === is.inactivitySeconds ? [] : ['lets sessions of the app rest for another time']),
  ];
  const [then, now] = [before, after].map(({ actions }) => JSON.parse(actions) as StoredActions);
  if (!isSame(then?.signon?.session, now?.signon?.session)) words.push('gives sessions another length');
  return words.length === 0 && !saysTheSame(before, after) ? ['is written otherwise, and means the same'] : words;
};

/** What a rule that is new does. */
const newRuleWords = (row: Row<'policyRules'>, names: Names): string[] => {
  const rule = toRule(row);
  const asks = conditionWords({}, rule.conditions, names).map((one) => one.replace('newly asks', 'asks'));
  return [
    rule.access === 'DENY' ? 'denies' : isAtDoor(row) ? letsIn(rule) : 'allows',
    ...asks,
    ...(rule.isActive ? [] : ['is switched off']),
  ];
};

/** The longest run that kept its order; whoever is not in it was moved. */
const keptOrder = (before: readonly string[], after: readonly string[]): ReadonlySet<string> => {
  const places = after.map((id) => before.indexOf(id));
  const best = places.map(() => 1);
  const from = places.map(() => -1);
  for (let i = 0; i < places.length; i += 1)
    for (let j = 0; j < i; j += 1)
      if ((places[j] as number) < (places[i] as number) && (best[j] as number) + 1 > (best[i] as number)) {
        best[i] = (best[j] as number) + 1;
        from[i] = j;
      }
  const kept = new Set<string>();
  for (let at = best.indexOf(Math.max(...best)); at >= 0; at = from[at] ?? -1) kept.add(after[at] as string);
  return kept;
};

const audienceWords = (before: Row<'policies'>, after: Row<'policies'>, names: Names): string[] => {
  const [was, is] = [audienceOf(before), audienceOf(after)];
  const details = selectionWords({ include: was, exclude: [] }, { include: is, exclude: [] }, names);
  if (details !== '') return [is.length === 0 ? `is for everybody (${details})` : `is for other groups (${details})`];
  return isSame(JSON.parse(before.conditions), JSON.parse(after.conditions)) ? [] : ['says otherwise who it is for'];
};

/** Every difference; empty where both say the same. */
export const changesBetween = (before: PolicyRows, after: PolicyRows, names: Names): readonly PolicyChange[] => {
  const named = ({ id, name }: Row<'policyRules'>) => ({ id, name });
  const policy = [
    ...(before.policy.name === after.policy.name ? [] : [`is called “${after.policy.name}”`]),
    ...((before.policy.description ?? '') === (after.policy.description ?? '') ? [] : ['is described otherwise']),
    ...(before.policy.status === after.policy.status
      ? []
      : [after.policy.status === 'ACTIVE' ? 'is switched on' : 'is switched off']),
    ...(before.policy.priority === after.policy.priority ? [] : ['has another place among its kind']),
    ...audienceWords(before.policy, after.policy, names),
    ...settingWords(after.policy.type, before.policy.settings, after.policy.settings),
  ];
  const common = after.rules.filter(({ id }) => before.rules.some((rule) => rule.id === id)).map(({ id }) => id);
  const kept = keptOrder(
    before.rules.map(({ id }) => id),
    common,
  );
  const changes: PolicyChange[] = policy.length === 0 ? [] : [{ kind: 'policy', rule: null, words: policy }];
  for (const [i, rule] of after.rules.entries()) {
    const was = before.rules.find(({ id }) => id === rule.id);
    if (was === undefined) {
      changes.push({ kind: 'added', rule: named(rule), words: newRuleWords(rule, names) });
      continue;
    }
    const words = ruleWords(was, rule, names);
    if (words.length > 0) changes.push({ kind: 'changed', rule: named(rule), words });
    if (kept.has(rule.id)) continue;
    const next = after.rules[i + 1];
    const place = next === undefined ? 'is asked last' : `is asked before “${next.name}”`;
    changes.push({ kind: 'moved', rule: named(rule), words: [place] });
  }
  for (const rule of before.rules)
    if (!after.rules.some(({ id }) => id === rule.id))
      changes.push({ kind: 'removed', rule: named(rule), words: ['is gone'] });
  return changes;
};

/** A change as a sentence. */
export const sentenceOfChange = ({ kind, rule, words }: PolicyChange): string => {
  const about = rule === null ? 'The policy' : kind === 'added' ? `New rule “${rule.name}”:` : `“${rule.name}”`;
  return `${about} ${words.join('; ')}.`;
};
