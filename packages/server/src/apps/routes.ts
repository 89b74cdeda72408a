import { notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Handler } from '../http/exchange.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageLinks } from '../http/page-links.ts';
import { simpleFilter } from '../http/simple-filter.ts';
import type { Row } from '../store/tables.ts';

const presentApp = (row: Row<'apps'>, origin: string) => ({
  id: row.id,
  name: row.name,
  label: row.label,
  status: row.status,
  lastUpdated: toIso(row.lastUpdatedAt),
  created: toIso(row.createdAt),
  signOnMode: row.signOnMode,
  features: [],
  accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
  visibility: { autoSubmitToolbar: false, hide: { iOS: true, web: true } },
  credentials: { userNameTemplate: { template: `\${source.login}`, type: 'BUILT_IN' }, signing: {} },
  settings: {},
  _links: {
    self: { href: `${origin}/api/v1/apps/${row.id}` },
    ...(row.policyId === null ? {} : { accessPolicy: { href: `${origin}/api/v1/policies/${row.policyId}` } }),
  },
});

export const appHandlers = {
  'apps.list': async ({ services: s, query }) => {
    const limit = pageLimit(query['limit'] as string | undefined, 20, 200);
    let rows = s.store.read
      .selectFrom('apps')
      .selectAll()
      .orderBy('id')
      .limit(limit + 1);
    if (query['after'] !== undefined) rows = rows.where('id', '>', String(query['after']));
    for (const { field, value } of simpleFilter(query['filter'] as string | undefined, ['name', 'status', 'id']))
      rows = rows.where(field as 'name' | 'status' | 'id', '=', value);
    if (query['q'] !== undefined)
      rows = rows.where((e) => e.or([e('name', '=', String(query['q'])), e('label', '=', String(query['q']))]));
    const found = await rows.execute();
    const shown = found.slice(0, limit);
    const { origin } = s.config.publicUrl;
    return {
      body: shown.map((row) => presentApp(row, origin)),
      headers: pageLinks(origin, '/api/v1/apps', query, found.length > limit ? (shown.at(-1)?.id ?? null) : null),
    };
  },
  'apps.get': async ({ services: s, params }) => {
    const id = params['appId'] ?? '';
    const row = await s.store.read.selectFrom('apps').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound(id, 'AppInstance');
    return { body: presentApp(row, s.config.publicUrl.origin) };
  },
} satisfies Record<string, Handler>;
