import { toIso } from '@sallyport/model/instant';
import type { Selector } from '@sallyport/model/rights';
import { isRoleType, labelOf } from '@sallyport/model/roles';
import type { Transaction } from '../ports/store.ts';
import { nameSelectors, namesOf } from './name-selectors.ts';
import { isHeldBy } from './standing-rights.ts';
import { holdersOf } from './store.ts';

/** An assignment as people read it: who holds what, over what, since when and by whom. */
export interface HolderLine {
  readonly assignmentId: string;
  /** Of a standard role its type. */
  readonly role: { readonly id: string; readonly label: string };
  readonly kind: 'user' | 'group' | 'client' | 'bundle';
  readonly id: string;
  readonly name: string;
  /** How many people hold it by this assignment: one, those in the group, or nobody where a service app does or a bundle, which gives it for a while. */
  readonly people: number;
  readonly resourceSet: { readonly id: string; readonly label: string } | null;
  /** What it is narrowed to; null is everything. */
  readonly targets: readonly string[] | null;
  readonly since: string;
  /** Who gave it; null where it was not a person, or they are gone. */
  readonly by: string | null;
}

/** People who hold a role, by themselves or through a group, each once. */
export const peopleWith = async (
  db: Transaction,
  role: { readonly type: string; readonly roleId: string },
): Promise<number> =>
  (
    await holdersOf(
      db,
      await db
        .selectFrom('roleAssignments')
        .select(['principalKind', 'principalId'])
        .where('type', '=', role.type)
        .where('roleId', '=', role.roleId)
        .execute(),
    )
  ).length;

const SHOWN_MAX = 500;

type By =
  | { readonly type: string; readonly roleId: string }
  | { readonly resourceSetId: string }
  | { readonly userId: string }
  | { readonly kind: 'group' | 'client' | 'bundle'; readonly id: string };

/** Assignments of a role, over a resource set, or of a person with those of their groups; the oldest first, of one moment groups before people. */
export const listHolders = async (db: Transaction, by: By): Promise<readonly HolderLine[]> => {
  const query = db
    .selectFrom('roleAssignments')
    .selectAll()
    .orderBy('createdAt')
    .orderBy('principalKind')
    .orderBy('id')
    .limit(SHOWN_MAX);
  const rows = await ('resourceSetId' in by
    ? query.where('resourceSetId', '=', by.resourceSetId)
    : 'userId' in by
      ? query.where(isHeldBy(by.userId))
      : 'kind' in by
        ? query.where('principalKind', '=', by.kind).where('principalId', '=', by.id)
        : query.where('type', '=', by.type).where('roleId', '=', by.roleId)
  ).execute();
  const roles = await db
    .selectFrom('customRoles')
    .select(['id', 'label'])
    .where('id', 'in', [...rows.map(({ roleId }) => roleId), ''])
    .execute();
  const roleOf = ({ type, roleId }: (typeof rows)[number]): HolderLine['role'] =>
    roles.find(({ id }) => id === roleId) ?? { id: type, label: isRoleType(type) ? labelOf(type) : type };
  const of = (kind: HolderLine['kind']) =>
    rows.filter(({ principalKind }) => principalKind === kind).map(({ principalId }) => principalId);
  const logins = await namesOf(db, 'user', [...of('user'), ...rows.map(({ createdBy }) => createdBy)]);
  const groups = await namesOf(db, 'group', of('group'));
  const names = {
    user: logins,
    group: groups,
    client: await namesOf(db, 'app', of('client')),
    bundle: await namesOf(db, 'bundle', of('bundle')),
  };
  const members = await db
    .selectFrom('groupMembers')
    .select((e) => ['groupId', e.fn.countAll<number | string>().as('count')])
    .where('groupId', 'in', [...of('group'), ''])
    .groupBy('groupId')
    .execute();
  const sets = await db
    .selectFrom('resourceSets')
    .select(['id', 'label'])
    .where('id', 'in', [...rows.map(({ resourceSetId }) => resourceSetId), ''])
    .execute();
  const targets = await db
    .selectFrom('roleTargets')
    .select(['assignmentId', 'selector'])
    .where('assignmentId', 'in', [...rows.map(({ id }) => id), ''])
    .execute();
  const parsed = targets.map(({ assignmentId, selector }) => ({
    assignmentId,
    selector: JSON.parse(selector) as Selector,
  }));
  const nameOf = await nameSelectors(
    db,
    parsed.map(({ selector }) => selector),
  );
  return rows.map((row) => ({
    assignmentId: row.id,
    role: roleOf(row),
    kind: row.principalKind,
    id: row.principalId,
    name: names[row.principalKind].get(row.principalId) ?? row.principalId,
    people:
      row.principalKind === 'user' ? 1 : Number(members.find(({ groupId }) => groupId === row.principalId)?.count ?? 0),
    resourceSet: sets.find(({ id }) => id === row.resourceSetId) ?? null,
    targets:
      row.scope === 'EVERYTHING'
        ? null
        : // Of a group the group and its people are both chosen; one name says it.
          parsed
            .filter(({ assignmentId, selector }) => assignmentId === row.id && selector.by !== 'group')
            .map(({ selector }) => nameOf(selector)),
    since: toIso(row.createdAt),
    by: logins.get(row.createdBy) ?? null,
  }));
};
