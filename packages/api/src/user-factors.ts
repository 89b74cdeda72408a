import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

/** Own authenticators need no permission; those of others do, which the use case judges with the person's facts. */
const person = { kind: 'person', why: 'their own authenticators; those of others by permission' } as const;
const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'must not hold control characters');
const flag = z.enum(['true', 'false']).optional();

export const userFactorRoutes = defineRoutes([
  {
    name: 'userFactors.list',
    method: 'GET',
    path: '/api/v1/users/{userId}/factors',
    summary: 'Authenticators of a user; `me` for one’s own',
    access: person,
    rateClass: 'management',
  },
  {
    name: 'userFactors.catalog',
    method: 'GET',
    path: '/api/v1/users/{userId}/factors/catalog',
    summary: 'Kinds of authenticators that a user can enrol',
    access: person,
    rateClass: 'management',
  },
  {
    name: 'userFactors.get',
    method: 'GET',
    path: '/api/v1/users/{userId}/factors/{factorId}',
    summary: 'An authenticator of a user',
    access: person,
    rateClass: 'management',
  },
  {
    name: 'userFactors.enrol',
    method: 'POST',
    path: '/api/v1/users/{userId}/factors',
    summary: 'Begin to enrol an authenticator: a key or an app for one-time codes',
    access: person,
    rateClass: 'management',
    body: z.object({
      factorType: z.enum(['webauthn', 'token:software:totp']),
      provider: z.string().max(32).optional(),
      profile: z.object({ authenticatorName: name.optional() }).nullish(),
    }),
    protection: { action: 'user.factor.enrol', ofPower: 'admin.factor.enrol', ofOneself: 'my.factor.enrol' },
    events: ['user.mfa.factor.activate'],
  },
  {
    name: 'userFactors.activate',
    method: 'POST',
    path: '/api/v1/users/{userId}/factors/{factorId}/lifecycle/activate',
    summary: 'Finish enrolling an authenticator',
    access: person,
    rateClass: 'management',
    body: z.object({
      attestation: z.string().max(65_536).optional(),
      clientData: z.string().max(8192).optional(),
      transports: z.array(z.string().max(32)).max(10).optional(),
      clientExtensions: z.record(z.string(), z.unknown()).optional(),
      passCode: z.string().max(64).optional(),
    }),
    protection: { none: 'the beginning was protected, and only who began it holds the challenge' },
    events: ['user.mfa.factor.activate', 'user.lifecycle.activate'],
  },
  {
    name: 'userFactors.remove',
    method: 'DELETE',
    path: '/api/v1/users/{userId}/factors/{factorId}',
    summary: 'Remove an authenticator; ends the sessions that it opened',
    access: person,
    rateClass: 'management',
    status: 204,
    protection: { action: 'user.factor.reset', ofPower: 'admin.factor.reset', ofOneself: 'my.factor.remove' },
    events: ['user.mfa.factor.deactivate', 'user.session.end'],
  },
  {
    name: 'userFactors.rename',
    method: 'PUT',
    path: '/sallyport/v1/users/{userId}/factors/{factorId}',
    summary: 'Rename an authenticator',
    access: person,
    rateClass: 'management',
    body: z.strictObject({ name }),
    protection: { none: 'a name opens nothing' },
    events: ['user.mfa.factor.update'],
  },
  {
    name: 'userFactors.reset',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/reset_factors',
    summary: 'Remove all authenticators of a user; ends all their sessions',
    access: { kind: 'admin', permission: 'okta.users.credentials.resetFactors' },
    rateClass: 'management',
    query: z.object({ removeRecoveryEnrollment: flag }),
    body: z.unknown().optional(),
    protection: { action: 'user.factor.reset', ofPower: 'admin.factor.reset' },
    events: ['user.mfa.factor.reset_all', 'user.mfa.factor.deactivate', 'user.session.clear', 'user.session.end'],
  },
]);
