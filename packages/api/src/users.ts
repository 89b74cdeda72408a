import { z } from 'zod';
import { defineRoutes } from './define-route.ts';
import { ENDS_OF_GRANTS } from './ends-of-grants.ts';

const read = { kind: 'admin', permission: 'okta.users.read' } as const;
/** Of the profile; a new password asks for more, in the use case. */
const manage = { kind: 'admin', permission: 'okta.users.userprofile.manage' } as const;
const lifecycleBody = z.unknown().optional();
const sendEmail = z.object({ sendEmail: z.string().optional() });

const text = (max: number) => z.string().trim().min(1).max(max);
/** Own attributes beyond the base ones are kept as they come: text, numbers, flags and lists of text. */
export const userProfile = z
  .object({
    login: text(320),
    email: z.email().max(320),
    firstName: z.string().max(50).nullish(),
    lastName: z.string().max(50).nullish(),
  })
  .catchall(
    z.union([
      z.string().max(1024),
      z.number(),
      z.boolean(),
      z.null(),
      z.array(z.union([z.string().max(1024), z.number()])).max(100),
    ]),
  );
const credentials = z.object({
  password: z.object({ value: z.string().min(1).max(256).optional(), hash: z.unknown().optional() }).nullish(),
});
const type = z.object({ id: z.string().max(64) });
/**
 * A client that puts somebody into a realm is told that there are none: left unread, it would believe that they are in it.
 * A replacement may name one: clients write back whole what they read of a user, and what is not in an answer was not set by it.
 */
const realmId = z.null('This server has no realms: everybody is in the one organisation. Leave it out').optional();

export const userRoutes = defineRoutes([
  {
    name: 'users.me',
    method: 'GET',
    path: '/api/v1/users/me',
    summary: 'The caller',
    access: { kind: 'person', why: 'their own record' },
    rateClass: 'self',
  },
  {
    name: 'users.list',
    method: 'GET',
    path: '/api/v1/users',
    summary: 'Users',
    access: read,
    rateClass: 'management',
    query: z.object({
      q: z.string().max(200).optional(),
      filter: z.string().max(8000).optional(),
      search: z.string().max(8000).optional(),
      sortBy: z.string().max(200).optional(),
      sortOrder: z.string().max(20).optional(),
      limit: z.string().optional(),
      after: z.string().max(8000).optional(),
    }),
  },
  {
    name: 'users.create',
    method: 'POST',
    path: '/api/v1/users',
    summary: 'Create a user',
    access: { kind: 'admin', permission: 'okta.users.create' },
    rateClass: 'management',
    query: z.object({ activate: z.string().optional() }),
    body: z.object({
      profile: userProfile,
      credentials: credentials.optional(),
      type: type.optional(),
      groupIds: z.array(z.string()).max(20).optional(),
      realmId,
    }),
    protection: { action: 'user.create' },
    events: ['user.lifecycle.create', 'user.lifecycle.activate'],
  },
  {
    name: 'users.get',
    method: 'GET',
    path: '/api/v1/users/{userId}',
    summary: 'A user by id or login',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'users.update',
    method: 'POST',
    path: '/api/v1/users/{userId}',
    summary: 'Change parts of a user',
    access: manage,
    rateClass: 'management',
    body: z.object({
      profile: userProfile.partial().optional(),
      credentials: credentials.optional(),
      type: type.optional(),
      realmId,
    }),
    protection: { action: 'user.update', ofPower: 'admin.update' },
    events: ['user.account.update_profile', 'user.account.update_password', 'user.account.update_user_type'],
  },
  {
    name: 'users.replace',
    method: 'PUT',
    path: '/api/v1/users/{userId}',
    summary: 'Replace a user',
    access: manage,
    rateClass: 'management',
    body: z.object({ profile: userProfile, credentials: credentials.optional(), type: type.optional() }),
    protection: { action: 'user.update', ofPower: 'admin.update' },
    events: ['user.account.update_profile', 'user.account.update_password', 'user.account.update_user_type'],
  },
  {
    name: 'users.delete',
    method: 'DELETE',
    path: '/api/v1/users/{userId}',
    summary: 'Deactivate a user, or delete a deactivated one',
    access: { kind: 'admin', permission: 'okta.users.lifecycle.delete' },
    rateClass: 'management',
    status: 204,
    query: sendEmail,
    protection: { action: 'user.delete', ofPower: 'admin.delete' },
    events: ['user.lifecycle.deactivate', 'user.lifecycle.delete.initiated', ...ENDS_OF_GRANTS],
  },
  {
    name: 'users.groups',
    method: 'GET',
    path: '/api/v1/users/{userId}/groups',
    summary: 'Groups of a user',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'users.activate',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/activate',
    summary: 'Activate',
    access: { kind: 'admin', permission: 'okta.users.lifecycle.activate' },
    rateClass: 'management',
    query: sendEmail,
    body: lifecycleBody,
    protection: { action: 'user.activate', ofPower: 'admin.activate' },
    events: ['user.lifecycle.activate'],
  },
  {
    name: 'users.reactivate',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/reactivate',
    summary: 'Reactivate',
    access: { kind: 'admin', permission: 'okta.users.lifecycle.activate' },
    rateClass: 'management',
    query: sendEmail,
    body: lifecycleBody,
    protection: { action: 'user.activate', ofPower: 'admin.activate' },
    events: ['user.lifecycle.reactivate'],
  },
  {
    name: 'users.deactivate',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/deactivate',
    summary: 'Deactivate; ends all sessions',
    access: { kind: 'admin', permission: 'okta.users.lifecycle.deactivate' },
    rateClass: 'management',
    query: sendEmail,
    body: lifecycleBody,
    protection: { action: 'user.deactivate', ofPower: 'admin.deactivate' },
    events: ['user.lifecycle.deactivate', ...ENDS_OF_GRANTS],
  },
  {
    name: 'users.suspend',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/suspend',
    summary: 'Suspend; ends all sessions',
    access: { kind: 'admin', permission: 'okta.users.lifecycle.suspend' },
    rateClass: 'management',
    body: lifecycleBody,
    protection: { action: 'user.suspend', ofPower: 'admin.suspend' },
    events: ['user.lifecycle.suspend'],
  },
  {
    name: 'users.unsuspend',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/unsuspend',
    summary: 'End a suspension',
    access: { kind: 'admin', permission: 'okta.users.lifecycle.unsuspend' },
    rateClass: 'management',
    body: lifecycleBody,
    protection: { action: 'user.unsuspend', ofPower: 'admin.unsuspend' },
    events: ['user.lifecycle.unsuspend'],
  },
  {
    name: 'users.unlock',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/unlock',
    summary: 'Unlock the password',
    access: { kind: 'admin', permission: 'okta.users.lifecycle.unlock' },
    rateClass: 'management',
    body: lifecycleBody,
    protection: { action: 'user.unlock', ofPower: 'admin.unlock' },
    events: ['user.account.unlock'],
  },
]);
