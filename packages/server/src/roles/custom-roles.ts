import { compareRoles, type RolePermission } from '@sallyport/decide/roles/compare-roles';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { factOf, isConditional, isPermission, type Permission } from '@sallyport/model/permissions';
import { authorOf, type Principal } from '@sallyport/model/principal';
import type { AttributeCondition } from '@sallyport/model/rights';
import { pageLimit } from '../http/page-limit.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { assertUnchanged } from '../settings/settings-version.ts';
import type { Row } from '../store/tables.ts';
import { forgetSubscriptions } from '../subscriptions/store.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { changeLabelled } from './change-labelled.ts';
import { assertSuperAdmin } from './guard-user.ts';
import { readRoleDocument } from './role-catalogue.ts';
import { assertLabelIsFree, assertRoomFor, findLabelled, labelledTarget, readCondition } from './store.ts';

const ROLES_MAX = 100;
/** What a condition speaks of on the wire; the only thing that one can. */
const PROFILE = 'okta:ResourceAttribute/User/Profile';

export interface LabelBody {
  readonly label: string;
  readonly description: string;
}
export interface ConditionsBody {
  readonly include?: Readonly<Record<string, readonly string[]>> | null | undefined;
  readonly exclude?: Readonly<Record<string, readonly string[]>> | null | undefined;
}

const target = (row: Pick<Row<'customRoles'>, 'id' | 'label'>) => labelledTarget('customRoles', row);
const find = (db: Transaction, idOrLabel: string) => findLabelled(db, 'customRoles', idOrLabel);

const present = (row: Row<'customRoles'>, origin: string) => {
  const self = `${origin}/api/v1/iam/roles/${row.id}`;
  return {
    id: row.id,
    label: row.label,
    isCloneable: false,
    description: row.description,
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    _links: { permissions: { href: `${self}/permissions` }, self: { href: self } },
  };
};

const conditionsOf = (condition: AttributeCondition | null) =>
  condition === null ? null : { [condition.kind]: { [PROFILE]: condition.attributes } };

const presentPermission = (row: Row<'rolePermissions'>, origin: string) => {
  const role = `${origin}/api/v1/iam/roles/${row.roleId}`;
  return {
    label: row.permission,
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    conditions: conditionsOf(readCondition(row.condition)),
    _links: { role: { href: role }, self: { href: `${role}/permissions/${row.permission}` } },
  };
};

/** A permission that a custom role may hold. What leads to the power of super admins never is. */
const readPermission = (text: string): Permission => {
  if (!isPermission(text)) throw invalid('permissions', `${text.slice(0, 80)} is not a permission`);
  if (factOf(text).isFor === 'standard-roles')
    throw invalid('permissions', `${text} belongs to standard roles only; a custom role cannot hold it`);
  return text;
};

/** Exactly one of include and exclude, and a list of attributes in it: an empty one would read as either all or nothing. */
const readConditions = (
  permission: Permission,
  conditions: ConditionsBody | null | undefined,
): AttributeCondition | null => {
  if (conditions === null || conditions === undefined) return null;
  const given = (['include', 'exclude'] as const).filter((kind) => (conditions[kind] ?? null) !== null);
  const [kind, ...more] = given;
  if (kind === undefined || more.length > 0)
    throw invalid('conditions', 'must have exactly one of include and exclude');
  if (!isConditional(permission)) throw invalid('conditions', `${permission} takes no conditions`);
  const list = conditions[kind] ?? {};
  const attributes = list[PROFILE];
  if (Object.keys(list).length !== 1 || attributes === undefined || attributes.length === 0)
    throw invalid('conditions', `must name attributes under ${PROFILE}, and nothing else`);
  return { kind, attributes: [...new Set(attributes)] };
};

const permissionsOf = (db: Transaction, roleId: string) =>
  db.selectFrom('rolePermissions').selectAll().where('roleId', '=', roleId).orderBy('permission').execute();

/** `GET /api/v1/iam/roles`. */
export const listCustomRoles = async (s: Services, input: { readonly after?: string; readonly limit?: string }) => {
  const limit = pageLimit(input.limit, 100, 200);
  const { origin } = s.config.publicUrl;
  let query = s.store.read
    .selectFrom('customRoles')
    .selectAll()
    .orderBy('id')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  const rows = await query.execute();
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? `${origin}/api/v1/iam/roles?after=${shown.at(-1)?.id ?? ''}` : null;
  return {
    roles: shown.map((row) => present(row, origin)),
    ...(next === null ? {} : { _links: { next: { href: next } } }),
  };
};

/** `GET /api/v1/iam/roles/{idOrLabel}`. */
export const getCustomRole = async (s: Services, idOrLabel: string) =>
  present(await find(s.store.read, idOrLabel), s.config.publicUrl.origin);

/** A custom role as a whole. */
export interface RoleDraft extends LabelBody {
  readonly permissions: readonly {
    readonly permission: string;
    readonly condition?: AttributeCondition | null | undefined;
  }[];
}

