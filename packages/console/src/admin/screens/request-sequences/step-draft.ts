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

const EMPTY = { by: 'admins', personIds: [], groupId: '', permission: '', count: 1 } as const;

export const newStep = (key: number): StepDraft => ({ key, ...EMPTY });

export const stepOf = ({ approvers, count }: SequenceStep, key: number): StepDraft => ({
  ...newStep(key),
  by: approvers.by,
  count,
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

/** As the server takes it. */
export const asStep = ({ by, personIds, groupId, permission, count }: StepDraft) => {
  if (by === 'people') return { approvers: { by, ids: personIds }, count };
  if (by === 'group') return { approvers: { by, id: groupId }, count };
  if (by === 'permission') return { approvers: { by, permission }, count };
  // Nobody has two managers.
  return { approvers: { by }, count: by === 'manager' ? 1 : count };
};
