import type { AppBody } from '@sallyport/api/apps';
import { gatewaySnippet } from '../gateway/nginx-snippet.ts';
import type { Handler } from '../http/exchange.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageLinks } from '../http/page-links.ts';
import { pageOf } from '../http/page-of.ts';
import { simpleFilter } from '../http/simple-filter.ts';
import { getGrant, grantScope, listGrants, revokeGrant } from '../machines/app-grants.ts';
import { addKey, deleteKey, getKey, listKeys, setKeyStatus } from '../machines/app-keys.ts';
import { mapApp } from '../policies/policy-mappings.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import {
  type AppUserBody,
  assignGroup,
  assignUser,
  getAppGroup,
  getAppUser,
  listAppGroups,
  listAppUsers,
  unassignGroup,
  unassignUser,
} from './app-assignments.ts';
import { activateApp, createApp, deactivateApp, deleteApp, getApp, replaceApp } from './manage-apps.ts';
import { presentApps } from './present-app.ts';

const userId = (params: Readonly<Record<string, string>>): string => params['userId'] ?? '';
const groupId = (params: Readonly<Record<string, string>>): string => params['groupId'] ?? '';
const keyId = (params: Readonly<Record<string, string>>): string => params['keyId'] ?? '';
const appId = (params: Readonly<Record<string, string>>): string => params['appId'] ?? '';

export const appHandlers = {
  'apps.list': async ({ services: s, principal, query }) => {
    const limit = pageLimit(query['limit'] as string | undefined, 20, 200);
    let rows = s.store.read
      .selectFrom('apps')
      .selectAll()
      .where(whereAllowed(principal, 'okta.apps.read', 'app'))
      .orderBy('id')
      .limit(limit + 1);
    if (query['after'] !== undefined) rows = rows.where('id', '>', String(query['after']));
    for (const { field, value } of simpleFilter(query['filter'] as string | undefined, ['name', 'status', 'id']))
      rows = rows.where(field as 'name' | 'status' | 'id', '=', value);
    if (query['q'] !== undefined)
      rows = rows.where((e) => e.or([e('name', '=', String(query['q'])), e('label', '=', String(query['q']))]));
    const { shown, after } = pageOf(await rows.execute(), limit);
    const { origin } = s.config.publicUrl;
    return {
      body: await presentApps(s, s.store.read, shown),
      headers: pageLinks(origin, '/api/v1/apps', query, after),
    };
  },
  'apps.get': async ({ services, principal, params }) => ({ body: await getApp(services, principal, appId(params)) }),
  'apps.create': async ({ services, principal, body, query }) => ({
    body: await createApp(services, principal, body as AppBody, query['activate'] !== 'false'),
  }),
  'apps.replace': async ({ services, principal, params, body }) => ({
    body: await replaceApp(services, principal, appId(params), body as AppBody),
  }),
  'apps.delete': async ({ services, principal, params }) => {
    await deleteApp(services, principal, appId(params));
    return {};
  },
  'apps.activate': async ({ services, principal, params }) => {
    await activateApp(services, principal, appId(params));
    return { body: {} };
  },
  'apps.assignPolicy': async ({ services, principal, params }) => {
    await mapApp(services, principal, params['policyId'] ?? '', appId(params));
    return {};
  },
  'apps.deactivate': async ({ services, principal, params }) => {
    await deactivateApp(services, principal, appId(params));
    return { body: {} };
  },
  'apps.gatewaySnippet': async ({ services, principal, params, query }) => {
    await getApp(services, principal, appId(params));
    return { body: await gatewaySnippet(services, appId(params), query['upstream'] as string | undefined) };
  },
  'appUsers.list': async ({ services: s, principal, params, query }) => {
    const { users, after } = await listAppUsers(s, principal, appId(params), query);
    const path = `/api/v1/apps/${appId(params)}/users`;
    return { body: users, headers: pageLinks(s.config.publicUrl.origin, path, query, after) };
  },
  'appUsers.get': async ({ services, principal, params }) => ({
    body: await getAppUser(services, principal, appId(params), userId(params)),
  }),
  'appUsers.assign': async ({ services, principal, params, body }) => {
    const { id, ...rest } = body as AppUserBody & { readonly id: string };
    return { body: await assignUser(services, principal, appId(params), id, rest, false) };
  },
  'appUsers.update': async ({ services, principal, params, body }) => ({
    body: await assignUser(services, principal, appId(params), userId(params), body as AppUserBody, true),
  }),
  'appUsers.unassign': async ({ services, principal, params }) => {
    await unassignUser(services, principal, appId(params), userId(params));
    return {};
  },
  'appGroups.list': async ({ services: s, principal, params, query }) => {
    const { groups, after } = await listAppGroups(s, principal, appId(params), query);
    const path = `/api/v1/apps/${appId(params)}/groups`;
    return { body: groups, headers: pageLinks(s.config.publicUrl.origin, path, query, after) };
  },
  'appGroups.get': async ({ services, principal, params }) => ({
    body: await getAppGroup(services, principal, appId(params), groupId(params)),
  }),
  'appGroups.assign': async ({ services, principal, params, body }) => ({
    body: await assignGroup(services, principal, appId(params), groupId(params), body as { priority?: number }),
  }),
  'appGroups.unassign': async ({ services, principal, params }) => {
    await unassignGroup(services, principal, appId(params), groupId(params));
    return {};
  },
  'appKeys.list': async ({ services, principal, params }) => ({
    body: await listKeys(services, principal, appId(params)),
  }),
  'appKeys.get': async ({ services, principal, params }) => ({
    body: await getKey(services, principal, appId(params), keyId(params)),
  }),
  'appKeys.add': async ({ services, principal, params, body }) => ({
    body: await addKey(services, principal, appId(params), body as Record<string, unknown>),
  }),
  'appKeys.activate': async ({ services, principal, params }) => ({
    body: await setKeyStatus(services, principal, appId(params), keyId(params), 'ACTIVE'),
  }),
  'appKeys.deactivate': async ({ services, principal, params }) => ({
    body: await setKeyStatus(services, principal, appId(params), keyId(params), 'INACTIVE'),
  }),
  'appKeys.delete': async ({ services, principal, params }) => {
    await deleteKey(services, principal, appId(params), keyId(params));
    return {};
  },
  'appGrants.list': async ({ services, principal, params }) => ({
    body: await listGrants(services, principal, appId(params)),
  }),
  'appGrants.get': async ({ services, principal, params }) => ({
    body: await getGrant(services, principal, appId(params), params['grantId'] ?? ''),
  }),
  'appGrants.create': async ({ services, principal, params, body }) => ({
    body: await grantScope(services, principal, appId(params), (body as { scopeId: string }).scopeId),
  }),
  'appGrants.revoke': async ({ services, principal, params }) => {
    await revokeGrant(services, principal, appId(params), params['grantId'] ?? '');
    return {};
  },
} satisfies Record<string, Handler>;
