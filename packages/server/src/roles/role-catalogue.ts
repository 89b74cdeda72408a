import { compareRoles, type RolePermission } from '@sallyport/decide/roles/compare-roles';
import { neverReached } from '@sallyport/decide/roles/never-reached';
import { toIso } from '@sallyport/model/instant';
import {
  areaOf,
  factOf,
  isConditional,
  isPermission,
  PERMISSIONS,
  type Permission,
  withImplied,
} from '@sallyport/model/permissions';
import type { AttributeCondition } from '@sallyport/model/rights';
import { isStandardRole, ROLES, type StandardRoleType, targetKindOf } from '@sallyport/model/roles';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { listHolders, peopleWith } from './list-holders.ts';
import { namesOf } from './name-selectors.ts';
import { findLabelled, readCondition } from './store.ts';

/** `GET /sallyport/v1/permissions`: the catalogue in words. */
export const listPermissionWords = () =>
  PERMISSIONS.map((permission) => {
    const { words, on, isFor, isSensitive } = factOf(permission);
    return {
      permission,
      words,
      area: areaOf(permission),
      on,
      isForCustomRoles: isFor === 'any-role',
      isSensitive: isSensitive === true,
      takesCondition: isConditional(permission),
      bringsWithIt: [...withImplied(permission)].filter((one) => one !== permission),
    };
  });

/** A role of either kind, as far as it says what it holds. */
type AnyRole =
  | { readonly kind: 'standard'; readonly type: StandardRoleType }
  | { readonly kind: 'custom'; readonly row: Row<'customRoles'>; readonly held: readonly RolePermission[] };

const heldBy = async (db: Transaction, roleIds: readonly string[]) =>
  db
    .selectFrom('rolePermissions')
    .select(['roleId', 'permission', 'condition'])
    .where('roleId', 'in', [...roleIds, ''])
    .orderBy('permission')
    .execute();
const readHeld = (rows: readonly { readonly permission: string; readonly condition: string | null }[]) =>
  rows.flatMap(({ permission, condition }): RolePermission[] =>
    isPermission(permission) ? [{ permission, condition: readCondition(condition) }] : [],
  );

/** E0000007 for none. A standard role is found by its type, a custom one by its id or label. */
const findRole = async (db: Transaction, idOrLabel: string): Promise<AnyRole> => {
  if (isStandardRole(idOrLabel)) return { kind: 'standard', type: idOrLabel };
  const row = await findLabelled(db, 'customRoles', idOrLabel);
  return { kind: 'custom', row, held: readHeld(await heldBy(db, [row.id])) };
};

/** With what comes with a permission; the widest condition of those that bring it counts, as in `compileRights`. */
const effective = (role: AnyRole): readonly RolePermission[] => {
  if (role.kind === 'standard')
    return ROLES[role.type].permissions.map((permission: Permission) => ({ permission, condition: null }));
  const found = new Map<Permission, AttributeCondition | null>();
  for (const { permission, condition } of role.held)
    for (const implied of withImplied(permission)) {
      const isNarrow = isConditional(implied) || implied.startsWith('okta.users.userprofile.');
      const own = isNarrow ? condition : null;
      const before = found.get(implied);
      if (before === undefined || (before !== null && own === null)) found.set(implied, own);
    }
  return [...found].map(([permission, condition]) => ({ permission, condition }));
};

const headOf = (role: AnyRole) =>
  role.kind === 'standard'
    ? {
        id: role.type as string,
        kind: role.kind,
        label: ROLES[role.type].label as string,
        description: '',
        lastUpdatedAt: null,
        key: { type: role.type as string, roleId: '' },
      }
    : {
        id: role.row.id,
        kind: role.kind,
        label: role.row.label,
        description: role.row.description,
        lastUpdatedAt: toIso(role.row.lastUpdatedAt),
        key: { type: 'CUSTOM', roleId: role.row.id },
      };

