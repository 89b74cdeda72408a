import { invalid } from '@sallyport/model/errors';
import type { PolicyType } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { assertMayAsk, assertNamedExist, LAST_PRIORITY, RULES_MAX, ruleTypeOf } from '../policies/manage-rules.ts';
import { readPolicyDocuments } from '../policies/policy-documents.ts';
import type { PolicyRows } from '../policies/policy-rows.ts';
import { readDocuments } from '../policies/rule-documents.ts';
import { saysTheSame } from '../policies/says-the-same.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

export interface DraftRule {
  /** Of a rule that is there already; without it the rule is a new one. */
  readonly id?: string | undefined;
  readonly name: string;
  readonly status?: 'ACTIVE' | 'INACTIVE' | undefined;
  readonly conditions?: unknown;
  readonly actions: unknown;
}
/** What a draft says: the rules whole, in the order in which they are asked. What is left out stays as it is. */
export interface DraftContent {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly conditions?: unknown;
  readonly rules: readonly DraftRule[];
  readonly catchAll?: { readonly actions: unknown } | null | undefined;
}

/** Places that grow along a list of rules, and change no more than they must; null for one that has none. */
export const placesOf = (wanted: readonly (number | null)[]): readonly number[] => {
  const places: number[] = [];
  for (const place of wanted) places.push(Math.max(place ?? 0, (places.at(-1) ?? 0) + 1));
  return (places.at(-1) ?? 0) < LAST_PRIORITY ? places : wanted.map((_, i) => i + 1);
};

const writtenRules = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  policy: Row<'policies'>,
  written: readonly DraftRule[],
  known: readonly Row<'policyRules'>[],
): Promise<readonly Row<'policyRules'>[]> => {
  const type = policy.type as PolicyType;
  const now = s.clock.now();
  if (written.length > RULES_MAX) throw invalid('rules', `A policy has at most ${RULES_MAX} rules`);
  const places = placesOf(written.map(({ id }) => known.find((rule) => rule.id === id)?.priority ?? null));
  const rules: Row<'policyRules'>[] = [];
  for (const [i, rule] of written.entries()) {
    const was = rule.id === undefined ? undefined : known.find(({ id }) => id === rule.id);
    if (rule.id !== undefined && (was === undefined || was.isSystem === 1))
      throw invalid(`rules.${i}.id`, `${rule.id} is no rule of this policy; leave the id out of a new one`);
    if (was !== undefined && rules.some(({ id }) => id === was.id))
      throw invalid(`rules.${i}.id`, `${was.id} stands there twice`);
    const { conditions, actions } = readDocuments(type, rule.conditions, rule.actions);
    await assertNamedExist(tx, conditions);
    assertMayAsk(principal, conditions);
    const row: Row<'policyRules'> = {
      id: was?.id ?? newId<string>(s.random, type === 'ACCESS_POLICY' ? 'accessRule' : 'rule'),
      policyId: policy.id,
      type: ruleTypeOf(type),
      name: rule.name,
      priority: places[i] as number,
      status: rule.status ?? was?.status ?? 'ACTIVE',
      isSystem: 0,
      conditions: JSON.stringify(conditions),
      actions: JSON.stringify(actions),
      createdAt: was?.createdAt ?? now,
      lastUpdatedAt: now,
    };
    const { conditions: asked, actions: done } = was !== undefined && saysTheSame(was, row) ? was : row;
    rules.push({ ...row, conditions: asked, actions: done });
  }
  return rules;
};

/**
 * The rows of a policy as a draft writes it: without `rules` those that are there stay. `known` is where rules with an id come
 * from. E0000001 names the part that is not understood or stands for nobody, E0000006 for an expression about what the
 * principal's role hides.
 */
export const rowsOfDraft = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  before: PolicyRows,
  content: Partial<DraftContent>,
  known: readonly Row<'policyRules'>[],
): Promise<PolicyRows> => {
  const type = before.policy.type as PolicyType;
  const rules =
    content.rules === undefined
      ? before.rules.filter(({ isSystem }) => isSystem === 0)
      : await writtenRules(s, tx, principal, before.policy, content.rules, known);
  const lasting = before.rules.filter(({ isSystem }) => isSystem === 1);
  if (content.catchAll != null && lasting.length === 0)
    throw invalid('catchAll', 'This policy has no rule that is always last');
  const actions =
    content.catchAll == null ? null : JSON.stringify(readDocuments(type, {}, content.catchAll.actions).actions);
  const isDefault = before.policy.isSystem === 1;
  if (isDefault && content.conditions != null && Object.keys(content.conditions).length > 0)
    throw invalid('conditions', 'A default policy is for everybody');
  const { conditions } = readPolicyDocuments(type, content.conditions ?? JSON.parse(before.policy.conditions), {});
  await assertNamedExist(tx, conditions);
  return {
    policy: {
      ...before.policy,
      name: content.name ?? before.policy.name,
      description: content.description === undefined ? before.policy.description : content.description,
      conditions: isDefault ? before.policy.conditions : JSON.stringify(conditions),
    },
    rules: [...rules, ...lasting.map((rule) => ({ ...rule, actions: actions ?? rule.actions }))],
  };
};
