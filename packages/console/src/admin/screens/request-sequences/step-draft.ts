import type { SequenceStep } from '@sallyport/client/answers';

type Rule = SequenceStep['approvers'];
export type By = Rule['by'];

/** A step as it is filled in: what another kind of approvers needs stays while one looks at this one. */
export interface StepDraft {
  /** Of this form alone. */
  readonly key: number;
  readonly by: By;
  readonly personIds: readonly string[];
  readonly groupId: string;
  readonly permission: string;
  readonly count: number;
  /** To whom it passes on, and after how long: not filled in here, and sent as it was read. */
  readonly passesOn: Pick<SequenceStep, 'escalateAfter' | 'escalateTo'>;
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

const EMPTY = { by: 'admins', personIds: [], groupId: '', permission: '', count: 1, passesOn: {} } as const;

export const newStep = (key: number): StepDraft => ({ key, ...EMPTY });

export const stepOf = ({ approvers, count, ...passesOn }: SequenceStep, key: number): StepDraft => ({
  ...newStep(key),
  by: approvers.by,
  count,
  passesOn,
  ...(approvers.by === 'people' ? { personIds: approvers.ids } : {}),
  ...(approvers.by === 'group' ? { groupId: approvers.id } : {}),
  ...(approvers.by === 'permission' ? { permission: approvers.permission } : {}),
});

/** Is it said who is meant? A step that names nobody is nobody. */
export const isSaid = ({ by, personIds, groupId, permission }: StepDraft): boolean => {
  if (by === 'people') return personIds.length > 0;
  if (by === 'group') return groupId !== '';
  return by !== 'permission' || permission !== '';
};

const asRule = ({ by, personIds, groupId, permission }: StepDraft) => {
  if (by === 'people') return { by, ids: personIds };
  if (by === 'group') return { by, id: groupId };
  return by === 'permission' ? { by, permission } : { by };
};

/** As the server takes it. Nobody has two managers. */
export const asStep = (step: StepDraft) => ({
  approvers: asRule(step),
  count: step.by === 'manager' ? 1 : step.count,
  ...step.passesOn,
});
