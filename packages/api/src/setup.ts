import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const stateToken = z.string().min(1).max(200);
const name = z.string().trim().min(1).max(100);
const none = 'the one-time code of the host is the proof';

export const setupRoutes = defineRoutes([
  {
    name: 'setup.claim',
    method: 'POST',
    path: '/sallyport/v1/setup/claim',
    summary: 'Claim the server with its one-time code',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
    body: z.object({
      code: z.string().min(1).max(200),
      organisation: name.optional(),
      firstName: name.optional(),
      lastName: name.optional(),
      login: z.email().max(320).optional(),
    }),
    protection: { none },
    events: ['sallyport.server.claim', 'user.lifecycle.create', 'user.account.privilege.grant'],
  },
  {
    name: 'setup.enrolKey',
    method: 'POST',
    path: '/sallyport/v1/setup/keys',
    summary: 'Begin to register a key',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
    body: z.object({ stateToken }),
    protection: { none },
    events: ['user.mfa.factor.activate'],
  },
  {
    name: 'setup.activateKey',
    method: 'POST',
    path: '/sallyport/v1/setup/keys/{factorId}/activate',
    summary: 'Finish registering a key',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
    body: z.object({
      stateToken,
      attestation: z.string().max(32768),
      clientData: z.string().max(8192),
      transports: z.array(z.string().max(32)).max(10).optional(),
      clientExtensions: z.record(z.string(), z.unknown()).optional(),
    }),
    protection: { none },
    events: ['user.mfa.factor.activate'],
  },
  {
    name: 'setup.finish',
    method: 'POST',
    path: '/sallyport/v1/setup/finish',
    summary: 'Finish set-up',
    access: { kind: 'anonymous' },
    rateClass: 'sign-in',
    body: z.object({ stateToken, secondKeySkipped: z.boolean() }),
    protection: { none },
    events: ['sallyport.setup.step', 'user.lifecycle.activate'],
  },
]);
