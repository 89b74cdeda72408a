import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { access: { kind: 'admin', permission: 'okta.iam.read' }, rateClass: 'management' } as const;
const manage = { access: { kind: 'admin', permission: 'okta.roles.manage' }, rateClass: 'management' } as const;
const update = { ...manage, protection: { action: 'resource-set.update' } } as const;
const set = '/api/v1/iam/resource-sets/{resourceSetIdOrLabel}';
const resource = `${set}/resources/{resourceId}` as const;
const binding = `${set}/bindings/{roleIdOrLabel}` as const;
const member = `${binding}/members/{memberId}` as const;

const label = z.string().trim().min(1).max(255);
const description = z.string().max(4096);
/** A resource name (ORN), or the address of the same. */
const name = z.string().min(1).max(400);
const conditions = z.object({ Exclude: z.object({ 'okta:ORN': z.array(name).optional() }).optional() }).optional();
const page = z.object({ limit: z.string().optional(), after: z.string().max(64).optional() });

export const resourceSetRoutes = defineRoutes([
  {
    name: 'resourceSets.list',
    method: 'GET',
    path: '/api/v1/iam/resource-sets',
    summary: 'Resource sets',
    ...read,
    query: page,
  },
  {
    name: 'resourceSets.create',
    method: 'POST',
    path: '/api/v1/iam/resource-sets',
    summary: 'Create a resource set',
    ...manage,
    body: z.object({ label, description, resources: z.array(name).max(1000) }),
    protection: { action: 'resource-set.create' },
    events: ['iam.resourceset.create'],
  },
  { name: 'resourceSets.get', method: 'GET', path: set, summary: 'A resource set by id or label', ...read },
  {
    name: 'resourceSets.replace',
    method: 'PUT',
    path: set,
    summary: 'Change the label and description of a resource set',
    ...update,
    body: z.object({ label, description }),
    events: ['iam.resourceset.update'],
  },
  {
    name: 'resourceSets.delete',
    method: 'DELETE',
    path: set,
    summary: 'Delete a resource set; no role is held over it any more',
    ...manage,
    status: 204,
    protection: { action: 'resource-set.delete' },
    events: ['iam.resourceset.delete'],
  },
  {
    name: 'resources.list',
    method: 'GET',
    path: `${set}/resources`,
    summary: 'What is in a resource set',
    ...read,
    query: page,
  },
  {
    name: 'resources.addAll',
    method: 'PATCH',
    path: `${set}/resources`,
    summary: 'Add resources to a resource set',
    ...update,
    body: z.object({ additions: z.array(name).min(1).max(1000) }),
    events: ['iam.resourceset.resources.add'],
  },
  {
    name: 'resources.add',
    method: 'POST',
    path: `${set}/resources`,
    summary: 'Add a resource, but for what its conditions leave out',
    ...update,
    body: z.object({ resourceOrnOrUrl: name, conditions }),
    events: ['iam.resourceset.resources.add'],
  },
  { name: 'resources.get', method: 'GET', path: resource, summary: 'A resource of a resource set', ...read },
  {
    name: 'resources.replace',
    method: 'PUT',
    path: resource,
    summary: 'Replace what is left out of a resource',
    ...update,
    body: z.object({ conditions }),
    events: ['iam.resourceset.resources.update'],
  },
  {
    name: 'resources.remove',
    method: 'DELETE',
    path: resource,
    summary: 'Take a resource out of a resource set',
    ...update,
    status: 204,
    events: ['iam.resourceset.resources.delete'],
  },
  {
    name: 'bindings.list',
    method: 'GET',
    path: `${set}/bindings`,
    summary: 'Custom roles that are held over a resource set',
    ...read,
    query: page,
  },
  {
    name: 'bindings.create',
    method: 'POST',
    path: `${set}/bindings`,
    summary: 'Bind a custom role to a resource set, and give it to people and groups',
    ...manage,
    body: z.object({ role: z.string().min(1).max(255), members: z.array(name).max(1000).optional() }),
    protection: { action: 'role.assign' },
    events: ['iam.resourceset.bindings.add', 'user.account.privilege.grant', 'group.privilege.grant'],
  },
  { name: 'bindings.get', method: 'GET', path: binding, summary: 'A binding', ...read },
  {
    name: 'bindings.delete',
    method: 'DELETE',
    path: binding,
    summary: 'Take a custom role from everybody who holds it over this set',
    ...manage,
    status: 204,
    protection: { action: 'role.unassign' },
    events: ['iam.resourceset.bindings.delete', 'user.account.privilege.revoke', 'group.privilege.revoke'],
  },
  {
    name: 'bindingMembers.list',
    method: 'GET',
    path: `${binding}/members`,
    summary: 'Who holds a custom role over a resource set',
    ...read,
    query: page,
  },
  {
    name: 'bindingMembers.add',
    method: 'PATCH',
    path: `${binding}/members`,
    summary: 'Give a custom role over a resource set to more people and groups',
    ...manage,
    body: z.object({ additions: z.array(name).min(1).max(1000) }),
    protection: { action: 'role.assign' },
    events: ['iam.resourceset.bindings.add', 'user.account.privilege.grant', 'group.privilege.grant'],
  },
  { name: 'bindingMembers.get', method: 'GET', path: member, summary: 'A member of a binding', ...read },
  {
    name: 'bindingMembers.remove',
    method: 'DELETE',
    path: member,
    summary: 'Take a custom role from a person or a group',
    ...manage,
    status: 204,
    protection: { action: 'role.unassign' },
    events: ['iam.resourceset.bindings.delete', 'user.account.privilege.revoke', 'group.privilege.revoke'],
  },
]);
