import { z } from 'zod';
import { defineRoutes } from './define-route.ts';
import { assumed } from './what-if.ts';

const read = { access: { kind: 'admin', permission: 'okta.policies.read' }, rateClass: 'management' } as const;
const manage = { access: { kind: 'admin', permission: 'okta.policies.manage' }, rateClass: 'management' } as const;
const publish = {
  ...manage,
  protection: { action: 'policy-rule.update', ofPower: 'admin-policy-rule.update' },
  query: z.object({ dryRun: z.enum(['true', 'false']).optional() }),
} as const;
/** What tests keep from being published: whoever takes one away could soften the policy next. */
const test = { ...manage, protection: publish.protection } as const;
const DRAFT = {
  none: 'a draft counts for nothing until it is published, which asks for a key and names the draft that was read',
} as const;

/** As many digits as a path takes, and a column holds. */
const version = z.int().min(1).max(999_999_999);
const reason = z.string().trim().min(1).max(500).optional();
const rule = z.strictObject({
  /** Of a rule that is there already. */
  id: z.string().max(64).optional(),
  name: z.string().trim().min(1).max(255),
  status: z.enum(['ACTIVE', 'INACTIVE']).optional(),
  conditions: z.unknown().optional(),
  actions: z.unknown(),
});
const content = {
  /** What it is about, for whoever publishes it. */
  note: z.string().trim().max(500).optional(),
  name: z.string().trim().min(1).max(255).optional(),
  description: z.string().max(1024).nullish(),
  conditions: z.unknown().optional(),
  catchAll: z.strictObject({ actions: z.unknown() }).nullish(),
};
/** The rules whole, in the order in which they are asked, without the catch-all. */
const rules = z.array(rule).max(100);
const policyTest = z.strictObject({
  name: z.string().trim().min(1).max(255),
  facts: assumed,
  expected: z.enum(['allow', 'step_up', 'deny']),
});