const readDraft = ({ permissions }: RoleDraft): readonly RolePermission[] => {
  const read = new Map<Permission, AttributeCondition | null>();
  for (const { permission: text, condition } of permissions) {
    const permission = readPermission(text);
    const own = readConditions(
      permission,
      condition === null || condition === undefined ? null : { [condition.kind]: { [PROFILE]: condition.attributes } },
    );
    if (read.has(permission) && conditionText(read.get(permission) ?? null) !== conditionText(own))
      throw invalid('permissions', `${permission} is named twice, with different conditions`);
    read.set(permission, own);
  }
  return [...read].map(([permission, condition]) => ({ permission, condition }));
};

const conditionText = (condition: AttributeCondition | null): string | null =>
  condition === null ? null : JSON.stringify(condition);

/** `POST /api/v1/iam/roles`. By a super admin, who holds all of it: nobody grants more than they hold. */
export const createCustomRole = async (s: Services, principal: Principal, draft: RoleDraft) => {
  assertSuperAdmin(principal);
  const permissions = readDraft(draft);
  const now = s.clock.now();
  const row: Row<'customRoles'> = {
    id: newId(s.random, 'customRole'),
    label: draft.label,
    labelFolded: draft.label.toLowerCase(),
    description: draft.description,
    createdAt: now,
    lastUpdatedAt: now,
    lastUpdatedBy: authorOf(principal),
  };
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await assertRoomFor(tx, 'customRoles', ROLES_MAX);
    await assertLabelIsFree(tx, 'customRoles', row.label, null);
    await tx.insertInto('customRoles').values(row).execute();
    await insertPermissions(tx, row.id, permissions, now);
    const debugData = { permissions: permissions.map(({ permission }) => permission).join(', ') };
    await recordEvent(s, tx, principal, { eventType: 'iam.role.create', target: [target(row)], debugData });
    await recordConditions(s, tx, principal, row, permissions);
  });
  return present(row, s.config.publicUrl.origin);
};

const insertPermissions = async (
  tx: Transaction,
  roleId: string,
  permissions: readonly RolePermission[],
  now: number,
): Promise<void> => {
  const times = { createdAt: now, lastUpdatedAt: now };
  if (permissions.length > 0)
    await tx
      .insertInto('rolePermissions')
      .values(
        permissions.map(({ permission, condition }) => ({
          roleId,
          permission,
          condition: conditionText(condition),
          ...times,
        })),
      )
      .execute();
};

/** One event for each permission whose conditions are told. */
const recordConditions = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  row: Row<'customRoles'>,
  permissions: readonly RolePermission[],
  isChange = false,
): Promise<void> => {
  for (const { permission, condition } of permissions)
    if (condition !== null || isChange)
      await recordEvent(s, tx, principal, {
        eventType: condition === null ? 'iam.role.permission.conditions.delete' : 'iam.role.permission.conditions.add',
        target: [target(row)],
        debugData: { permissions: permission, conditions: JSON.stringify(conditionsOf(condition)) },
      });
};

/** Changes a role in a transaction; its holders' doors hear of it. */
const change = <T>(
  s: Services,
  principal: Principal,
  idOrLabel: string,
  work: (tx: Transaction, row: Row<'customRoles'>) => Promise<T>,
): Promise<T> => changeLabelled(s, principal, 'customRoles', idOrLabel, work);

/** `PUT /api/v1/iam/roles/{idOrLabel}`: label and description. */
export const replaceCustomRole = (s: Services, principal: Principal, idOrLabel: string, body: LabelBody) =>
  change(s, principal, idOrLabel, async (tx, row) => {
    await assertLabelIsFree(tx, 'customRoles', body.label, row.id);
    const set = { label: body.label, labelFolded: body.label.toLowerCase(), description: body.description };
    await tx.updateTable('customRoles').set(set).where('id', '=', row.id).execute();
    await recordEvent(s, tx, principal, { eventType: 'iam.role.update', target: [target({ ...row, ...set })] });
    return present({ ...row, ...set, lastUpdatedAt: s.clock.now() }, s.config.publicUrl.origin);
  });

/**
 * `PUT /sallyport/v1/roles/{idOrLabel}`: all of a role in one change and one proof; what is not named is taken from it.
 * 412 when `ifMatch` is the tag of another version. The id of the role.
 */
