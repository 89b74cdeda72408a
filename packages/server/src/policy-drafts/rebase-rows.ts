import type { PolicyRows } from '../policies/policy-rows.ts';
import { ruleDocument } from '../policies/present-policy.ts';
import type { Row } from '../store/tables.ts';
import { placesOf } from './draft-rows.ts';

export interface Rebased {
  readonly rows: PolicyRows;
  /** What both changed, each in another way; of these the one that is kept is in `rows`. */
  readonly conflicts: readonly string[];
}

/** What it says, wherever it stands. */
const saidOf = (rule: Row<'policyRules'> | undefined): string => {
  if (rule === undefined) return '';
  const { priority: _, ...said } = ruleDocument(rule);
  return JSON.stringify(said);
};

/** The order of the rules that another one has, too. */
const orderOf = ({ rules }: PolicyRows, other: PolicyRows): string =>
  rules.flatMap(({ id }) => (other.rules.some((rule) => rule.id === id) ? [id] : [])).join(' ');

/**
 * A draft brought up to what is published now: a change of `theirs` counts where the draft, `mine`, left the rule as both
 * found it (`base`), and one of the draft where nobody else touched the rule. The order is the
 * draft's if it changed it, and else the published one; rules that are new to it stand behind the one that they followed.
 */
export const rebaseRows = (
  base: PolicyRows,
  mine: PolicyRows,
  theirs: PolicyRows,
  keep: 'draft' | 'published',
): Rebased => {
  const conflicts: string[] = [];
  const of = (rows: PolicyRows, id: string) => rows.rules.find((rule) => rule.id === id);
  const choose = (id: string): Row<'policyRules'> | undefined => {
    const [was, own, other] = [of(base, id), of(mine, id), of(theirs, id)];
    if (saidOf(own) === saidOf(was)) return other;
    if (saidOf(other) === saidOf(was) || saidOf(other) === saidOf(own)) return own;
    conflicts.push(`“${(own ?? other ?? was)?.name ?? id}”`);
    return keep === 'draft' ? own : other;
  };
  // Who reordered nothing takes the order of who did.
  const [lead, rest] = orderOf(mine, base) === orderOf(base, mine) ? [theirs, mine] : [mine, theirs];
  const rules = lead.rules.flatMap(({ id }) => choose(id) ?? []);
  for (const [i, { id }] of rest.rules.entries()) {
    if (of(lead, id) !== undefined) continue;
    const chosen = choose(id);
    if (chosen === undefined) continue;
    // One that it followed may be gone: then the one before that. In front of all it would be asked first.
    const followed = rest.rules.slice(0, i).findLast((rule) => rules.some((one) => one.id === rule.id));
    rules.splice(rules.findIndex((rule) => rule.id === followed?.id) + 1, 0, chosen);
  }
  const text = (field: 'name' | 'description' | 'conditions') => {
    const [was, own, other] = [base.policy[field], mine.policy[field], theirs.policy[field]];
    if (own === was) return other;
    if (other === was || other === own) return own;
    conflicts.push(`its ${field}`);
    return keep === 'draft' ? own : other;
  };
  const own = rules.filter(({ isSystem }) => isSystem === 0);
  const places = placesOf(own.map(({ priority }) => priority));
  return {
    rows: {
      policy: {
        ...theirs.policy,
        name: text('name') ?? '',
        description: text('description'),
        conditions: text('conditions') ?? '{}',
      },
      rules: [
        ...own.map((rule, i) => ({ ...rule, priority: places[i] ?? rule.priority })),
        ...rules.filter(({ isSystem }) => isSystem === 1),
      ],
    },
    conflicts,
  };
};
