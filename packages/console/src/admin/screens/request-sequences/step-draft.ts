import type { SequenceStep } from '@sallyport/client/answers';
import { type LengthDraft, readLength, writeLength } from '../../ui/length.ts';

type Rule = SequenceStep['approvers'];
export type By = Rule['by'];

/** Who is meant, as it is filled in: what another kind of people needs stays while one looks at this one. */
export interface RuleDraft {
  readonly by: By;
  readonly personIds: readonly string[];
  readonly groupId: string;
  readonly permission: string;
}
export interface StepDraft extends RuleDraft {
  /** Of this form alone. */
  readonly key: number;
  readonly count: number;
  /** After how long who may say yes, too; null: nobody else. */
  readonly escalation: { readonly after: LengthDraft; readonly to: RuleDraft } | null;
}

export const BY_WORDS: Readonly<Record<By, string>> = {
  admins: 'administrators',
  'super-admins': 'super admins',
  people: 'certain people',
  group: 'members of a group',
  manager: 'the manager of whom it is for',
  owner: 'owners of the group that is asked for',
  permission: 'whoever holds a permission',
};

const EMPTY: RuleDraft = { by: 'admins', personIds: [], groupId: '', permission: '' };

export const newStep = (key: number): StepDraft => ({ key, ...EMPTY, count: 1, escalation: null });

/** What stands there once somebody wants that a step passes on. */
export const NEW_ESCALATION: NonNullable<StepDraft['escalation']> = {
  after: { count: '4', unit: 'hours' },
  to: { ...EMPTY, by: 'super-admins' },
};

const ruleOf = (rule: Rule): RuleDraft => ({
  ...EMPTY,
  by: rule.by,
  ...(rule.by === 'people' ? { personIds: rule.ids } : {}),
  ...(rule.by === 'group' ? { groupId: rule.id } : {}),
  ...(rule.by === 'permission' ? { permission: rule.permission } : {}),
});

export const stepOf = ({ approvers, count, escalateAfter, escalateTo }: SequenceStep, key: number): StepDraft => ({
  key,
  ...ruleOf(approvers),
  count,
  escalation:
    escalateAfter === undefined || escalateTo === undefined
      ? null
      : { after: readLength(escalateAfter), to: ruleOf(escalateTo) },
});

/** All whom a step names. */
export const rulesOf = (step: StepDraft): readonly RuleDraft[] =>
  step.escalation === null ? [step] : [step, step.escalation.to];

const namesSomebody = ({ by, personIds, groupId, permission }: RuleDraft): boolean => {
  if (by === 'people') return personIds.length > 0;
  if (by === 'group') return groupId !== '';
  return by !== 'permission' || permission !== '';
};

/** Is it said who is meant, and when? A step that names nobody is nobody. */
export const isSaid = (step: StepDraft): boolean =>
  rulesOf(step).every(namesSomebody) && (step.escalation === null || writeLength(step.escalation.after) !== null);

const asRule = ({ by, personIds, groupId, permission }: RuleDraft) => {
  if (by === 'people') return { by, ids: personIds };
  if (by === 'group') return { by, id: groupId };
  return by === 'permission' ? { by, permission } : { by };
};

/** As the server takes it, once it is said. */
export const asStep = ({ count, escalation, ...rule }: StepDraft) => ({
  approvers: asRule(rule),
  // Nobody has two managers.
  count: rule.by === 'manager' ? 1 : count,
  ...(escalation === null ? {} : { escalateAfter: writeLength(escalation.after), escalateTo: asRule(escalation.to) }),
});
