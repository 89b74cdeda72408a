import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { access: { kind: 'admin', permission: 'okta.roles.read' }, rateClass: 'management' } as const;
const manage = { access: { kind: 'admin', permission: 'okta.roles.manage' }, rateClass: 'management' } as const;
const all = '/api/v1/iam/governance/bundles';
const one = `${all}/{bundleId}` as const;

const sources = '/api/v1/users/{userId}/roles/{roleAssignmentId}/governance';

const ref = z.string().min(1).max(255);
const body = z.strictObject({
  name: z.string().trim().min(1).max(255),
  description: z.string().max(1000).nullish(),
  entitlements: z
    .array(
      z.strictObject({
        role: ref,
        resourceSets: z.array(ref).max(20).optional(),
        targets: z.array(ref).max(100).optional(),
      }),
    )
    .min(1)
    .max(20),
});

export const bundleRoutes = defineRoutes([
  {
    name: 'bundles.list',
    method: 'GET',
    path: all,
    summary: 'Admin role bundles: what can be given for a while',
    ...read,
    query: z.object({ limit: z.string().optional(), after: z.string().max(64).optional() }),
  },
  {
    name: 'bundles.listInFull',
    method: 'GET',
    path: '/sallyport/v1/bundles',
    summary: 'Bundles with what each gives, how many have it, and by what it can be asked for',
    ...read,
    query: z.object({ limit: z.string().optional(), after: z.string().max(64).optional() }),
  },
  {
    name: 'bundles.create',
    method: 'POST',
    path: all,
    summary: 'Create a bundle of roles',
    ...manage,
    body,
    protection: { action: 'bundle.create' },
    events: ['resource.entitlement_bundle.create', 'resource.entitlement_bundle.update'],
  },
  { name: 'bundles.get', method: 'GET', path: one, summary: 'A bundle, and how many grants of it are open', ...read },
  {
    name: 'bundles.replace',
    method: 'PUT',
    path: one,
    summary: 'Replace the name and the roles of a bundle; whoever has it for a while has the new ones at once',
    ...manage,
    body,
    protection: { action: 'bundle.update' },
    events: ['resource.entitlement_bundle.update'],
  },
  {
    name: 'bundles.delete',
    method: 'DELETE',
    path: one,
    summary: 'Delete a bundle; its grants end with it',
    ...manage,
    status: 204,
    protection: { action: 'bundle.delete' },
    events: ['resource.entitlement_bundle.delete', 'user.account.privilege.revoke'],
  },
  {
    name: 'bundleEntitlements.list',
    method: 'GET',
    path: `${one}/entitlements`,
    summary: 'The roles of a bundle',
    ...read,
  },
  {
    name: 'bundleEntitlements.values',
    method: 'GET',
    path: `${one}/entitlements/{entitlementId}/values`,
    summary: 'What a role of a bundle is held over; nothing is everything',
    ...read,
  },
  {
    name: 'roleGovernance.list',
    method: 'GET',
    path: sources,
    summary: 'By which grants somebody has this role for a while',
    ...read,
  },
  {
    name: 'roleGovernance.get',
    method: 'GET',
    path: `${sources}/{grantId}`,
    summary: 'One of these grants',
    ...read,
  },
  {
    name: 'roleGovernance.resources',
    method: 'GET',
    path: `${sources}/{grantId}/resources`,
    summary: 'What its bundle holds roles over',
    ...read,
  },
  {
    name: 'bundleOptIn.get',
    method: 'GET',
    path: '/api/v1/iam/governance/optIn',
    summary: 'Whether admin roles can be given for a while; here they always can',
    ...read,
  },
]);
