import { APPROVALS_MAX, ASSIGNEES_MAX, STEPS_MAX } from '@sallyport/model/access-request';
import { ENTITLEMENT_KINDS } from '@sallyport/model/grant';
import { isPermission } from '@sallyport/model/permissions';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const settings = { kind: 'admin', permission: 'okta.governance.accessRequests.manage' } as const;
const judged = { kind: 'person', why: 'who may ask, see and decide is judged by what is asked for' } as const;
const settingsProof = { action: 'access-request.settings' } as const;

const ids = (max: number) =>
  z
    .array(z.object({ id: z.string().min(1).max(64) }))
    .min(1)
    .max(max);
const requesterSettings = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('EVERYONE') }),
  z.strictObject({ type: z.literal('GROUPS'), groups: ids(100) }),
]);
const accessScopeSettings = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('RESOURCE_DEFAULT') }),
  z.strictObject({ type: z.literal('ENTITLEMENT_BUNDLES'), entitlementBundles: ids(100) }),
  z.strictObject({ type: z.literal('GROUPS'), groups: ids(100) }),
]);
const accessDurationSettings = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('ADMIN_FIXED_DURATION'), duration: z.string().max(40) }),
    z.strictObject({ type: z.literal('REQUESTER_SPECIFIED_DURATION'), maximumDuration: z.string().max(40) }),
  ])
  .nullish();
const condition = z.object({
  name: z.string().trim().min(1).max(255),
  description: z.string().min(1).max(2000).nullish(),
  requesterSettings,
  accessScopeSettings,
  accessDurationSettings,
  approvalSequenceId: z.string().regex(/^[a-fA-F\d]{24}$/, 'must be the id of a sequence: 24 hexadecimal digits'),
  priority: z.number().int().min(0).max(1000).optional(),
  // What the wire has no word for.
  sallyport: z.strictObject({ ticket: z.enum(['REQUIRED', 'OPTIONAL']) }).optional(),
});

const approvers = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('people'), ids: z.array(z.string().max(64)).min(1).max(100) }),
  z.strictObject({ by: z.literal('group'), id: z.string().max(64) }),
  z.strictObject({ by: z.literal('manager') }),
  z.strictObject({ by: z.literal('owner') }),
  z.strictObject({ by: z.literal('super-admins') }),
  z.strictObject({ by: z.literal('admins') }),
  z.strictObject({
    by: z.literal('permission'),
    permission: z.string().refine(isPermission, 'there is no such permission'),
  }),
]);
const sequence = z.strictObject({
  name: z.string().trim().min(1).max(255),
  description: z.string().max(2000).default(''),
  steps: z
    .array(
      z
        .strictObject({
          approvers,
          count: z.number().int().min(1).max(APPROVALS_MAX),
          escalateAfter: z.string().max(40).optional(),
          escalateTo: approvers.optional(),
        })
        .refine(({ escalateAfter, escalateTo }) => (escalateAfter === undefined) === (escalateTo === undefined), {
          message: 'say both after how long, and who may say yes then',
          path: ['escalateAfter'],
        }),
    )
    .min(1)
    .max(STEPS_MAX),
  decideWithin: z.string().max(40).optional(),
});

const ask = z.strictObject({
  entitlement: z.strictObject({ kind: z.enum(ENTITLEMENT_KINDS), id: z.string().min(1).max(64) }),
  forUserId: z.string().max(64).optional(),
  duration: z.string().max(40).optional(),
  startsAt: z.iso.datetime({ offset: true }).optional(),
  extends: z.string().min(1).max(64).optional(),
  reason: z.string().trim().min(1).max(1000),
  ticket: z.string().trim().max(200).optional(),
});
const fieldValues = z
  .array(
    z.object({
      id: z.string().max(64),
      type: z.string().max(20).optional(),
      label: z.string().max(255).optional(),
      value: z.string().min(1).max(1000).optional(),
    }),
  )
  .max(20)
  .optional();
const user = z.object({ externalId: z.string().max(64), type: z.literal('OKTA_USER') });
const comment = z.string().trim().max(500).optional();
const digest = z
  .string('say the digest of the request, which the key signs: the request and its tasks have it')
  .regex(/^[A-Za-z0-9_-]{43}$/);
const page = { limit: z.string().optional(), after: z.string().max(64).optional() };
const CONDITIONS = '/governance/api/v2/resources/{resourceId}/request-conditions';
const ENTRIES = '/governance/api/v2/my/catalogs/default/entries';

