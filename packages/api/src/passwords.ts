import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const manage = { kind: 'admin', permission: 'okta.users.credentials.manage' } as const;
const flag = z.enum(['true', 'false']).optional();
const lifecycleBody = z.unknown().optional();
const password = z.string().min(1).max(256);
const passwordValue = z.object({ value: password });

export const passwordRoutes = defineRoutes([
  {
    name: 'passwords.expire',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/expire_password',
    summary: 'Expire the password: it is good for choosing a new one only',
    access: manage,
    rateClass: 'management',
    query: z.object({ tempPassword: flag, revokeSessions: flag }),
    body: lifecycleBody,
    protection: { action: 'user.password.expire', ofPower: 'admin.password.expire' },
    events: ['user.account.expire_password', 'user.session.clear', 'user.session.end'],
  },
  {
    name: 'passwords.expireWithTemporary',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/expire_password_with_temp_password',
    summary: 'Replace the password by a temporary one, shown once; ends all sessions',
    access: manage,
    rateClass: 'management',
    query: z.object({ revokeSessions: flag }),
    body: lifecycleBody,
    protection: { action: 'user.password.expire', ofPower: 'admin.password.expire' },
    events: ['user.account.expire_password', 'user.session.clear', 'user.session.end'],
  },
  {
    name: 'passwords.reset',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/reset_password',
    summary: 'Take the password, and make a link with which its owner chooses a new one; ends all sessions',
    access: manage,
    rateClass: 'management',
    query: z.object({ sendEmail: flag, revokeSessions: flag }),
    body: lifecycleBody,
    protection: { action: 'user.password.reset', ofPower: 'admin.password.reset' },
    events: ['user.account.reset_password', 'user.session.clear', 'user.session.end'],
  },
  {
    name: 'passwords.change',
    method: 'POST',
    path: '/api/v1/users/{userId}/credentials/change_password',
    summary: 'Change one’s own password; ends all other sessions',
    access: { kind: 'person', why: 'their own password' },
    rateClass: 'management',
    query: z.object({ strict: flag }),
    body: z.object({ oldPassword: passwordValue, newPassword: passwordValue, revokeSessions: z.boolean().optional() }),
    protection: { none: 'the old password is the proof' },
    events: ['user.account.update_password', 'user.account.lock', 'user.session.clear', 'user.session.end'],
  },
  {
    name: 'passwords.choose',
    method: 'POST',
    path: '/sallyport/v1/password-resets',
    summary: 'Choose a new password with the code of a link',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
    body: z.strictObject({ code: z.string().min(1).max(200), newPassword: password }),
    protection: { none: 'the one-time code of the link is the proof' },
    events: ['user.account.update_password'],
  },
]);
