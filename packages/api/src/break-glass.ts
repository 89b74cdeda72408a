import { SHARES_MAX, SHARES_NEEDED_MAX } from '@sallyport/model/break-glass';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

// Its use cases ask for a super admin in person: who changes a break-glass account holds everybody's power.
const read = { kind: 'admin', permission: 'okta.roles.read' } as const;
const manage = { kind: 'admin', permission: 'okta.roles.manage' } as const;
const ranges = z.array(z.string().trim().min(1).max(100)).max(20);
const networks = z.strictObject({ primary: ranges, secondary: ranges.default([]), tertiary: ranges.default([]) });
/** Null: one paper. */
const split = z
  .strictObject({ count: z.int().min(2).max(SHARES_MAX), needed: z.int().min(2).max(SHARES_NEEDED_MAX) })
  .refine(({ count, needed }) => needed <= count, { path: ['needed'], error: 'there are not that many shares' })
  .nullish();
const keyName = z.string().trim().min(1).max(100);
const note = z.string().trim().min(10).max(2000);
const account = '/sallyport/v1/break-glass/{breakGlassId}';

export const breakGlassRoutes = defineRoutes([
  {
    name: 'breakGlass.list',
    method: 'GET',
    path: '/sallyport/v1/break-glass',
    summary: 'Break-glass accounts: whether each is ready, and what has to be done',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'breakGlass.create',
    method: 'POST',
    path: '/sallyport/v1/break-glass',
    summary: 'Create a break-glass account; the answer alone has its sealed secret',
    access: manage,
    rateClass: 'management',
    status: 201,
    body: z.strictObject({
      login: z.string().trim().min(5).max(100),
      name: z.string().trim().min(1).max(50),
      networks,
      split,
    }),
    protection: { action: 'break-glass.create' },
    events: ['user.lifecycle.create', 'user.account.privilege.grant'],
  },
  {
    name: 'breakGlass.current',
    method: 'GET',
    path: '/sallyport/v1/break-glass-in-use',
    summary: 'Which break-glass accounts are in use now, and what the caller’s own session still owes',
    access: { kind: 'person', why: 'everybody in the console shall see it' },
    rateClass: 'self',
  },
  {
    name: 'breakGlass.giveReason',
    method: 'PUT',
    path: '/sallyport/v1/break-glass-in-use/reason',
    summary: 'Say, signed in as a break-glass account, why the seal was broken',
    access: { kind: 'person', why: 'only the session of a break-glass account gives one, of itself' },
    rateClass: 'self',
    body: z.strictObject({ reason: note }),
    protection: { none: 'it is what takes the place of a second person’s approval, and gives nothing without a key' },
    events: ['sallyport.break_glass.use'],
  },
  {
    name: 'breakGlass.get',
    method: 'GET',
    path: account,
    summary: 'A break-glass account',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'breakGlass.update',
    method: 'PUT',
    path: account,
    summary: 'Change the networks that a break-glass account signs in from',
    access: manage,
    rateClass: 'management',
    body: z.strictObject({ networks }),
    protection: { action: 'break-glass.update' },
    events: ['user.account.update_profile'],
  },
  {
    name: 'breakGlass.delete',
    method: 'DELETE',
    path: account,
    summary: 'Delete a break-glass account; what was done with it stays',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'break-glass.delete' },
    events: ['user.lifecycle.deactivate', 'user.account.privilege.revoke'],
  },
  {
    name: 'breakGlass.seal',
    method: 'POST',
    path: `${account}/seal`,
    summary: 'Give it a new sealed secret, which ends its sessions; the answer alone has it',
    access: manage,
    rateClass: 'management',
    body: z.strictObject({ split }).optional(),
    protection: { action: 'break-glass.seal' },
    events: ['user.account.update_password', 'user.session.clear'],
  },
  {
    name: 'breakGlass.enrolKey',
    method: 'POST',
    path: `${account}/keys`,
    summary: 'Begin to register a hardware key for it',
    access: manage,
    rateClass: 'management',
    body: z.strictObject({ name: keyName }),
    protection: { action: 'break-glass.key' },
    events: ['user.mfa.factor.activate'],
  },
  {
    name: 'breakGlass.activateKey',
    method: 'POST',
    path: `${account}/keys/{factorId}/activate`,
    summary: 'Finish registering a hardware key for it',
    access: manage,
    rateClass: 'management',
    body: z.strictObject({
      attestation: z.string().max(65_536),
      clientData: z.string().max(8192),
      transports: z.array(z.string().max(32)).max(10).optional(),
      clientExtensions: z.record(z.string(), z.unknown()).optional(),
    }),
    protection: { none: 'the beginning was protected, and only who began it holds the challenge' },
    events: ['user.mfa.factor.activate'],
  },
  {
    name: 'breakGlass.removeKey',
    method: 'DELETE',
    path: `${account}/keys/{factorId}`,
    summary: 'Remove a key of it',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'break-glass.key.remove' },
    events: ['user.mfa.factor.deactivate'],
  },
  {
    name: 'breakGlass.drill',
    method: 'POST',
    path: `${account}/drill`,
    summary: 'Announce a drill: for an hour its use is one, and its alarms say so',
    access: manage,
    rateClass: 'management',
    protection: { action: 'break-glass.drill' },
    events: ['sallyport.break_glass.use'],
  },
  {
    name: 'breakGlass.testAlarm',
    method: 'POST',
    path: `${account}/test-alarm`,
    summary: 'Send a test of its alarm on every channel now, and say what did not arrive',
    access: manage,
    rateClass: 'management',
    protection: { none: 'it says that it is a test, and changes nothing' },
    events: ['sallyport.break_glass.use'],
  },
  {
    name: 'breakGlass.uses',
    method: 'GET',
    path: `${account}/uses`,
    summary: 'What was done with it, and who reviewed that',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'breakGlass.review',
    method: 'POST',
    path: `${account}/uses/{useId}/review`,
    summary: 'Sign the review of a use; two people close it',
    access: manage,
    rateClass: 'management',
    body: z.strictObject({ note }),
    protection: { action: 'break-glass.review' },
    events: ['sallyport.break_glass.use'],
  },
]);
