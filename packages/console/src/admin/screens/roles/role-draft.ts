import type { ConditionAnswer, PermissionWordsAnswer, RoleDetailAnswer } from '@sallyport/client/answers';

export type Attributes = 'all' | 'include' | 'exclude';

/** What is typed of a condition: kept while another choice is looked at. */
export interface ConditionDraft {
  readonly kind: Attributes;
  readonly text: string;
}
export interface RoleDraft {
  readonly label: string;
  readonly description: string;
  readonly chosen: readonly string[];
  readonly conditions: Readonly<Record<string, ConditionDraft>>;
}

export const EMPTY_ROLE: RoleDraft = { label: '', description: '', chosen: [], conditions: {} };
const NO_CONDITION: ConditionDraft = { kind: 'all', text: '' };
export const conditionOf = (draft: RoleDraft, permission: string): ConditionDraft =>
  draft.conditions[permission] ?? NO_CONDITION;

export const attributesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,]+/)
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
];

/** A role as it can be edited. Of a standard one, which nobody edits, what a custom role may hold of it. */
export const draftOf = (role: RoleDetailAnswer, catalogue: readonly PermissionWordsAnswer[]): RoleDraft => {
  const allowed = new Set(
    catalogue
      .filter(({ isForCustomRoles, on }) => isForCustomRoles && on !== 'nothing')
      .map(({ permission }) => permission),
  );
  const chosen = role.permissions.filter(
    ({ permission, isChosen }) => isChosen && (role.kind === 'custom' || allowed.has(permission)),
  );
  return {
    label: role.label,
    description: role.description,
    chosen: chosen.map(({ permission }) => permission),
    conditions: Object.fromEntries(
      chosen.flatMap(({ permission, condition }) =>
        condition === null ? [] : [[permission, { kind: condition.kind, text: condition.attributes.join(', ') }]],
      ),
    ),
  };
};

/** What is sent: the whole role. */
export const bodyOf = (draft: RoleDraft, catalogue: readonly PermissionWordsAnswer[]) => ({
  label: draft.label.trim(),
  description: draft.description.trim(),
  permissions: draft.chosen.map((permission) => {
    const { kind, text } = conditionOf(draft, permission);
    const takes = catalogue.some((one) => one.permission === permission && one.takesCondition);
    return {
      permission,
      condition: takes && kind !== 'all' ? { kind, attributes: attributesOf(text) } : null,
    };
  }),
});

export const faultsOf = (draft: RoleDraft, catalogue: readonly PermissionWordsAnswer[]) => {
  const empty = bodyOf(draft, catalogue).permissions.find(
    ({ condition }) => condition !== null && condition.attributes.length === 0,
  );
  return {
    label: draft.label.trim() === '' ? 'A role needs a name.' : null,
    chosen: draft.chosen.length === 0 ? 'A role needs at least one permission.' : null,
    condition: empty === undefined ? null : empty.permission,
  };
};

/** Which attributes of profiles, in words. */
export const conditionWords = (condition: ConditionAnswer | null): string =>
  condition === null
    ? 'all attributes'
    : `${condition.kind === 'include' ? 'only' : 'all but'} ${condition.attributes.join(', ')}`;

const heldWords = (condition: ConditionAnswer | null, takesCondition: boolean): string =>
  takesCondition ? `yes, ${conditionWords(condition)}` : 'yes';

/** What saving changes, line by line; what comes along with a permission comes and goes with it. */
export const roleChanges = (
  before: RoleDraft,
  after: RoleDraft,
  catalogue: readonly PermissionWordsAnswer[],
): readonly { readonly what: string; readonly from: string; readonly to: string }[] => {
  const [old, next] = [bodyOf(before, catalogue), bodyOf(after, catalogue)];
  const texts = (['label', 'description'] as const)
    .filter((field) => old[field] !== next[field])
    .map((field) => ({
      what: field === 'label' ? 'Name' : 'What it is for',
      from: old[field] || 'none',
      to: next[field] || 'none',
    }));
  const held = (body: typeof old, permission: string, takes: boolean): string => {
    const found = body.permissions.find((one) => one.permission === permission);
    return found === undefined ? 'no' : heldWords(found.condition, takes);
  };
  const names = new Set([...old.permissions, ...next.permissions].map(({ permission }) => permission));
  const permissions = catalogue
    .filter(({ permission }) => names.has(permission))
    .map(({ permission, words, takesCondition }) => ({
      what: words,
      from: held(old, permission, takesCondition),
      to: held(next, permission, takesCondition),
    }))
    .filter(({ from, to }) => from !== to);
  return [...texts, ...permissions];
};

/** In areas, in the order in which they first come; what gives nothing here is last. */
export const inAreas = <T extends { readonly area: string }>(
  items: readonly T[],
): readonly (readonly [string, T[]])[] => {
  const areas = new Map<string, T[]>();
  for (const item of items) areas.set(item.area, [...(areas.get(item.area) ?? []), item]);
  return [...areas];
};
