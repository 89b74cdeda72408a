import type { SequenceStep } from '@sallyport/model/access-request';
import type { Transaction } from '../ports/store.ts';

/**
 * Of these groups those whose members say yes to access: a sequence names them, or a request that still waits. Whoever could
 * put somebody into one would choose who approves what they ask for; so they are guarded like groups that hold a role.
 */
export const approverGroups = async (db: Transaction, groupIds: readonly string[]): Promise<ReadonlySet<string>> => {
  if (groupIds.length === 0) return new Set();
  // Rules with names, as text: an id of a group stands nowhere else in them.
  const naming = groupIds.map((id) => `%"${id.replace(/[\\%_"]/g, '')}"%`);
  const sequences = await db
    .selectFrom('requestSequences')
    .select('steps')
    .where((e) => e.or(naming.map((like) => e('steps', 'like', like))))
    .execute();
  const open = await db
    .selectFrom('requests')
    .select('steps')
    .distinct()
    .where('outcome', 'is', null)
    .where((e) => e.or(naming.map((like) => e('steps', 'like', like))))
    .execute();
  const named = new Set(
    [...sequences, ...open].flatMap((row) =>
      (JSON.parse(row.steps) as SequenceStep[])
        .flatMap(({ approvers, escalateTo }) => [approvers, ...(escalateTo === undefined ? [] : [escalateTo])])
        .flatMap((rule) => (rule.by === 'group' ? [rule.id] : [])),
    ),
  );
  return new Set(groupIds.filter((id) => named.has(id)));
};
