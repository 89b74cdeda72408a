import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { access: { kind: 'admin', permission: 'okta.iam.read' }, rateClass: 'management' } as const;
const readHeld = { access: { kind: 'admin', permission: 'okta.roles.read' }, rateClass: 'management' } as const;
const manage = { access: { kind: 'admin', permission: 'okta.roles.manage' }, rateClass: 'management' } as const;
const role = '/sallyport/v1/roles/{roleIdOrLabel}';

/** The whole of a custom role: what is not named is taken from it. */
const draft = z.object({
  label: z.string().trim().min(1).max(255),
  description: z.string().max(4096),
  permissions: z
    .array(
      z.object({
        permission: z.string().max(100),
        condition: z
          .object({
            kind: z.enum(['include', 'exclude']),
            attributes: z.array(z.string().trim().min(1).max(100)).min(1).max(100),
          })
          .nullish(),
      }),
    )
    .min(1)
    .max(200),
});

export const roleCatalogueRoutes = defineRoutes([
  {
    name: 'permissions.list',
    method: 'GET',
    path: '/sallyport/v1/permissions',
    summary: 'Every permission, in words',
    ...read,
  },
  {
    name: 'roles.list',
    method: 'GET',
    path: '/sallyport/v1/roles',
    summary: 'Standard and custom roles, and how many hold them',
    ...read,
  },
  {
    name: 'roles.create',
    method: 'POST',
    path: '/sallyport/v1/roles',
    summary: 'Create a custom role with conditions',
    ...manage,
    status: 201,
    body: draft,
    protection: { action: 'role.create' },
    events: ['iam.role.create'],
  },
  {
    name: 'roles.get',
    method: 'GET',
    path: role,
    summary: 'A role: what it can, never can, and who holds it',
    ...read,
  },
  {
    name: 'roles.put',
    method: 'PUT',
    path: role,
    summary: 'Replace a custom role as a whole',
    ...manage,
    body: draft,
    protection: { action: 'role.update' },
    events: [
      'iam.role.update',
      'iam.role.permissions.add',
      'iam.role.permissions.delete',
      'iam.role.permission.conditions.add',
      'iam.role.permission.conditions.delete',
    ],
  },
  {
    name: 'roles.compare',
    method: 'GET',
    path: `${role}/compared-with/{otherRoleIdOrLabel}`,
    summary: 'What two roles hold against each other',
    ...read,
  },
  {
    name: 'heldRoles.ofUser',
    method: 'GET',
    path: '/sallyport/v1/users/{userId}/roles',
    summary: 'What a person holds, by themselves and through groups: over what, since when, by whom',
    ...readHeld,
  },
  {
    name: 'heldRoles.ofGroup',
    method: 'GET',
    path: '/sallyport/v1/groups/{groupId}/roles',
    summary: 'What everybody in a group holds',
    ...readHeld,
  },
  {
    name: 'heldRoles.ofClient',
    method: 'GET',
    path: '/sallyport/v1/clients/{clientId}/roles',
    summary: 'What a service app holds, before its scopes',
    ...readHeld,
  },
  {
    name: 'resourceSetDetails.get',
    method: 'GET',
    path: '/sallyport/v1/resource-sets/{resourceSetIdOrLabel}',
    summary: 'A resource set with names: what is in it, what it leaves out, and who holds which role over it',
    ...read,
  },
]);
