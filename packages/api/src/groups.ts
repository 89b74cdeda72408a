import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.groups.read' } as const;
const manage = { kind: 'admin', permission: 'okta.groups.manage' } as const;
const members = { kind: 'admin', permission: 'okta.groups.members.manage' } as const;
const body = z.object({
  profile: z.object({ name: z.string().trim().min(1).max(255), description: z.string().max(1024).nullish() }),
});
const page = { limit: z.string().optional(), after: z.string().max(8000).optional() };

export const groupRoutes = defineRoutes([
  {
    name: 'groups.list',
    method: 'GET',
    path: '/api/v1/groups',
    summary: 'Groups',
    access: read,
    rateClass: 'management',
    query: z.object({
      ...page,
      q: z.string().max(255).optional(),
      filter: z.string().max(8000).optional(),
      search: z.string().max(8000).optional(),
      expand: z.string().max(200).optional(),
      sortBy: z.string().max(200).optional(),
      sortOrder: z.string().max(20).optional(),
    }),
  },
  {
    name: 'groups.create',
    method: 'POST',
    path: '/api/v1/groups',
    summary: 'Create a group',
    access: { kind: 'admin', permission: 'okta.groups.create' },
    rateClass: 'management',
    body,
    protection: { none: 'a new group gives nobody anything' },
    events: ['group.lifecycle.create'],
  },
  {
    name: 'groups.get',
    method: 'GET',
    path: '/api/v1/groups/{groupId}',
    summary: 'A group',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'groups.replace',
    method: 'PUT',
    path: '/api/v1/groups/{groupId}',
    summary: 'Replace a group’s profile',
    access: manage,
    rateClass: 'management',
    body,
    protection: { action: 'group.update', ofPower: 'admin-group.update' },
    events: ['group.profile.update'],
  },
  {
    name: 'groups.delete',
    method: 'DELETE',
    path: '/api/v1/groups/{groupId}',
    summary: 'Delete a group',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'group.delete', ofPower: 'admin-group.delete' },
    events: ['group.lifecycle.delete'],
  },
  {
    name: 'groups.members',
    method: 'GET',
    path: '/api/v1/groups/{groupId}/users',
    summary: 'Members',
    access: read,
    rateClass: 'management',
    query: z.object(page),
  },
  {
    name: 'groups.addMember',
    method: 'PUT',
    path: '/api/v1/groups/{groupId}/users/{userId}',
    summary: 'Add a member',
    access: members,
    rateClass: 'management',
    status: 204,
    body: z.unknown().optional(),
    protection: { action: 'group.member.add', ofPower: 'admin-group.member.add' },
    events: ['group.user_membership.add'],
  },
  {
    name: 'groups.removeMember',
    method: 'DELETE',
    path: '/api/v1/groups/{groupId}/users/{userId}',
    summary: 'Remove a member',
    access: members,
    rateClass: 'management',
    status: 204,
    protection: { action: 'group.member.remove', ofPower: 'admin-group.member.remove' },
    events: ['group.user_membership.remove'],
  },
]);
