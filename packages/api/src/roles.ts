import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.roles.read' } as const;
const manage = { kind: 'admin', permission: 'okta.roles.manage' } as const;
/** A standard role by its type, narrowed to targets or not; a custom one over a resource set, both by id or label. */
const body = z.object({
  type: z.string().min(1).max(64),
  role: z.string().min(1).max(255).optional(),
  'resource-set': z.string().min(1).max(255).optional(),
  targets: z
    .object({
      groups: z.array(z.string().max(64)).max(100).optional(),
      apps: z.array(z.string().max(64)).max(100).optional(),
    })
    .optional(),
});
const query = z.object({ disableNotifications: z.string().optional() });

export const roleRoutes = defineRoutes([
  {
    name: 'userRoles.list',
    method: 'GET',
    path: '/api/v1/users/{userId}/roles',
    summary: 'Roles of a user',
    access: read,
    rateClass: 'management',
    query: z.object({ expand: z.string().optional() }),
  },
  {
    name: 'userRoles.assign',
    method: 'POST',
    path: '/api/v1/users/{userId}/roles',
    summary: 'Assign a role to a user',
    access: manage,
    rateClass: 'management',
    status: 201,
    query,
    body,
    protection: { action: 'role.assign' },
    events: ['user.account.privilege.grant'],
  },
  {
    name: 'userRoles.get',
    method: 'GET',
    path: '/api/v1/users/{userId}/roles/{roleAssignmentId}',
    summary: 'A role assignment',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'userRoles.unassign',
    method: 'DELETE',
    path: '/api/v1/users/{userId}/roles/{roleAssignmentId}',
    summary: 'Take a role from a user',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'role.unassign' },
    events: ['user.account.privilege.revoke'],
  },
  {
    name: 'groupRoles.list',
    method: 'GET',
    path: '/api/v1/groups/{groupId}/roles',
    summary: 'Roles of a group',
    access: read,
    rateClass: 'management',
    query: z.object({ expand: z.string().optional() }),
  },
  {
    name: 'groupRoles.assign',
    method: 'POST',
    path: '/api/v1/groups/{groupId}/roles',
    summary: 'Assign a role to a group',
    access: manage,
    rateClass: 'management',
    status: 201,
    query,
    body,
    protection: { action: 'role.assign' },
    events: ['group.privilege.grant'],
  },
  {
    name: 'groupRoles.get',
    method: 'GET',
    path: '/api/v1/groups/{groupId}/roles/{roleAssignmentId}',
    summary: 'A role assignment',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'groupRoles.unassign',
    method: 'DELETE',
    path: '/api/v1/groups/{groupId}/roles/{roleAssignmentId}',
    summary: 'Take a role from a group',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'role.unassign' },
    events: ['group.privilege.revoke'],
  },
  {
    name: 'assignees.list',
    method: 'GET',
    path: '/api/v1/iam/assignees/users',
    summary: 'Everybody who holds an admin role',
    access: read,
    rateClass: 'management',
    query: z.object({ limit: z.string().optional(), after: z.string().max(64).optional() }),
  },
]);
