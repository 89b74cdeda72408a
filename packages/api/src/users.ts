import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.users.read' } as const;
const manage = { kind: 'admin', permission: 'okta.users.manage' } as const;
const lifecycle = { kind: 'admin', permission: 'okta.users.lifecycle.manage' } as const;
const lifecycleBody = z.unknown().optional();
const sendEmail = z.object({ sendEmail: z.string().optional() });

const text = (max: number) => z.string().trim().min(1).max(max);
/** Own attributes beyond the base ones are kept as they come: text, numbers, flags and lists of text. */
const profile = z.object({ login: text(320), email: z.email().max(320), firstName: z.string().max(50).nullish(), lastName: z.string().max(50).nullish() })
  .catchall(z.union([z.string().max(1024), z.number(), z.boolean(), z.null(), z.array(z.string().max(1024)).max(100)]));
const credentials = z.object({ password: z.object({ value: z.string().min(1).max(256).optional() }).optional() });

export const userRoutes = defineRoutes([
  { name: 'users.me', method: 'GET', path: '/api/v1/users/me', summary: 'The caller', access: { kind: 'person', why: 'their own record' }, rateClass: 'self' },
  { name: 'users.list', method: 'GET', path: '/api/v1/users', summary: 'Users', access: read, rateClass: 'management', query: z.object({ q: z.string().max(200).optional(), filter: z.string().max(2000).optional(), search: z.string().max(2000).optional(), limit: z.string().optional(), after: z.string().max(64).optional() }) },
  { name: 'users.create', method: 'POST', path: '/api/v1/users', summary: 'Create a user', access: { kind: 'admin', permission: 'okta.users.create' }, rateClass: 'management', query: z.object({ activate: z.string().optional() }), body: z.object({ profile, credentials: credentials.optional(), groupIds: z.array(z.string()).max(20).optional() }), protection: { action: 'user.create' }, events: ['user.lifecycle.create', 'user.lifecycle.activate'] },
  { name: 'users.get', method: 'GET', path: '/api/v1/users/{userId}', summary: 'A user by id or login', access: read, rateClass: 'management' },
  { name: 'users.update', method: 'POST', path: '/api/v1/users/{userId}', summary: 'Change parts of a user', access: manage, rateClass: 'management', body: z.object({ profile: profile.partial().optional(), credentials: credentials.optional() }), protection: { action: 'user.update' }, events: ['user.account.update_profile', 'user.account.update_password'] },
  { name: 'users.replace', method: 'PUT', path: '/api/v1/users/{userId}', summary: 'Replace a user', access: manage, rateClass: 'management', body: z.object({ profile, credentials: credentials.optional() }), protection: { action: 'user.update' }, events: ['user.account.update_profile', 'user.account.update_password'] },
  { name: 'users.delete', method: 'DELETE', path: '/api/v1/users/{userId}', summary: 'Deactivate a user, or delete a deactivated one', access: lifecycle, rateClass: 'management', status: 204, query: sendEmail, protection: { action: 'user.delete' }, events: ['user.lifecycle.deactivate', 'user.lifecycle.delete.initiated'] },
  { name: 'users.groups', method: 'GET', path: '/api/v1/users/{userId}/groups', summary: 'Groups of a user', access: read, rateClass: 'management' },
  { name: 'users.activate', method: 'POST', path: '/api/v1/users/{userId}/lifecycle/activate', summary: 'Activate', access: lifecycle, rateClass: 'management', query: sendEmail, body: lifecycleBody, protection: { action: 'user.activate' }, events: ['user.lifecycle.activate'] },
  { name: 'users.reactivate', method: 'POST', path: '/api/v1/users/{userId}/lifecycle/reactivate', summary: 'Reactivate', access: lifecycle, rateClass: 'management', query: sendEmail, body: lifecycleBody, protection: { action: 'user.activate' }, events: ['user.lifecycle.reactivate'] },
  { name: 'users.deactivate', method: 'POST', path: '/api/v1/users/{userId}/lifecycle/deactivate', summary: 'Deactivate; ends all sessions', access: lifecycle, rateClass: 'management', query: sendEmail, body: lifecycleBody, protection: { action: 'user.deactivate' }, events: ['user.lifecycle.deactivate'] },
  { name: 'users.suspend', method: 'POST', path: '/api/v1/users/{userId}/lifecycle/suspend', summary: 'Suspend; ends all sessions', access: lifecycle, rateClass: 'management', body: lifecycleBody, protection: { none: 'stopping somebody must never wait' }, events: ['user.lifecycle.suspend'] },
  { name: 'users.unsuspend', method: 'POST', path: '/api/v1/users/{userId}/lifecycle/unsuspend', summary: 'End a suspension', access: lifecycle, rateClass: 'management', body: lifecycleBody, protection: { action: 'user.unsuspend' }, events: ['user.lifecycle.unsuspend'] },
  { name: 'users.unlock', method: 'POST', path: '/api/v1/users/{userId}/lifecycle/unlock', summary: 'Unlock the password', access: { kind: 'admin', permission: 'okta.users.credentials.manage' }, rateClass: 'management', body: lifecycleBody, protection: { action: 'user.unlock' }, events: ['user.account.unlock'] },
]);
