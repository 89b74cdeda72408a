import { AUTHENTICATORS, type Authenticators } from '@sallyport/model/policy-proof';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { access: { kind: 'admin', permission: 'okta.policies.read' }, rateClass: 'management' } as const;
const id = z.string().min(1).max(100);
const ids = z.array(id).max(200);
const level = z.enum(['LOW', 'MEDIUM', 'HIGH']);

/** What a simulated device runs. */
const PLATFORMS = ['ANDROID', 'CHROMEOS', 'IOS', 'LINUX', 'MACOS', 'WINDOWS'] as const;

const draftRules = z
  .array(
    z.strictObject({
      name: z.string().trim().min(1).max(255),
      status: z.enum(['ACTIVE', 'INACTIVE']).optional(),
      conditions: z.unknown().optional(),
      actions: z.unknown(),
    }),
  )
  .max(100);

/** Facts of which a person is sure; what is not given is looked up where that is possible, and else unknown. */
export const assumed = z.strictObject({
  /** Id or login. */
  user: id.optional(),
  groups: ids.optional(),
  ip: z.string().max(45).optional(),
  zones: ids.optional(),
  holdsAdminRole: z.boolean().optional(),
  deviceIsRegistered: z.boolean().optional(),
  deviceIsManaged: z.boolean().optional(),
  /** Ids of the device assurance policies that the device satisfies. */
  deviceAssurances: ids.optional(),
  risk: level.optional(),
  userAgent: z.string().max(500).optional(),
  authenticators: z.enum(Object.keys(AUTHENTICATORS) as [Authenticators, ...Authenticators[]]).optional(),
  /** How long ago they were proved. */
  provedSecondsAgo: z
    .int()
    .min(0)
    .max(366 * 86_400)
    .optional(),
  at: z.iso.datetime().optional(),
});
export type AssumedFacts = z.infer<typeof assumed>;

const whatIf = z.strictObject({
  /** Id of an app, or its name of a built-in one. */
  app: id.optional(),
  policy: id.optional(),
  /** The rules of a draft in place of those that people wrote, in their order; the catch-all stays. */
  draft: z.strictObject({ rules: draftRules }).optional(),
  /** A saved draft of the policy, in place of what is published. */
  draftId: id.optional(),
  /** An event whose facts are taken; what is given besides counts in place of them. */
  event: id.optional(),
  facts: assumed.optional(),
});
export type WhatIf = z.infer<typeof whatIf>;

const simulation = z
  .array(
    z.looseObject({
      appInstance: id,
      policyTypes: z.array(z.string().max(64)).max(20).nullish(),
      policyContext: z
        .looseObject({
          user: z.looseObject({ id }).nullish(),
          groups: z.looseObject({ ids }).nullish(),
          ip: z.string().max(45).nullish(),
          zones: z.looseObject({ ids: ids.nullish() }).nullish(),
          risk: z.looseObject({ level: level.nullish() }).nullish(),
          device: z
            .looseObject({
              registered: z.boolean().nullish(),
              managed: z.boolean().nullish(),
              platform: z.enum(PLATFORMS).nullish(),
              assuranceId: id.nullish(),
            })
            .nullish(),
        })
        .nullish(),
    }),
  )
  .min(1)
  .max(20);
export type Simulation = z.infer<typeof simulation>[number];

export const whatIfRoutes = defineRoutes([
  {
    name: 'policyProofs.get',
    method: 'GET',
    path: '/sallyport/v1/policies/{policyId}/proof',
    summary: 'What is true of a policy for every request: ways in, rules that never apply, open doors',
    ...read,
  },
  {
    name: 'policyProofs.draft',
    method: 'POST',
    path: '/sallyport/v1/policies/{policyId}/proof',
    summary: 'The same of a policy as it would stand with the rules of a draft',
    ...read,
    changesNothing: true,
    body: z.strictObject({ rules: draftRules }),
  },
  {
    name: 'policyProofs.replay',
    method: 'POST',
    path: '/sallyport/v1/policies/{policyId}/replay',
    summary:
      'What a policy, or a draft of it, would have decided on the sign-ins of the last days, and for whom otherwise',
    ...read,
    changesNothing: true,
    body: z.strictObject({
      rules: draftRules.optional(),
      draft: id.optional(),
      days: z.int().min(1).max(30).optional(),
    }),
  },
  {
    name: 'policies.simulate',
    method: 'POST',
    path: '/api/v1/policies/simulate',
    summary: 'Which rule would decide, in a given context',
    ...read,
    changesNothing: true,
    query: z.object({ expand: z.string().max(100).optional() }),
    body: simulation,
  },
  {
    name: 'whatIf.judge',
    method: 'POST',
    path: '/sallyport/v1/what-if',
    summary: 'What a policy, or a draft of it, would decide on given facts or on those of a past event, and why',
    ...read,
    changesNothing: true,
    body: whatIf,
  },
]);
