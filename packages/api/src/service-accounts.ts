import { z } from 'zod';
import { newToken } from './api-tokens.ts';
import { defineRoutes } from './define-route.ts';
import { ENDS_OF_GRANTS } from './ends-of-grants.ts';

export const serviceAccountRoutes = defineRoutes([
  {
    name: 'serviceAccounts.get',
    method: 'GET',
    path: '/sallyport/v1/users/{userId}/service-account',
    summary: 'Whether anybody signs in as an account, and why the caller cannot change that',
    access: { kind: 'admin', permission: 'okta.users.read' },
    rateClass: 'management',
  },
  {
    name: 'serviceAccounts.mark',
    method: 'PUT',
    path: '/sallyport/v1/users/{userId}/service-account',
    summary: 'Say that nobody signs in as an account, which ends its sessions, or that somebody does',
    // It takes sign-in away, and gives it back: of the permissions over people, the one over their whole life.
    access: { kind: 'admin', permission: 'okta.users.lifecycle.manage' },
    rateClass: 'management',
    body: z.strictObject({ isServiceAccount: z.boolean() }),
    protection: { action: 'user.service-account', ofPower: 'admin.service-account' },
    // What the account had for a while ends with either.
    events: ['user.account.update_user_type', 'user.session.clear', ...ENDS_OF_GRANTS],
  },
  {
    name: 'serviceAccounts.createToken',
    method: 'POST',
    path: '/sallyport/v1/users/{userId}/service-account/api-tokens',
    summary: 'Make a token that belongs to a service account, as a super admin; the secret is shown once',
    // Held by super admins alone: the token has whatever the account is given, from then on.
    access: { kind: 'admin', permission: 'okta.roles.manage' },
    rateClass: 'management',
    status: 201,
    body: newToken,
    protection: { action: 'api-token.create' },
    events: ['system.api_token.create'],
  },
]);
