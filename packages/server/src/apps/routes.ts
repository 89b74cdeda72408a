import type { GatewayAppBody } from '@sallyport/api/apps';
import { gatewaySnippet } from '../gateway/nginx-snippet.ts';
import type { Handler } from '../http/exchange.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageLinks } from '../http/page-links.ts';
import { pageOf } from '../http/page-of.ts';
import { simpleFilter } from '../http/simple-filter.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import { activateApp, createApp, deactivateApp, deleteApp, getApp, replaceApp } from './manage-apps.ts';
import { presentApp } from './present-app.ts';

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
      body: shown.map((row) => presentApp(row, origin)),
      headers: pageLinks(origin, '/api/v1/apps', query, after),
    };
  },
  'apps.get': async ({ services, principal, params }) => ({ body: await getApp(services, principal, appId(params)) }),
  'apps.create': async ({ services, principal, body, query }) => ({
    body: await createApp(services, principal, body as GatewayAppBody, query['activate'] !== 'false'),
  }),
  'apps.replace': async ({ services, principal, params, body }) => ({
    body: await replaceApp(services, principal, appId(params), body as GatewayAppBody),
  }),
  'apps.delete': async ({ services, principal, params }) => {
    await deleteApp(services, principal, appId(params));
    return {};
  },
  'apps.activate': async ({ services, principal, params }) => {
    await activateApp(services, principal, appId(params));
    return { body: {} };
  },
  'apps.deactivate': async ({ services, principal, params }) => {
    await deactivateApp(services, principal, appId(params));
    return { body: {} };
  },
  'apps.gatewaySnippet': async ({ services, principal, params, query }) => {
    await getApp(services, principal, appId(params));
    return { body: await gatewaySnippet(services, appId(params), query['upstream'] as string | undefined) };
  },
} satisfies Record<string, Handler>;
