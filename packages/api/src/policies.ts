import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.policies.read' } as const;
const manage = { kind: 'admin', permission: 'okta.policies.manage' } as const;
const rule = z.object({
  name: z.string().trim().min(1).max(255),
  priority: z.int().min(0).max(1000).nullish(),
  type: z.string().max(64).optional(),
  conditions: z.unknown().optional(),
  actions: z.unknown(),
});
const change = {
  access: manage,
  rateClass: 'management',
  protection: { action: 'policy-rule.update', ofPower: 'admin-policy-rule.update' },
} as const;

export const policyRoutes = defineRoutes([
  {
    name: 'policies.list',
    method: 'GET',
    path: '/api/v1/policies',
    summary: 'Policies of a type',
    access: read,
    rateClass: 'management',
    query: z.object({
      type: z.string().max(64),
      status: z.string().optional(),
      expand: z.string().optional(),
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
    }),
  },
  {
    name: 'policies.get',
    method: 'GET',
    path: '/api/v1/policies/{policyId}',
    summary: 'A policy',
    access: read,
    rateClass: 'management',
    query: z.object({ expand: z.string().optional() }),
  },
  {
    name: 'policies.replace',
    method: 'PUT',
    path: '/api/v1/policies/{policyId}',
    summary: 'Change name and description',
    access: manage,
    rateClass: 'management',
    body: z.object({
      name: z.string().trim().min(1).max(255),
      description: z.string().max(1024).nullish(),
      type: z.string().max(64).optional(),
    }),
    protection: { none: 'a name decides nothing' },
    events: ['policy.lifecycle.update'],
  },
  {
    name: 'policyRules.list',
    method: 'GET',
    path: '/api/v1/policies/{policyId}/rules',
    summary: 'Rules of a policy',
    access: read,
    rateClass: 'management',
    query: z.object({ limit: z.string().optional() }),
  },
  {
    name: 'policyRules.create',
    method: 'POST',
    path: '/api/v1/policies/{policyId}/rules',
    summary: 'Add a rule',
    ...change,
    query: z.object({ activate: z.string().optional() }),
    body: rule,
    events: ['policy.rule.add'],
  },
  {
    name: 'policyRules.get',
    method: 'GET',
    path: '/api/v1/policies/{policyId}/rules/{ruleId}',
    summary: 'A rule',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'policyRules.replace',
    method: 'PUT',
    path: '/api/v1/policies/{policyId}/rules/{ruleId}',
    summary: 'Replace a rule',
    ...change,
    body: rule,
    events: ['policy.rule.update'],
  },
  {
    name: 'policyRules.delete',
    method: 'DELETE',
    path: '/api/v1/policies/{policyId}/rules/{ruleId}',
    summary: 'Delete a rule',
    ...change,
    status: 204,
    events: ['policy.rule.delete'],
  },
  {
    name: 'policyRules.activate',
    method: 'POST',
    path: '/api/v1/policies/{policyId}/rules/{ruleId}/lifecycle/activate',
    summary: 'Activate a rule',
    ...change,
    status: 204,
    body: z.unknown().optional(),
    events: ['policy.rule.activate'],
  },
  {
    name: 'policyRules.deactivate',
    method: 'POST',
    path: '/api/v1/policies/{policyId}/rules/{ruleId}/lifecycle/deactivate',
    summary: 'Deactivate a rule',
    ...change,
    status: 204,
    body: z.unknown().optional(),
    events: ['policy.rule.deactivate'],
  },
]);
