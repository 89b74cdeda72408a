import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { endEarly } from './end-early.ts';
import { getGrant, type ListGrants, listGrants } from './list-grants.ts';

const grant = (params: Readonly<Record<string, string>>): string => params['grantId'] ?? '';

export const grantHandlers = {
  'grants.list': async ({ services, principal, query }) => {
    const { grants, after } = await listGrants(services, principal, query as ListGrants);
    return { body: grants, headers: pageLinks(services.config.publicUrl.origin, '/sallyport/v1/grants', query, after) };
  },
  'grants.get': async ({ services, principal, params }) => ({
    body: await getGrant(services, principal, grant(params)),
  }),
  'grants.end': async ({ services, principal, params }) => ({
    body: await endEarly(services, principal, grant(params)),
  }),
} satisfies Record<string, Handler>;