const present = async (db: Transaction, role: AnyRole) => {
  const { key, ...head } = headOf(role);
  const permissions = effective(role).filter(({ permission }) => factOf(permission).on !== 'nothing');
  return {
    ...head,
    permissions: permissions.length,
    sensitive: permissions.filter(({ permission }) => factOf(permission).isSensitive === true).length,
    people: await peopleWith(db, key),
  };
};

/** `GET /sallyport/v1/roles`: the standard ones, then the custom ones by label. */
export const listAllRoles = async (s: Services) => {
  const db = s.store.read;
  const rows = await db.selectFrom('customRoles').selectAll().orderBy('labelFolded').execute();
  const held = await heldBy(
    db,
    rows.map(({ id }) => id),
  );
  const roles: AnyRole[] = [
    ...(Object.keys(ROLES) as StandardRoleType[]).map((type) => ({ kind: 'standard', type }) as const),
    ...rows.map(
      (row) => ({ kind: 'custom', row, held: readHeld(held.filter(({ roleId }) => roleId === row.id)) }) as const,
    ),
  ];
  return Promise.all(roles.map((role) => present(db, role)));
};

/** What a writer of a custom role changes, whole; its tag is made of it. */
export const roleDocument = (
  row: Pick<Row<'customRoles'>, 'label' | 'description'>,
  held: readonly RolePermission[],
) => ({
  label: row.label,
  description: row.description,
  permissions: held.map(({ permission, condition }) => ({ permission, condition })),
});

/** The document of a custom role as it is stored. */
export const readRoleDocument = async (db: Transaction, row: Row<'customRoles'>) =>
  roleDocument(row, readHeld(await heldBy(db, [row.id])));

/** `GET /sallyport/v1/roles/{idOrLabel}`; `document` is null for a standard role, which nobody changes. */
export const getRoleDetail = async (s: Services, idOrLabel: string) => {
  const db = s.store.read;
  const role = await findRole(db, idOrLabel);
  const { key, ...head } = headOf(role);
  const chosen = new Set(role.kind === 'custom' ? role.held.map(({ permission }) => permission) : []);
  const permissions = effective(role);
  const editor = role.kind === 'custom' ? role.row.lastUpdatedBy : null;
  const body = {
    ...head,
    lastUpdatedBy: editor === null ? null : ((await namesOf(db, 'user', [editor])).get(editor) ?? null),
    narrowedTo: role.kind === 'custom' ? ('resource-set' as const) : targetKindOf(role.type),
    permissions: permissions.map(({ permission, condition }) => {
      const { words, on, isSensitive } = factOf(permission);
      return {
        permission,
        words,
        area: areaOf(permission),
        isSensitive: isSensitive === true,
        givesNothing: on === 'nothing',
        /** Named by the role itself, not brought along by another permission. */
        isChosen: role.kind === 'standard' || chosen.has(permission),
        condition,
      };
    }),
    never: neverReached(
      role.kind === 'custom' ? 'CUSTOM' : role.type,
      permissions.map(({ permission }) => permission),
    ),
    people: await peopleWith(db, key),
    holders: await listHolders(db, key),
  };
  return { body, document: role.kind === 'custom' ? roleDocument(role.row, role.held) : null };
};

/** `GET …/roles/{a}/compared-with/{b}`: `left` is the first. */
export const getRoleComparison = async (s: Services, left: string, right: string) => {
  const [a, b] = [await findRole(s.store.read, left), await findRole(s.store.read, right)];
  const comparison = compareRoles(effective(a), effective(b));
  const inWords = (permissions: readonly Permission[]) =>
    permissions
      .filter((permission) => factOf(permission).on !== 'nothing')
      .map((permission) => ({ permission, words: factOf(permission).words, area: areaOf(permission) }));
  const nameOf = (role: AnyRole) => ({ id: headOf(role).id, label: headOf(role).label });
  return {
    left: nameOf(a),
    right: nameOf(b),
    onlyLeft: inWords(comparison.onlyLeft),
    onlyRight: inWords(comparison.onlyRight),
    otherCondition: inWords(comparison.otherCondition),
    both: inWords(comparison.both),
  };
};
