import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { access: { kind: 'admin', permission: 'okta.groups.read' }, rateClass: 'management' } as const;
const manage = {
  access: { kind: 'admin', permission: 'okta.groups.members.manage' },
  rateClass: 'management',
} as const;
const update = { ...manage, protection: { action: 'group-rule.update' } } as const;
const rule = '/api/v1/groups/rules/{groupRuleId}';
const id = z.string().min(1).max(64);
const expand = z.string().max(64).optional();

const body = z.object({
  type: z.literal('group_rule').optional(),
  name: z.string().trim().min(1).max(50),
  conditions: z.object({
    expression: z.object({ value: z.string().max(4000), type: z.literal('urn:okta:expression:1.0').optional() }),
    people: z
      .object({
        users: z.object({ exclude: z.array(id).max(1000).optional() }).nullish(),
        groups: z.object({ exclude: z.array(id).max(1000).optional() }).nullish(),
      })
      .nullish(),
  }),
  actions: z.object({ assignUserToGroups: z.object({ groupIds: z.array(id).min(1).max(20) }) }),
});

export const groupRuleRoutes = defineRoutes([
  {
    name: 'groupRules.list',
    method: 'GET',
    path: '/api/v1/groups/rules',
    summary: 'Rules that put people into groups',
    ...read,
    query: z.object({
      search: z.string().max(255).optional(),
      expand,
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
    }),
  },
  {
    name: 'groupRules.create',
    method: 'POST',
    path: '/api/v1/groups/rules',
    summary: 'Create a group rule; it does nothing before it is activated',
    ...manage,
    body,
    protection: { action: 'group-rule.create' },
    events: ['policy.rule.add'],
  },
  {
    name: 'groupRules.get',
    method: 'GET',
    path: rule,
    summary: 'A group rule',
    ...read,
    query: z.object({ expand }),
  },
  {
    name: 'groupRules.replace',
    method: 'PUT',
    path: rule,
    summary: 'Replace a group rule that is not active',
    ...update,
    body,
    events: ['policy.rule.update'],
  },
  {
    name: 'groupRules.delete',
    method: 'DELETE',
    path: rule,
    summary: 'Delete a group rule that is not active',
    ...update,
    status: 202,
    query: z.object({ removeUsers: z.string().max(10).optional() }),
    events: ['policy.rule.delete'],
  },
  {
    name: 'groupRules.activate',
    method: 'POST',
    path: `${rule}/lifecycle/activate`,
    summary: 'Activate a group rule',
    ...update,
    status: 204,
    body: z.unknown().optional(),
    events: ['group.user_membership.rule.trigger'],
  },
  {
    name: 'groupRules.deactivate',
    method: 'POST',
    path: `${rule}/lifecycle/deactivate`,
    summary: 'Deactivate a group rule',
    ...update,
    status: 204,
    body: z.unknown().optional(),
    events: ['group.user_membership.rule.deactivated'],
  },
  {
    name: 'groupRules.preview',
    method: 'GET',
    path: '/sallyport/v1/group-rules/preview',
    summary: 'Whom a group rule would add, before it is made',
    ...manage,
    query: z.object({
      expression: z.string().max(4000),
      groupIds: z.string().min(1).max(2000),
      excludedUserIds: z.string().max(8000).optional(),
    }),
  },
]);
