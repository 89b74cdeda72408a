import type { GrantSource } from '@sallyport/model/rights';
import type { Transaction } from '../ports/store.ts';
import { namesOf } from '../roles/name-selectors.ts';

/** Where a right comes from, by names. */
export interface SourceLine {
  readonly role: { readonly id: string; readonly label: string };
  readonly group: { readonly id: string; readonly name: string } | null;
}

/** Names the roles and groups that grants come from. */
export const nameSources = async (
  db: Transaction,
  sources: readonly GrantSource[],
): Promise<(source: GrantSource) => SourceLine> => {
  const ids = sources.flatMap(({ groupId }) => (groupId === null ? [] : [groupId]));
  const names = await namesOf(db, 'group', ids);
  return ({ roleId, type, label, groupId }) => ({
    role: { id: roleId ?? type, label },
    group: groupId === null ? null : { id: groupId, name: names.get(groupId) ?? groupId },
  });
};
