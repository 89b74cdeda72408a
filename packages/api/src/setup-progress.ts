import { DAY_ROLES, ZERO_STANDING_PEOPLE_MAX } from '@sallyport/model/zero-standing';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

/** Held by super admins alone. */
const superAdmin = { kind: 'admin', permission: 'okta.roles.manage' } as const;

const zeroStanding = z.strictObject({
  people: z
    .array(z.strictObject({ id: z.string().min(1).max(64), role: z.enum(DAY_ROLES).nullable() }))
    .max(ZERO_STANDING_PEOPLE_MAX),
  sequenceId: z.string().min(1).max(64),
  maximumDuration: z.string().min(3).max(32),
});

export const setupProgressRoutes = defineRoutes([
  {
    name: 'setupProgress.get',
    method: 'GET',
    path: '/sallyport/v1/setup/progress',
    summary: 'How far the first run is, and what each step needs to show',
    access: superAdmin,
    rateClass: 'management',
  },
  {
    name: 'setupProgress.mark',
    method: 'PUT',
    path: '/sallyport/v1/setup/progress/{step}',
    summary: 'Say that a step is done, skip it with a note, or take that back',
    access: superAdmin,
    rateClass: 'management',
    body: z.discriminatedUnion('state', [
      z.strictObject({ state: z.literal('done'), note: z.string().trim().max(500).optional() }),
      z.strictObject({ state: z.literal('skipped'), note: z.string().trim().min(3).max(500) }),
      z.strictObject({ state: z.literal('open') }),
    ]),
    protection: { none: 'a mark decides nothing; what counts is what is so' },
    events: ['sallyport.setup.step'],
  },
  {
    name: 'setupProgress.testCheckpoint',
    method: 'POST',
    path: '/sallyport/v1/setup/checkpoint-test',
    summary: 'Write a checkpoint of the System Log now, and say whether it arrived outside',
    access: superAdmin,
    rateClass: 'management',
    body: z.unknown().optional(),
    protection: { none: 'it only adds to the log' },
    events: ['sallyport.setup.step'],
  },
  {
    name: 'setupProgress.finish',
    method: 'POST',
    path: '/sallyport/v1/setup/progress/finish',
    summary: 'Finish the first run; refused to whoever could not sign in again',
    access: superAdmin,
    rateClass: 'management',
    body: z.unknown().optional(),
    protection: { none: 'a mark decides nothing; what counts is what is so' },
    events: ['sallyport.setup.step'],
  },
  {
    name: 'zeroStanding.get',
    method: 'GET',
    path: '/sallyport/v1/zero-standing',
    summary: 'Who holds super admin all the time, and what it takes that nobody does',
    access: superAdmin,
    rateClass: 'management',
  },
  {
    name: 'zeroStanding.preview',
    method: 'POST',
    path: '/sallyport/v1/zero-standing/preview',
    summary: 'What would change for whom, what would be weak about it, and why it would be refused',
    access: superAdmin,
    rateClass: 'management',
    body: zeroStanding,
    changesNothing: true,
  },
  {
    name: 'zeroStanding.apply',
    method: 'POST',
    path: '/sallyport/v1/zero-standing',
    summary: 'Make super admin something that is asked for, and take it from people; all of it or nothing',
    access: superAdmin,
    rateClass: 'management',
    body: zeroStanding,
    protection: { action: 'zero-standing.apply' },
    events: [
      'resource.entitlement_bundle.create',
      'resource.entitlement_bundle.update',
      'group.lifecycle.create',
      'group.privilege.grant',
      'group.user_membership.add',
      'group.user_membership.remove',
      'access.request.condition.create',
      'access.request.condition.update',
      'access.request.condition.activate',
      'user.account.privilege.revoke',
      'sallyport.setup.step',
    ],
  },
  {
    name: 'enrolmentCodes.create',
    method: 'POST',
    path: '/sallyport/v1/users/{userId}/enrolment-codes',
    summary: 'Make the link with which somebody without a key enrols their first; shown once, good for 30 minutes',
    access: { kind: 'admin', permission: 'okta.users.credentials.manage' },
    rateClass: 'management',
    status: 201,
    body: z.unknown().optional(),
    protection: { action: 'user.factor.enrol', ofPower: 'admin.factor.enrol' },
    events: ['sallyport.enrolment_code.create'],
  },
]);
