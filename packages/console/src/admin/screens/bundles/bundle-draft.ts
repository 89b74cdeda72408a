import type { BundleAnswer } from '@sallyport/client/answers';

/** A role of a bundle as it is filled in. */
export interface RoleDraft {
  /** Of this form alone. */
  readonly key: number;
  readonly roleId: string;
  readonly isCustom: boolean;
  /** Of a custom role: over each of these it is held. */
  readonly setIds: readonly string[];
  /** Of a standard role: over everything, or over these alone. */
  readonly isNarrowed: boolean;
  readonly targetIds: readonly string[];
}

export const newRole = (key: number): RoleDraft => ({
  key,
  roleId: '',
  isCustom: false,
  setIds: [],
  isNarrowed: false,
  targetIds: [],
});

/** A custom role stands in a bundle once for each resource set; it is filled in once. What is gone is left out. */
export const draftOf = ({ roles }: Pick<BundleAnswer, 'roles'>): readonly RoleDraft[] => {
  const drafts: RoleDraft[] = [];
  for (const { role, resourceSet, targets } of roles) {
    const at = drafts.findIndex(({ roleId, isCustom }) => isCustom && roleId === role.id);
    const setIds = resourceSet === null ? [] : [resourceSet.id];
    const before = drafts[at];
    if (before !== undefined) drafts[at] = { ...before, setIds: [...before.setIds, ...setIds] };
    else
      drafts.push({
        key: drafts.length,
        roleId: role.id,
        isCustom: role.kind === 'custom',
        setIds,
        isNarrowed: targets !== null,
        targetIds: (targets ?? []).flatMap(({ id, name }) => (name === null ? [] : [id])),
      });
  }
  return drafts;
};

/** Is it said which role, and over what? One that is narrowed to nothing would be read as one over everything. */
export const isSaid = ({ roleId, isCustom, setIds, isNarrowed, targetIds }: RoleDraft): boolean =>
  roleId !== '' && (isCustom ? setIds.length > 0 : !isNarrowed || targetIds.length > 0);

/** As the server takes it. */
export const asEntitlement = ({ roleId, isCustom, setIds, isNarrowed, targetIds }: RoleDraft) => {
  if (isCustom) return { role: roleId, resourceSets: setIds };
  return isNarrowed ? { role: roleId, targets: targetIds } : { role: roleId };
};
