import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { access: { kind: 'admin', permission: 'okta.iam.read' }, rateClass: 'management' } as const;
const manage = { access: { kind: 'admin', permission: 'okta.roles.manage' }, rateClass: 'management' } as const;
const update = { ...manage, protection: { action: 'role.update' } } as const;
const role = '/api/v1/iam/roles/{roleIdOrLabel}';
const permission = `${role}/permissions/{permissionType}` as const;

const label = z.string().trim().min(1).max(255);
const description = z.string().max(4096);
const attributes = z.record(z.string().max(200), z.array(z.string().min(1).max(100)).max(100));
const conditions = z
  .object({
    conditions: z.object({ include: attributes.nullish(), exclude: attributes.nullish() }).nullish(),
  })
  .nullish();

export const customRoleRoutes = defineRoutes([
  {
    name: 'customRoles.list',
    method: 'GET',
    path: '/api/v1/iam/roles',
    summary: 'Custom roles',
    ...read,
    query: z.object({ limit: z.string().optional(), after: z.string().max(64).optional() }),
  },
  {
    name: 'customRoles.create',
    method: 'POST',
    path: '/api/v1/iam/roles',
    summary: 'Create a custom role',
    ...manage,
    body: z.object({ label, description, permissions: z.array(z.string().max(100)).min(1).max(200) }),
    protection: { action: 'role.create' },
    events: ['iam.role.create'],
  },
  { name: 'customRoles.get', method: 'GET', path: role, summary: 'A custom role by id or label', ...read },
  {
    name: 'customRoles.replace',
    method: 'PUT',
    path: role,
    summary: 'Change the label and description of a custom role',
    ...update,
    body: z.object({ label, description }),
    events: ['iam.role.update'],
  },
  {
    name: 'customRoles.delete',
    method: 'DELETE',
    path: role,
    summary: 'Delete a custom role; nobody holds it any more',
    ...manage,
    status: 204,
    protection: { action: 'role.delete' },
    events: ['iam.role.delete'],
  },
  {
    name: 'rolePermissions.list',
    method: 'GET',
    path: `${role}/permissions`,
    summary: 'Permissions of a custom role',
    ...read,
  },
  {
    name: 'rolePermissions.get',
    method: 'GET',
    path: permission,
    summary: 'A permission of a custom role',
    ...read,
  },
  {
    name: 'rolePermissions.add',
    method: 'POST',
    path: permission,
    summary: 'Add a permission to a custom role, with conditions or without',
    ...update,
    status: 204,
    body: conditions,
    events: ['iam.role.permissions.add', 'iam.role.permission.conditions.add'],
  },
  {
    name: 'rolePermissions.replace',
    method: 'PUT',
    path: permission,
    summary: 'Replace the conditions of a permission',
    ...update,
    body: conditions,
    events: ['iam.role.permission.conditions.add', 'iam.role.permission.conditions.delete'],
  },
  {
    name: 'rolePermissions.remove',
    method: 'DELETE',
    path: permission,
    summary: 'Take a permission from a custom role',
    ...update,
    status: 204,
    events: ['iam.role.permissions.delete'],
  },
]);
