import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const ofRole = '/api/v1/roles/{roleRef}/subscriptions';
const ofUser = '/api/v1/users/{userId}/subscriptions';
const read = { access: { kind: 'admin', permission: 'okta.roles.read' }, rateClass: 'management' } as const;
const manage = {
  method: 'POST',
  access: { kind: 'admin', permission: 'okta.roles.manage' },
  rateClass: 'management',
  body: z.unknown().optional(),
  protection: { action: 'role-notices.update' },
  events: ['iam.role.subscriptions.update'],
} as const;
const own = {
  access: { kind: 'person', why: 'everybody chooses for themselves, and nobody for another' },
  rateClass: 'self',
} as const;
const choose = {
  method: 'POST',
  ...own,
  body: z.unknown().optional(),
  protection: { none: 'it is about mails of one’s own; those about one’s own account cannot be switched off' },
  events: ['user.account.subscriptions.update'],
} as const;

export const subscriptionRoutes = defineRoutes([
  {
    name: 'roleSubscriptions.list',
    method: 'GET',
    path: ofRole,
    summary: 'Which mails holders of a role get',
    ...read,
  },
  {
    name: 'roleSubscriptions.get',
    method: 'GET',
    path: `${ofRole}/{notificationType}`,
    summary: 'Whether holders of a role get a kind of mail',
    ...read,
  },
  {
    name: 'roleSubscriptions.subscribe',
    path: `${ofRole}/{notificationType}/subscribe`,
    summary: 'Let holders of a role get a kind of mail, whatever they chose themselves',
    ...manage,
  },
  {
    name: 'roleSubscriptions.unsubscribe',
    path: `${ofRole}/{notificationType}/unsubscribe`,
    summary: 'Let holders of a role be without a kind of mail, whatever they chose themselves',
    ...manage,
  },
  {
    name: 'userSubscriptions.list',
    method: 'GET',
    path: ofUser,
    summary: 'Which mails one gets as an administrator',
    ...own,
  },
  {
    name: 'userSubscriptions.get',
    method: 'GET',
    path: `${ofUser}/{notificationType}`,
    summary: 'Whether one gets a kind of mail',
    ...own,
  },
  {
    name: 'userSubscriptions.subscribe',
    path: `${ofUser}/{notificationType}/subscribe`,
    summary: 'Get a kind of mail',
    ...choose,
  },
  {
    name: 'userSubscriptions.unsubscribe',
    path: `${ofUser}/{notificationType}/unsubscribe`,
    summary: 'Be without a kind of mail',
    ...choose,
  },
]);
