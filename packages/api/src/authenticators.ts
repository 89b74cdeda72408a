import { ATTACHMENTS, USER_VERIFICATIONS } from '@sallyport/model/authenticator-settings';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.authenticators.read' } as const;
const manage = { kind: 'admin', permission: 'okta.authenticators.manage' } as const;
const changes = {
  access: manage,
  rateClass: 'management',
  protection: { action: 'authenticator.update' },
  events: ['security.authenticator.lifecycle.update'],
} as const;
const switches = {
  ...changes,
  body: z.unknown().optional(),
  events: ['security.authenticator.lifecycle.activate', 'security.authenticator.lifecycle.deactivate'],
} as const;

const plainText = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'must not hold control characters');
const aaguid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be an AAGUID');
const verification = z.enum(USER_VERIFICATIONS).nullish();
const flag = z.boolean().nullish();

/** Fields that are not here are no settings of this server, and are refused: nothing is stored that has no effect. */
const keySettings = z.strictObject({
  userVerification: verification,
  userVerificationForVerify: verification,
  attachment: z.enum(ATTACHMENTS).nullish(),
  residentKeyRequirement: verification,
  allowSyncablePasskeys: flag,
  certBasedAttestationValidation: flag,
  hardwareProtected: flag,
  fipsCompliant: flag,
  aaguidGroups: z
    .array(z.strictObject({ name: plainText, aaguids: z.array(aaguid).min(1).max(200) }))
    .max(50)
    .nullish(),
  enableAutofillUI: flag,
  showSignInWithAPasskeyButton: flag,
  rpId: z.object({ enabled: flag, domain: z.object({ name: z.string().max(253).nullish() }).nullish() }).nullish(),
});
const model = {
  name: plainText.nullish(),
  attestationRootCertificates: z
    .array(z.object({ x5c: z.string().min(1).max(16_384) }))
    .max(20)
    .nullish(),
  authenticatorCharacteristics: z
    .object({ fipsCompliant: flag, hardwareProtected: flag, platformAttached: flag })
    .nullish(),
};

export const authenticatorRoutes = defineRoutes([
  {
    name: 'authenticators.list',
    method: 'GET',
    path: '/api/v1/authenticators',
    summary: 'Authenticators of the organisation',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'authenticators.get',
    method: 'GET',
    path: '/api/v1/authenticators/{authenticatorId}',
    summary: 'An authenticator',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'authenticators.replace',
    method: 'PUT',
    path: '/api/v1/authenticators/{authenticatorId}',
    summary: 'Rename an authenticator',
    ...changes,
    body: z.object({
      key: z.string().max(64).optional(),
      type: z.string().max(64).optional(),
      name: plainText.optional(),
      status: z.string().max(16).optional(),
      settings: z.record(z.string(), z.unknown()).nullish(),
    }),
  },
  {
    name: 'authenticators.activate',
    method: 'POST',
    path: '/api/v1/authenticators/{authenticatorId}/lifecycle/activate',
    summary: 'Switch an authenticator on',
    ...switches,
  },
  {
    name: 'authenticators.deactivate',
    method: 'POST',
    path: '/api/v1/authenticators/{authenticatorId}/lifecycle/deactivate',
    summary: 'Switch an authenticator off: one-time codes of an app; keys and passwords stay on',
    ...switches,
  },
  {
    name: 'authenticators.listMethods',
    method: 'GET',
    path: '/api/v1/authenticators/{authenticatorId}/methods',
    summary: 'The methods of an authenticator',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'authenticators.getMethod',
    method: 'GET',
    path: '/api/v1/authenticators/{authenticatorId}/methods/{methodType}',
    summary: 'A method of an authenticator; of `webauthn` what is asked of keys',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'authenticators.replaceMethod',
    method: 'PUT',
    path: '/api/v1/authenticators/{authenticatorId}/methods/{methodType}',
    summary: 'Change what is asked of keys; with `dryRun` only say whose keys would not be taken any more',
    ...changes,
    query: z.object({ dryRun: z.enum(['true', 'false']).optional() }),
    body: z.object({
      type: z.string().max(32).optional(),
      status: z.string().max(16).optional(),
      settings: keySettings.nullish(),
    }),
  },
  {
    name: 'authenticators.activateMethod',
    method: 'POST',
    path: '/api/v1/authenticators/{authenticatorId}/methods/{methodType}/lifecycle/activate',
    summary: 'Switch a method on',
    ...switches,
  },
  {
    name: 'authenticators.deactivateMethod',
    method: 'POST',
    path: '/api/v1/authenticators/{authenticatorId}/methods/{methodType}/lifecycle/deactivate',
    summary: 'Switch a method off',
    ...switches,
  },
  {
    name: 'aaguids.list',
    method: 'GET',
    path: '/api/v1/authenticators/{authenticatorId}/aaguids',
    summary: 'Models of keys that administrators added, with the roots of their attestation',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'aaguids.create',
    method: 'POST',
    path: '/api/v1/authenticators/{authenticatorId}/aaguids',
    summary: 'Add a model of key by its AAGUID and the roots of its attestation',
    ...changes,
    body: z.object({ aaguid, ...model }),
  },
  {
    name: 'aaguids.get',
    method: 'GET',
    path: '/api/v1/authenticators/{authenticatorId}/aaguids/{aaguid}',
    summary: 'A model that administrators added',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'aaguids.replace',
    method: 'PUT',
    path: '/api/v1/authenticators/{authenticatorId}/aaguids/{aaguid}',
    summary: 'Replace a model that administrators added',
    ...changes,
    body: z.object(model),
  },
  {
    name: 'aaguids.update',
    method: 'PATCH',
    path: '/api/v1/authenticators/{authenticatorId}/aaguids/{aaguid}',
    summary: 'Change a model that administrators added; what is not named stays',
    ...changes,
    body: z.object(model),
  },
  {
    name: 'aaguids.delete',
    method: 'DELETE',
    path: '/api/v1/authenticators/{authenticatorId}/aaguids/{aaguid}',
    summary: 'Take away a model that administrators added',
    ...changes,
    status: 204,
  },
  {
    name: 'authenticators.quarantine',
    method: 'GET',
    path: '/sallyport/v1/authenticators/quarantine',
    summary: 'Registered keys that today’s settings do not take, by person, with the reasons',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'authenticators.models',
    method: 'GET',
    path: '/sallyport/v1/authenticators/models',
    summary: 'Models of the registered keys, what is known of them, and the metadata file that it is known from',
    access: read,
    rateClass: 'management',
  },
]);
