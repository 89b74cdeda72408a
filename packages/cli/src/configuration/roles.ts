import { requestOf } from '@sallyport/client/client-request';
import { isSame } from './is-same.ts';
import { readAll } from './read-all.ts';
import type { Entry, Section, Step } from './section.ts';

interface Role {
  readonly id: string;
  readonly label: string;
  readonly description: string;
}
interface Permission {
  readonly label: string;
  readonly conditions: Conditions | null;
}
interface Conditions {
  readonly include?: Readonly<Record<string, string[]>> | null;
  readonly exclude?: Readonly<Record<string, string[]>> | null;
}
/** Each with its conditions; a word where it has none, for what says nothing is as good as not there. */
const ALWAYS = 'always';
type Permissions = Readonly<Record<string, Conditions | typeof ALWAYS>>;
const conditionsOf = (permission: Permissions[string] | undefined): Conditions | null =>
  permission === undefined || permission === ALWAYS ? null : permission;

const permissionsOf = (entry: Entry): Permissions => entry['permissions'] as Permissions;
const put = (role: string, permission: string, value: Permissions[string]): Step => ({
  batch: 'role.update',
  request: () =>
    requestOf('rolePermissions.replace', {
      params: { roleIdOrLabel: role, permissionType: permission },
      body: { conditions: conditionsOf(value) },
    }),
});

/** Custom roles; the standard ones are everybody's. */
export const roles: Section = {
  key: 'roles',
  noun: 'role',
  names: 'role',
  fields: { description: undefined, permissions: undefined },
  async read(client) {
    const all = await readAll<Role>(client, '/api/v1/iam/roles', 'roles');
    const live = [];
    for (const { id, label, description } of all) {
      const held = await readAll<Permission>(client, `/api/v1/iam/roles/${id}/permissions`, 'permissions');
      const permissions = Object.fromEntries(held.map((one) => [one.label, one.conditions ?? ALWAYS]));
      live.push({ id, name: label, isBuiltIn: false, entry: { description, permissions } });
    }
    return live;
  },
  check({ permissions }) {
    if (typeof permissions !== 'object' || permissions === null || Array.isArray(permissions))
      return ['permissions: must be permissions by name'];
    return Object.entries(permissions)
      .filter(([, value]) => value !== ALWAYS && (typeof value !== 'object' || value === null))
      .map(([name]) => `permissions.${name}: must be ${ALWAYS}, or conditions`);
  },
  create(label, entry) {
    const wanted = Object.entries(permissionsOf(entry));
    return [
      {
        batch: 'role.create',
        request: () =>
          requestOf('customRoles.create', {
            body: { label, description: String(entry['description']), permissions: wanted.map(([name]) => name) },
          }),
      },
      // Nobody holds it yet: what is conditional is so before anybody can.
      ...wanted.flatMap(([name, value]) => (value === ALWAYS ? [] : [put(label, name, value)])),
    ];
  },
  update({ id, name, entry: before }, entry) {
    const had = permissionsOf(before);
    const wanted = permissionsOf(entry);
    const at = (permissionType: string) => ({ params: { roleIdOrLabel: id, permissionType } });
    const steps: Step[] = [];
    if (before['description'] !== entry['description'])
      steps.push({
        batch: 'role.update',
        request: () =>
          requestOf('customRoles.replace', {
            params: { roleIdOrLabel: id },
            body: { label: name, description: String(entry['description']) },
          }),
      });
    for (const [permission, value] of Object.entries(wanted)) {
      if (!(permission in had))
        steps.push({
          batch: 'role.update',
          request: () =>
            requestOf('rolePermissions.add', { ...at(permission), body: { conditions: conditionsOf(value) } }),
        });
      else if (!isSame(had[permission], value)) steps.push(put(id, permission, value));
    }
    // A role has at least one permission: what goes, goes after what comes, and is asked for when that has come.
    for (const permission of Object.keys(had))
      if (!(permission in wanted))
        steps.push({
          batch: 'role.update, removals',
          request: () => requestOf('rolePermissions.remove', at(permission)),
        });
    return steps;
  },
  remove: ({ id }) => [
    { batch: 'role.delete', request: () => requestOf('customRoles.delete', { params: { roleIdOrLabel: id } }) },
  ],
};