export const requestRoutes = defineRoutes([
  {
    name: 'requestConditions.list',
    method: 'GET',
    path: CONDITIONS,
    summary: 'Who may ask for access to a resource, for how long, and whose yes it takes',
    access: settings,
    rateClass: 'management',
  },
  {
    name: 'requestConditions.create',
    method: 'POST',
    path: CONDITIONS,
    summary: 'Let people ask for access; inactive at first',
    access: settings,
    rateClass: 'management',
    status: 201,
    body: condition,
    protection: settingsProof,
    events: ['access.request.condition.create'],
  },
  {
    name: 'requestConditions.get',
    method: 'GET',
    path: `${CONDITIONS}/{requestConditionId}`,
    summary: 'A condition',
    access: settings,
    rateClass: 'management',
  },
  {
    name: 'requestConditions.update',
    method: 'PATCH',
    path: `${CONDITIONS}/{requestConditionId}`,
    summary: 'Change what is named of a condition; requests that were submitted stay as they are',
    access: settings,
    rateClass: 'management',
    body: condition.partial(),
    protection: settingsProof,
    events: ['access.request.condition.update'],
  },
  {
    name: 'requestConditions.delete',
    method: 'DELETE',
    path: `${CONDITIONS}/{requestConditionId}`,
    summary: 'Delete a condition',
    access: settings,
    rateClass: 'management',
    status: 204,
    protection: settingsProof,
    events: ['access.request.condition.delete'],
  },
  {
    name: 'requestConditions.activate',
    method: 'POST',
    path: `${CONDITIONS}/{requestConditionId}/activate`,
    summary: 'Let people ask from now on',
    access: settings,
    rateClass: 'management',
    protection: settingsProof,
    events: ['access.request.condition.activate'],
  },
  {
    name: 'requestConditions.deactivate',
    method: 'POST',
    path: `${CONDITIONS}/{requestConditionId}/deactivate`,
    summary: 'Let nobody ask any more; open requests go on',
    access: settings,
    rateClass: 'management',
    protection: settingsProof,
    events: ['access.request.condition.deactivate'],
  },
  {
    name: 'allRequestConditions.list',
    method: 'GET',
    path: '/sallyport/v1/request-conditions',
    summary: 'What can be asked for, over all resources, with names and with what of it is gone',
    access: settings,
    rateClass: 'management',
    query: z.object(page),
  },
  {
    name: 'resourceSequences.list',
    method: 'GET',
    path: '/governance/api/v2/resources/{resourceId}/request-sequences',
    summary: 'Sequences of approvals, as the wire has them',
    access: settings,
    rateClass: 'management',
  },
  {
    name: 'resourceSequences.get',
    method: 'GET',
    path: '/governance/api/v2/resources/{resourceId}/request-sequences/{sequenceId}',
    summary: 'A sequence of approvals, as the wire has it',
    access: settings,
    rateClass: 'management',
  },
  {
    name: 'requestSequences.delete',
    method: 'DELETE',
    path: '/governance/api/v2/request-sequences/{sequenceId}',
    summary: 'Delete a sequence; conditions that name it let nobody ask from then on',
    access: settings,
    rateClass: 'management',
    status: 204,
    protection: settingsProof,
    events: ['access.request.sequence.delete'],
  },
  {
    name: 'requestSequences.list',
    method: 'GET',
    path: '/sallyport/v1/request-sequences',
    summary: 'Sequences of approvals with their steps',
    access: settings,
    rateClass: 'management',
  },
  {
    name: 'requestSequences.get',
    method: 'GET',
    path: '/sallyport/v1/request-sequences/{sequenceId}',
    summary: 'A sequence of approvals with its steps',
    access: settings,
    rateClass: 'management',
  },
  {
    name: 'requestSequences.create',
    method: 'POST',
    path: '/sallyport/v1/request-sequences',
    summary: 'Make a sequence; refused where a step needs more people than there are',
    access: settings,
    rateClass: 'management',
    status: 201,
    body: sequence,
    protection: settingsProof,
    events: ['access.request.sequence.create'],
  },
  {
    name: 'requestSequences.replace',
    method: 'PUT',
    path: '/sallyport/v1/request-sequences/{sequenceId}',
    summary: 'Change a sequence; requests that were submitted keep the steps of then',
    access: settings,
    rateClass: 'management',
    body: sequence,
    protection: settingsProof,
    events: ['access.request.sequence.update'],
  },
  {
    name: 'requestSettings.get',
    method: 'GET',
    path: '/governance/api/v2/request-settings',
    summary: 'What can be asked for here at all, as the wire has it',
    access: settings,
    rateClass: 'management',
  },
  {
    name: 'governanceRequests.list',
    method: 'GET',
    path: '/governance/api/v2/requests',
    summary: 'All access requests, newest first, as the wire has them',
    access: settings,
    rateClass: 'management',
    query: z.object({ filter: z.string().max(500).optional(), ...page }),
  },
  {
    name: 'governanceRequests.create',
    method: 'POST',
    path: '/governance/api/v2/requests',
    summary: 'Ask for access; for somebody else only whoever manages access requests does',
    access: judged,
    rateClass: 'self',
    status: 202,
    body: z.object({
      requested: z.object({ type: z.literal('CATALOG_ENTRY'), entryId: z.string().max(64) }),
      requestedFor: user,
      requestedBy: user.optional(),
      requesterFieldValues: fieldValues,
    }),
    protection: { none: 'asking gives nobody anything' },
    events: ['access.request.create'],
  },
  {
    name: 'governanceRequests.get',
    method: 'GET',
    path: '/governance/api/v2/requests/{requestId}',
    summary: 'An access request, as the wire has it',
    access: settings,
    rateClass: 'management',
  },
  {
    name: 'governanceRequests.addMessage',
    method: 'POST',
    path: '/governance/api/v2/requests/{requestId}/messages',
    summary: 'Say something to whoever sees the request',
    access: judged,
    rateClass: 'self',
    status: 201,
    body: z.object({ message: z.string().trim().min(1).max(5000) }),
    protection: { none: 'a message gives nobody anything' },
    events: ['access.request.update'],
  },
  {
    name: 'myCatalog.list',
    method: 'GET',
    path: ENTRIES,
    summary: 'What the caller may ask for',
    access: judged,
    rateClass: 'self',
    query: z.object({
      filter: z.string().max(200).optional(),
      match: z.string().min(3).max(50).optional(),
      ...page,
      after: z.string().max(1000).optional(),
    }),
  },
  {
    name: 'myCatalog.get',
    method: 'GET',
    path: `${ENTRIES}/{entryId}`,
    summary: 'One thing that the caller may ask for',
    access: judged,
    rateClass: 'self',
  },
  {
    name: 'myCatalog.fields',
    method: 'GET',
    path: `${ENTRIES}/{entryId}/request-fields`,
    summary: 'What must be said when asking for it',
    access: judged,
    rateClass: 'self',
  },
  {
    name: 'myCatalog.request',
    method: 'POST',
    path: `${ENTRIES}/{entryId}/requests`,
    summary: 'Ask for it',
    access: judged,
    rateClass: 'self',
    status: 202,
    body: z.object({ requesterFieldValues: fieldValues }),
    protection: { none: 'asking gives nobody anything' },
    events: ['access.request.create'],
  },
  {
    name: 'myCatalog.getRequest',
    method: 'GET',
    path: `${ENTRIES}/{entryId}/requests/{requestId}`,
    summary: 'A request of the caller',
    access: judged,
    rateClass: 'self',
  },
  {
    name: 'myTasks.list',
    method: 'GET',
    path: '/governance/api/v2/my/tasks',
    summary: 'Steps of access requests that wait for the caller, as the wire has them',
    access: judged,
    rateClass: 'self',
    query: z.object(page),
  },
  {
    name: 'myTasks.get',
    method: 'GET',
    path: '/governance/api/v2/my/tasks/{taskId}',
    summary: 'A step of an access request, as the wire has it',
    access: judged,
    rateClass: 'self',
  },
  {
    name: 'myTasks.resolve',
    method: 'POST',
    path: '/governance/api/v2/my/tasks/{taskId}/resolve',
    summary:
      'Say yes or no to a step, as the wire has it; a yes with the digest of the request, so that the key signs it',
    access: judged,
    rateClass: 'self',
    body: z.discriminatedUnion('value', [
      z.object({ value: z.literal('APPROVED'), digest, comment }),
      z.object({ value: z.literal('DENIED'), comment }),
    ]),
    protection: {
      action: 'request.approve',
      unless: { field: 'value', is: 'DENIED', why: 'denying gives nobody power' },
    },
    events: ['access.request.update', 'access.request.resolve'],
  },
  {
    name: 'tasks.update',
    method: 'PATCH',
    path: '/governance/api/v2/tasks/{taskId}',
    summary: 'Give the step of an access request to people who are named, as the wire has it',
    access: settings,
    rateClass: 'management',
    body: z.object({
      assignees: z
        .array(z.object({ externalId: z.string().min(1).max(100), type: z.literal('OKTA_USER') }))
        .min(1)
        .max(ASSIGNEES_MAX),
    }),
    protection: { action: 'request.reassign' },
    events: ['access.request.update'],
  },
  {
    name: 'requests.list',
    method: 'GET',
    path: '/sallyport/v1/requests',
    summary: 'Access requests: what waits for the caller, what they asked for, or all',
    access: judged,
    rateClass: 'self',
    query: z.object({
      show: z.enum(['decide', 'mine', 'all']).optional(),
      status: z.enum(['OPEN', 'PAST']).optional(),
      ...page,
    }),
  },
  {
    name: 'requests.preview',
    method: 'POST',
    path: '/sallyport/v1/requests/preview',
    summary: 'Whose yes a request would take, who can give it now, and what is weak about that',
    access: judged,
    rateClass: 'self',
    changesNothing: true,
    body: ask.extend({ reason: z.string().max(1000).default('') }),
  },
  {
    name: 'requests.create',
    method: 'POST',
    path: '/sallyport/v1/requests',
    summary: 'Ask for access',
    access: judged,
    rateClass: 'self',
    status: 201,
    body: ask,
    protection: { none: 'asking gives nobody anything' },
    events: ['access.request.create'],
  },
  {
    name: 'requests.get',
    method: 'GET',
    path: '/sallyport/v1/requests/{accessRequestId}',
    summary: 'What is asked for, by whom, whose yes it takes, and what the caller may do about it',
    access: judged,
    rateClass: 'self',
  },
  {
    name: 'requests.messages',
    method: 'GET',
    path: '/sallyport/v1/requests/{accessRequestId}/messages',
    summary: 'What was said about it, the newest first',
    access: judged,
    rateClass: 'self',
    query: z.object(page),
  },
  {
    name: 'requests.approve',
    method: 'POST',
    path: '/sallyport/v1/requests/{accessRequestId}/approve',
    summary: 'Approve it; the digest of the whole request stands in the body, so that the approver’s key signs it',
    access: judged,
    rateClass: 'self',
    body: z.strictObject({
      digest,
      step: z.number().int().optional(),
      comment,
    }),
    protection: { action: 'request.approve' },
    events: ['access.request.update', 'access.request.resolve'],
  },
  {
    name: 'requests.deny',
    method: 'POST',
    path: '/sallyport/v1/requests/{accessRequestId}/deny',
    summary: 'Deny it, with a reason that whoever asked reads',
    access: judged,
    rateClass: 'self',
    body: z.strictObject({ comment: z.string().trim().min(1).max(500), step: z.number().int().optional() }),
    protection: { none: 'denying gives nobody power' },
    events: ['access.request.resolve'],
  },
  {
    name: 'requests.cancel',
    method: 'POST',
    path: '/sallyport/v1/requests/{accessRequestId}/cancel',
    summary:
      'Take one’s own request back; what was approved and has not begun yet also a super admin, so that it never begins',
    access: judged,
    rateClass: 'self',
    protection: { none: 'it gives nobody anything' },
    events: ['access.request.cancel'],
  },
  {
    name: 'requests.nudge',
    method: 'POST',
    path: '/sallyport/v1/requests/{accessRequestId}/nudge',
    summary: 'Ask those who can decide once more, by mail; once',
    access: judged,
    rateClass: 'self',
    protection: { none: 'it gives nobody anything' },
    events: ['access.request.update'],
  },
  {
    name: 'requests.reassign',
    method: 'POST',
    path: '/sallyport/v1/requests/{accessRequestId}/reassign',
    summary: 'Give the step that waits to people who are named; whom it named before can still say no',
    access: settings,
    rateClass: 'management',
    body: z.strictObject({
      assignees: z.array(z.string().min(1).max(100)).min(1).max(ASSIGNEES_MAX),
      step: z.number().int().min(0),
    }),
    protection: { action: 'request.reassign' },
    events: ['access.request.update'],
  },
]);
