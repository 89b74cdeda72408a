import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const text = (max: number) => z.string().min(1).max(max);
const stateToken = text(200);

/** Wire of design §5.3. */
export const signInRoutes = defineRoutes([
  {
    name: 'signIn.start',
    method: 'POST',
    path: '/api/v1/authn',
    summary: 'Begin a sign-in with a name, or with a name and a password',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
    body: z.object({
      username: text(320).optional(),
      password: z.string().max(256).optional(),
      stateToken: stateToken.optional(),
      relayState: z.string().max(2048).optional(),
      audience: z.string().max(512).optional(),
      token: z.string().max(512).optional(),
      options: z.record(z.string(), z.unknown()).optional(),
      context: z.record(z.string(), z.unknown()).optional(),
    }),
    protection: { none: 'it is the first proof itself' },
    events: ['user.session.start', 'user.account.lock'],
  },
  {
    name: 'signIn.verifyFactor',
    method: 'POST',
    path: '/api/v1/authn/factors/{factorId}/verify',
    summary: 'Ask for a challenge, or answer it',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
    body: z.object({
      stateToken,
      clientData: z.string().max(8192).optional(),
      authenticatorData: z.string().max(8192).optional(),
      signatureData: z.string().max(8192).optional(),
      passCode: z.string().max(64).optional(),
      answer: z.string().max(256).optional(),
    }),
    protection: { none: 'it is the proof itself' },
    events: ['user.authentication.auth_via_mfa', 'user.session.start'],
  },
  {
    name: 'signIn.changePassword',
    method: 'POST',
    path: '/api/v1/authn/credentials/change_password',
    summary: 'Choose a new password in place of an expired one, and go on',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
    body: z.object({ stateToken, oldPassword: text(256), newPassword: text(256) }),
    protection: { none: 'the old password is the proof' },
    events: ['user.account.update_password', 'user.account.lock', 'user.session.clear', 'user.session.end'],
  },
  {
    name: 'signIn.cancel',
    method: 'POST',
    path: '/api/v1/authn/cancel',
    summary: 'Give up a sign-in',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
    body: z.object({ stateToken }),
    protection: { none: 'it only ends the caller’s own sign-in' },
    events: ['user.session.end'],
  },
]);