export const saveCustomRole = (
  s: Services,
  principal: Principal,
  idOrLabel: string,
  draft: RoleDraft,
  ifMatch?: string,
): Promise<string> =>
  change(s, principal, idOrLabel, async (tx, row) => {
    const before = await readRoleDocument(tx, row);
    assertUnchanged(ifMatch, before);
    await assertLabelIsFree(tx, 'customRoles', draft.label, row.id);
    const after = readDraft(draft);
    const { onlyLeft, onlyRight, otherCondition } = compareRoles(before.permissions, after);
    const now = s.clock.now();
    const { label, description } = draft;
    const renamed = { ...row, label, description, labelFolded: label.toLowerCase() };
    if (label !== row.label || description !== row.description) {
      await tx
        .updateTable('customRoles')
        .set({ label, description, labelFolded: renamed.labelFolded })
        .where('id', '=', row.id)
        .execute();
      await recordEvent(s, tx, principal, { eventType: 'iam.role.update', target: [target(renamed)] });
    }
    const replaced = after.filter(({ permission }) => otherCondition.includes(permission));
    const added = after.filter(({ permission }) => onlyRight.includes(permission));
    await tx
      .deleteFrom('rolePermissions')
      .where('roleId', '=', row.id)
      .where('permission', 'in', [...onlyLeft, ...otherCondition, ''])
      .execute();
    await insertPermissions(tx, row.id, [...added, ...replaced], now);
    for (const [eventType, names] of [
      ['iam.role.permissions.delete', onlyLeft],
      ['iam.role.permissions.add', onlyRight],
    ] as const)
      if (names.length > 0)
        await recordEvent(s, tx, principal, {
          eventType,
          target: [target(renamed)],
          debugData: { permissions: names.join(', ') },
        });
    await recordConditions(s, tx, principal, renamed, added);
    await recordConditions(s, tx, principal, renamed, replaced, true);
    return row.id;
  });

/** `DELETE /api/v1/iam/roles/{idOrLabel}`: whoever held it holds it no more, over no resource set. */
export const deleteCustomRole = (s: Services, principal: Principal, idOrLabel: string): Promise<void> =>
  change(s, principal, idOrLabel, async (tx, row) => {
    for (const table of ['roleAssignments', 'roleBindings', 'rolePermissions'] as const)
      await tx.deleteFrom(table).where('roleId', '=', row.id).execute();
    await forgetSubscriptions(tx, 'role', row.id);
    await tx.deleteFrom('customRoles').where('id', '=', row.id).execute();
    await recordEvent(s, tx, principal, { eventType: 'iam.role.delete', target: [target(row)] });
  });

/** `GET …/permissions`. */
export const listPermissions = async (s: Services, idOrLabel: string) => {
  const role = await find(s.store.read, idOrLabel);
  const rows = await permissionsOf(s.store.read, role.id);
  return { permissions: rows.map((row) => presentPermission(row, s.config.publicUrl.origin)) };
};

const findPermission = async (db: Transaction, roleId: string, permission: string): Promise<Row<'rolePermissions'>> => {
  const row = (await permissionsOf(db, roleId)).find((one) => one.permission === permission);
  if (row === undefined) throw notFound(permission, 'Permission');
  return row;
};

/** `GET …/permissions/{permission}`. */
export const getPermission = async (s: Services, idOrLabel: string, permission: string) => {
  const role = await find(s.store.read, idOrLabel);
  return presentPermission(await findPermission(s.store.read, role.id, permission), s.config.publicUrl.origin);
};

/** `POST …/permissions/{permission}`, with conditions or without. E0000090 where the role has it already. */
export const addPermission = (
  s: Services,
  principal: Principal,
  idOrLabel: string,
  text: string,
  conditions: ConditionsBody | null | undefined,
): Promise<void> =>
  change(s, principal, idOrLabel, async (tx, role) => {
    const permission = readPermission(text);
    const condition = readConditions(permission, conditions);
    if ((await permissionsOf(tx, role.id)).some((row) => row.permission === permission))
      throw new ApiError('E0000090', { causes: [`The role has ${permission} already.`] });
    await insertPermissions(tx, role.id, [{ permission, condition }], s.clock.now());
    const debugData = { permissions: permission };
    await recordEvent(s, tx, principal, { eventType: 'iam.role.permissions.add', target: [target(role)], debugData });
    await recordConditions(s, tx, principal, role, [{ permission, condition }]);
  });

/** `PUT …/permissions/{permission}`: its conditions; without any it is held whole. */
export const replacePermission = (
  s: Services,
  principal: Principal,
  idOrLabel: string,
  permission: string,
  conditions: ConditionsBody | null | undefined,
) =>
  change(s, principal, idOrLabel, async (tx, role) => {
    const before = await findPermission(tx, role.id, permission);
    const condition = readConditions(before.permission as Permission, conditions);
    const set = { condition: conditionText(condition), lastUpdatedAt: s.clock.now() };
    await tx
      .updateTable('rolePermissions')
      .set(set)
      .where('roleId', '=', role.id)
      .where('permission', '=', permission)
      .execute();
    await recordConditions(s, tx, principal, role, [{ permission: before.permission as Permission, condition }], true);
    return presentPermission({ ...before, ...set }, s.config.publicUrl.origin);
  });

/** `DELETE …/permissions/{permission}`. */
export const removePermission = (
  s: Services,
  principal: Principal,
  idOrLabel: string,
  permission: string,
): Promise<void> =>
  change(s, principal, idOrLabel, async (tx, role) => {
    await findPermission(tx, role.id, permission);
    await tx.deleteFrom('rolePermissions').where('roleId', '=', role.id).where('permission', '=', permission).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'iam.role.permissions.delete',
      target: [target(role)],
      debugData: { permissions: permission },
    });
  });
