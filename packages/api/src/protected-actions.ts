import { PROOF_CLASSES } from '@sallyport/model/protected-actions';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const own = { kind: 'person', why: 'a proof belongs to whoever asked for it' } as const;
const setting = z.strictObject({
  isOn: z.boolean(),
  maxAgeMinutes: z.int().min(0).max(1440),
  authenticator: z.enum(PROOF_CLASSES),
  needsApproval: z.boolean(),
});
const request = z.strictObject({
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().startsWith('/').max(2000),
  contentType: z.string().max(200).default(''),
  /** As it will be sent; it is hashed here, and rehearsed. */
  body: z.string().default(''),
  ifMatch: z.string().max(200).default(''),
});

export const protectedActionRoutes = defineRoutes([
  {
    name: 'protectedActions.get',
    method: 'GET',
    path: '/sallyport/v1/protected-actions',
    summary: 'Which actions ask for fresh proof, how old it may be, from which keys, and how often each was used',
    access: { kind: 'admin', permission: 'okta.sessionBinding.read' },
    rateClass: 'management',
  },
  {
    name: 'protectedActions.put',
    method: 'PUT',
    path: '/sallyport/v1/protected-actions',
    summary: 'Change which actions ask for proof; what is not named stays',
    access: { kind: 'admin', permission: 'okta.sessionBinding.manage' },
    rateClass: 'management',
    body: z.strictObject({ isOn: z.boolean().optional(), actions: z.record(z.string().max(64), setting).optional() }),
    protection: { action: 'protected-actions.update' },
    events: ['security.protected_action.settings.update'],
  },
  {
    name: 'myProtectedActions.get',
    method: 'GET',
    path: '/sallyport/v1/me/protected-actions',
    summary: 'What each protected action would ask of the caller now',
    access: own,
    rateClass: 'self',
  },
  {
    name: 'proofs.open',
    method: 'POST',
    path: '/sallyport/v1/proofs',
    summary: 'Ask for one proof for a list of requests of one action',
    access: own,
    rateClass: 'self',
    body: z.strictObject({ requests: z.array(request).min(1).max(100) }),
    protection: { none: 'it only asks' },
    events: ['security.protected_action.attempt'],
  },
  {
    name: 'proofs.get',
    method: 'GET',
    path: '/sallyport/v1/proofs/{proofId}',
    summary: 'How a proof stands; once it is given, what the request brings as Sallyport-Proof',
    access: own,
    rateClass: 'self',
  },
  {
    name: 'proofs.give',
    method: 'POST',
    path: '/sallyport/v1/proofs/{proofId}',
    summary: 'Answer the challenge of a protected action with a key',
    access: own,
    rateClass: 'self',
    body: z.strictObject({
      clientData: z.string().max(8192),
      authenticatorData: z.string().max(8192),
      signatureData: z.string().max(2048),
      credentialId: z.string().max(2048),
      code: z.string().max(20).optional(),
    }),
    protection: { none: 'it is the proof itself' },
    events: ['security.protected_action.attempt'],
  },
  {
    name: 'proofs.cancel',
    method: 'DELETE',
    path: '/sallyport/v1/proofs/{proofId}',
    summary: 'Leave a protected action undone',
    access: own,
    rateClass: 'self',
    status: 204,
    protection: { none: 'it only takes away' },
    events: ['security.protected_action.attempt'],
  },
]);
