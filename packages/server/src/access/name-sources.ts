import { toIso } from '@sallyport/model/instant';
import type { GrantSource } from '@sallyport/model/rights';
import type { Transaction } from '../ports/store.ts';
import { namesOf } from '../roles/name-selectors.ts';

/** Where a right comes from, by names. */
export interface SourceLine {
  readonly role: { readonly id: string; readonly label: string };
  readonly group: { readonly id: string; readonly name: string } | null;
  /** Of what is held for a while. */
  readonly until: string | null;
}

/** Names the roles and groups that grants come from. */
export const nameSources = async (
  db: Transaction,
  sources: readonly GrantSource[],
): Promise<(source: GrantSource) => SourceLine> => {
  const ids = sources.flatMap(({ groupId }) => (groupId === null ? [] : [groupId]));
  const names = await namesOf(db, 'group', ids);
  return ({ roleId, type, label, groupId, timeBound }) => ({
    role: { id: roleId ?? type, label },
    group: groupId === null ? null : { id: groupId, name: names.get(groupId) ?? groupId },
    until: timeBound === undefined ? null : toIso(timeBound.endsAt),
  });
};
