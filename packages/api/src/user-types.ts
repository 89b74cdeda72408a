import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { access: { kind: 'admin', permission: 'okta.users.read' }, rateClass: 'management' } as const;
const manage = {
  access: { kind: 'admin', permission: 'okta.users.manage' },
  rateClass: 'management',
  protection: { action: 'user-schema.update' },
} as const;
const type = '/api/v1/meta/types/user/{typeId}';
const displayName = z.string().trim().min(1).max(255);
const description = z.string().max(1024).nullish();
const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/, 'is letters, digits and underscores, and begins with a letter');

export const userTypeRoutes = defineRoutes([
  { name: 'userTypes.list', method: 'GET', path: '/api/v1/meta/types/user', summary: 'Types of users', ...read },
  {
    name: 'userTypes.create',
    method: 'POST',
    path: '/api/v1/meta/types/user',
    summary: 'Create a type of users',
    ...manage,
    body: z.object({ name, displayName, description }),
    events: ['directory.non_default_user_profile.create'],
  },
  { name: 'userTypes.get', method: 'GET', path: type, summary: 'A type of users', ...read },
  {
    name: 'userTypes.update',
    method: 'POST',
    path: type,
    summary: 'Change parts of a type of users',
    ...manage,
    body: z.object({ displayName: displayName.optional(), description }),
    events: ['directory.user_profile.update'],
  },
  {
    name: 'userTypes.replace',
    method: 'PUT',
    path: type,
    summary: 'Replace a type of users; its name stays',
    ...manage,
    body: z.object({ name, displayName, description }),
    events: ['directory.user_profile.update'],
  },
  {
    name: 'userTypes.delete',
    method: 'DELETE',
    path: type,
    summary: 'Delete a type that nobody is of',
    ...manage,
    status: 204,
    events: ['directory.user_profile.update'],
  },
]);
