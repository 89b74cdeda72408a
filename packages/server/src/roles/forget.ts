import { invalid } from '@sallyport/model/errors';
import type { Selector } from '@sallyport/model/rights';
import { sql } from 'kysely';
import type { Transaction } from '../ports/store.ts';

/**
 * What is left when something that roles, or assignments of apps, speak of is deleted. No deletion widens a right: an assignment whose last target
 * goes gives nothing, a resource set that loses an entry is smaller, and a group that a set leaves out cannot go before
 * the set says otherwise.
 */
export const forgetResource = async (tx: Transaction, selector: Selector): Promise<void> => {
  const text = JSON.stringify(selector);
  await tx.deleteFrom('roleTargets').where('selector', '=', text).execute();
  await tx.deleteFrom('resourceSetEntries').where('selector', '=', text).execute();
  if (selector.by === 'id' && (selector.kind === 'user' || selector.kind === 'group'))
    await tx
      .deleteFrom('appAssignments')
      .where('kind', '=', selector.kind)
      .where('principalId', '=', selector.id)
      .execute();
};

/** A group, and the people in it as a choice. Errors: E0000001 where a resource set leaves its people out. */
export const forgetGroup = async (tx: Transaction, groupId: string): Promise<void> => {
  const people: Selector = { kind: 'user', by: 'group', groupId };
  const like = `%${JSON.stringify(people).replace(/[\\%_]/g, '\\$&')}%`;
  const set = await tx
    .selectFrom('resourceSetEntries')
    .innerJoin('resourceSets', 'resourceSets.id', 'resourceSetEntries.resourceSetId')
    .select('resourceSets.label')
    .where((e) => sql<boolean>`${e.ref('resourceSetEntries.excluded')} like ${like} escape '\\'`)
    .executeTakeFirst();
  if (set !== undefined)
    throw invalid(
      'group',
      `The resource set ${set.label} leaves out the people of this group; without the group it would hold them too. Change the set first`,
    );
  await forgetResource(tx, people);
  await forgetResource(tx, { kind: 'group', by: 'id', id: groupId });
};

/** All that somebody, a group or a service app holds. */
export const deleteAssignmentsOf = async (
  tx: Transaction,
  kind: 'user' | 'group' | 'client' | 'bundle',
  id: string,
): Promise<void> => {
  const own = tx
    .selectFrom('roleAssignments')
    .select('id')
    .where('principalKind', '=', kind)
    .where('principalId', '=', id);
  await tx.deleteFrom('roleTargets').where('assignmentId', 'in', own).execute();
  await tx.deleteFrom('roleAssignments').where('principalKind', '=', kind).where('principalId', '=', id).execute();
};