export const policyDraftRoutes = defineRoutes([
  {
    name: 'policyConfirmation.get',
    method: 'GET',
    path: '/sallyport/v1/policies/confirmation',
    summary: 'The newest change of what admits administrators that a session made: whether it waits to be confirmed',
    ...read,
  },
  {
    name: 'policyConfirmation.confirm',
    method: 'POST',
    path: '/sallyport/v1/policies/confirmation',
    summary: 'Confirm it, from a session that signed in after it',
    ...manage,
    protection: { action: 'admin-policy-rule.update' },
    body: z.unknown().optional(),
    events: ['policy.lifecycle.update'],
  },
  {
    name: 'policyConfirmation.takeBack',
    method: 'DELETE',
    path: '/sallyport/v1/policies/confirmation',
    summary: 'Take it back: what counted before counts again at once',
    ...manage,
    protection: { action: 'admin-policy-rule.update' },
    status: 204,
    events: ['policy.lifecycle.update'],
  },
  {
    name: 'policyHistory.list',
    method: 'GET',
    path: '/sallyport/v1/policies/{policyId}/history',
    summary: 'Versions of a policy, the newest first: who made each, when and why',
    ...read,
    query: z.object({ limit: z.string().optional(), after: z.string().max(20).optional() }),
  },
  {
    name: 'policyHistory.get',
    method: 'GET',
    path: '/sallyport/v1/policies/{policyId}/history/{version}',
    summary: 'A policy as it was in a version, with its rules',
    ...read,
  },
  {
    name: 'policyHistory.diff',
    method: 'GET',
    path: '/sallyport/v1/policies/{policyId}/diff',
    summary: 'What differs between two of: `published`, a version by its number, a draft by its id; in words',
    ...read,
    query: z.object({ from: z.string().min(1).max(64), to: z.string().min(1).max(64) }),
  },
  {
    name: 'policyHistory.rollBack',
    method: 'POST',
    path: '/sallyport/v1/policies/{policyId}/rollback',
    summary: 'Let an earlier version of a policy count again, as a new one',
    ...publish,
    body: z.strictObject({ version, reason }),
    events: ['policy.lifecycle.update', 'policy.rule.add', 'policy.rule.update', 'policy.rule.delete'],
  },
  {
    name: 'policyDrafts.list',
    method: 'GET',
    path: '/sallyport/v1/policies/{policyId}/drafts',
    summary: 'Drafts of a policy',
    ...read,
  },
  {
    name: 'policyDrafts.create',
    method: 'POST',
    path: '/sallyport/v1/policies/{policyId}/drafts',
    summary: 'Begin a draft of what is published, of an earlier version, or of the rules that are given',
    ...manage,
    status: 201,
    body: z.strictObject({ ...content, rules: rules.optional(), fromVersion: version.optional() }),
    protection: DRAFT,
    events: ['policy.lifecycle.update'],
  },
  {
    name: 'policyDrafts.get',
    method: 'GET',
    path: '/sallyport/v1/policies/{policyId}/drafts/{draftId}',
    summary: 'A draft, with the ETag that publishing it asks for',
    ...read,
  },
  {
    name: 'policyDrafts.replace',
    method: 'PUT',
    path: '/sallyport/v1/policies/{policyId}/drafts/{draftId}',
    summary: 'Save a draft',
    ...manage,
    body: z.strictObject({ ...content, rules }),
    protection: DRAFT,
    events: ['policy.lifecycle.update'],
  },
  {
    name: 'policyDrafts.discard',
    method: 'DELETE',
    path: '/sallyport/v1/policies/{policyId}/drafts/{draftId}',
    summary: 'Discard a draft',
    ...manage,
    status: 204,
    protection: DRAFT,
    events: ['policy.lifecycle.update'],
  },
  {
    name: 'policyDrafts.rebase',
    method: 'POST',
    path: '/sallyport/v1/policies/{policyId}/drafts/{draftId}/rebase',
    summary: 'Bring a draft up to what is published now',
    ...manage,
    body: z.strictObject({ keep: z.enum(['draft', 'published']).optional() }),
    protection: DRAFT,
    events: ['policy.lifecycle.update'],
  },
  {
    name: 'policyDrafts.publish',
    method: 'POST',
    path: '/sallyport/v1/policies/{policyId}/drafts/{draftId}/publish',
    summary: 'Publish a draft, all rules at once; `If-Match` is the ETag of the draft that was read',
    ...publish,
    body: z.strictObject({ reason }),
    events: ['policy.lifecycle.update', 'policy.rule.add', 'policy.rule.update', 'policy.rule.delete'],
  },
  {
    name: 'policyDrafts.proof',
    method: 'GET',
    path: '/sallyport/v1/policies/{policyId}/drafts/{draftId}/proof',
    summary: 'What would be true of the policy for every request with the draft in its place',
    ...read,
  },
  {
    name: 'policyTests.list',
    method: 'GET',
    path: '/sallyport/v1/policies/{policyId}/tests',
    summary: 'What a policy must decide on given facts, or it is not published',
    ...read,
  },
  {
    name: 'policyTests.create',
    method: 'POST',
    path: '/sallyport/v1/policies/{policyId}/tests',
    summary: 'Add a test of a policy',
    ...test,
    status: 201,
    body: policyTest,
    events: ['policy.lifecycle.update'],
  },
  {
    name: 'policyTests.replace',
    method: 'PUT',
    path: '/sallyport/v1/policies/{policyId}/tests/{testId}',
    summary: 'Change a test of a policy',
    ...test,
    body: policyTest,
    events: ['policy.lifecycle.update'],
  },
  {
    name: 'policyTests.delete',
    method: 'DELETE',
    path: '/sallyport/v1/policies/{policyId}/tests/{testId}',
    summary: 'Delete a test of a policy',
    ...test,
    status: 204,
    events: ['policy.lifecycle.update'],
  },
  {
    name: 'policyTests.run',
    method: 'POST',
    path: '/sallyport/v1/policies/{policyId}/tests/run',
    summary: 'Run every test of a policy, on what is published or on a draft',
    ...read,
    changesNothing: true,
    body: z.strictObject({ draft: z.string().max(64).optional() }),
  },
]);
