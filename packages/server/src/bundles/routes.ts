import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { listBundleEntitlements, listEntitlementValues } from './bundle-entitlements.ts';
import { listBundlesInFull } from './list-bundles.ts';
import {
  type BundleBody,
  createBundle,
  deleteBundle,
  getBundle,
  listBundles,
  replaceBundle,
} from './manage-bundles.ts';
import { optInStatus } from './opt-in.ts';

const bundle = (params: Readonly<Record<string, string>>): string => params['bundleId'] ?? '';

import { getRoleSource, listRoleSourceResources, listRoleSources } from './role-governance.ts';

export const bundleHandlers = {
  'bundles.list': async ({ services, query }) => ({ body: await listBundles(services, query) }),
  'bundles.listInFull': async ({ services, principal, query }) => {
    const { bundles, after } = await listBundlesInFull(services, principal, query);
    return {
      body: bundles,
      headers: pageLinks(services.config.publicUrl.origin, '/sallyport/v1/bundles', query, after),
    };
  },
  'bundles.create': async ({ services, principal, body }) => ({
    body: await createBundle(services, principal, body as BundleBody),
  }),
  'bundles.get': async ({ services, params }) => ({ body: await getBundle(services, bundle(params)) }),
  'bundles.replace': async ({ services, principal, params, body, request: { headers } }) => ({
    body: await replaceBundle(services, principal, bundle(params), body as BundleBody, headers['if-match']),
  }),
  'bundles.delete': async ({ services, principal, params }) => {
    await deleteBundle(services, principal, bundle(params));
    return {};
  },
  'bundleEntitlements.list': async ({ services, params }) => ({
    body: await listBundleEntitlements(services, bundle(params)),
  }),
  'bundleEntitlements.values': async ({ services, params }) => ({
    body: await listEntitlementValues(services, bundle(params), params['entitlementId'] ?? ''),
  }),
  'roleGovernance.list': async ({ services, params }) => ({
    body: await listRoleSources(services, params['userId'] ?? '', params['roleAssignmentId'] ?? ''),
  }),
  'roleGovernance.get': async ({ services, params }) => ({
    body: await getRoleSource(
      services,
      params['userId'] ?? '',
      params['roleAssignmentId'] ?? '',
      params['grantId'] ?? '',
    ),
  }),
  'roleGovernance.resources': async ({ services, params }) => ({
    body: await listRoleSourceResources(
      services,
      params['userId'] ?? '',
      params['roleAssignmentId'] ?? '',
      params['grantId'] ?? '',
    ),
  }),
  'bundleOptIn.get': async ({ services }) => ({ body: optInStatus(services) }),
} satisfies Record<string, Handler>;
