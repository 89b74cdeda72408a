import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { LogTarget } from '@sallyport/model/log-event';
import type { AttributeCondition, Selector } from '@sallyport/model/rights';
import { ROLES } from '@sallyport/model/roles';
import { peopleGranted } from '../grants/active-grants.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

/** A custom role or a resource set: both are found by their id or their label. */
export type Labelled = 'customRoles' | 'resourceSets';
const KIND = { customRoles: 'CustomRole', resourceSets: 'ResourceSet' } as const;

/** E0000007 otherwise. */
export const findLabelled = async (db: Transaction, table: Labelled, idOrLabel: string): Promise<Row<Labelled>> => {
  const rows = await db
    .selectFrom(table)
    .selectAll()
    .where((e) => e.or([e('id', '=', idOrLabel), e('labelFolded', '=', idOrLabel.toLowerCase())]))
    .execute();
  const row = rows.find(({ id }) => id === idOrLabel) ?? rows[0];
  if (row === undefined) throw notFound(idOrLabel, KIND[table]);
  return row;
};

/** Whoever reads the name of a custom role must not take it for a standard one. */
const STANDARD_NAMES = new Set(
  Object.entries(ROLES).flatMap(([type, { label }]) => [type.toLowerCase(), label.toLowerCase()]),
);

/** E0000001 when another one has the label, or a standard role. */
export const assertLabelIsFree = async (
  tx: Transaction,
  table: Labelled,
  label: string,
  ownId: string | null,
): Promise<void> => {
  if (table === 'customRoles' && STANDARD_NAMES.has(label.toLowerCase()))
    throw invalid('label', 'A standard role is called that');
  const taken = await tx
    .selectFrom(table)
    .select('id')
    .where((e) => e.or([e('labelFolded', '=', label.toLowerCase()), e('id', '=', label)]))
    .executeTakeFirst();
  if (taken !== undefined && taken.id !== ownId)
    throw invalid('label', 'An object with this field already exists in the current organization');
};

/** E0000001 when there are as many as there may be. */
export const assertRoomFor = async (tx: Transaction, table: Labelled, max: number): Promise<void> => {
  const { count } = await tx
    .selectFrom(table)
    .select((e) => e.fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) >= max) throw invalid('label', `There are ${max} already, and no more fit`);
};

export const labelledTarget = (table: Labelled, row: Pick<Row<Labelled>, 'id' | 'label'>): LogTarget => ({
  id: row.id,
  type: KIND[table],
  alternateId: row.label,
  displayName: row.label,
  detailEntry: null,
});

/** The id of the organisation, which stands in resource names. */
export const orgIdOf = async (db: Transaction): Promise<string> => {
  const org = await db.selectFrom('org').select('id').executeTakeFirst();
  if (org === undefined) throw new ApiError('E0000009', { detail: 'no org' });
  return org.id;
};

/**
 * People who hold assignments like these, by themselves, through a group or for a while: their doors must hear of a
 * change.
 */
export const holdersOf = async (
  db: Transaction,
  assignments: readonly Pick<Row<'roleAssignments'>, 'principalKind' | 'principalId'>[],
): Promise<string[]> => {
  const of = (kind: 'user' | 'group' | 'bundle') =>
    assignments.filter(({ principalKind }) => principalKind === kind).map(({ principalId }) => principalId);
  const groups = of('group');
  const members =
    groups.length === 0
      ? []
      : await db.selectFrom('groupMembers').select('userId').where('groupId', 'in', groups).execute();
  const granted = [...(await peopleGranted(db, 'group', groups)), ...(await peopleGranted(db, 'bundle', of('bundle')))];
  return [...new Set([...of('user'), ...members.map(({ userId }) => userId), ...granted])];
};

/** Tells doors and streams, after commit. Whoever asks next is judged by the new rights anyway. */
export const publishRights = (s: Services, userIds: readonly string[]): void => {
  for (const id of userIds) s.bus.publish({ kind: 'user', id, reason: 'rights-changed' });
};

export const selectorText = (selector: Selector): string => JSON.stringify(selector);
export const readSelectors = (text: string): readonly Selector[] => JSON.parse(text) as Selector[];
export const readCondition = (text: string | null): AttributeCondition | null =>
  text === null ? null : (JSON.parse(text) as AttributeCondition);
