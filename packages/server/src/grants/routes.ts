import { enveloped } from '../http/enveloped.ts';
import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { endEarly } from './end-early.ts';
import { getGovernanceGrant, type ListGovernanceGrants, listGovernanceGrants } from './governance-grants.ts';
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
  'governanceGrants.list': async (exchange) => {
    const { grants, after } = await listGovernanceGrants(exchange.services, exchange.query as ListGovernanceGrants);
    return enveloped(exchange, '/governance/api/v1/grants', grants, after);
  },
  'governanceGrants.get': async ({ services, params }) => ({
    body: await getGovernanceGrant(services, grant(params)),
  }),
} satisfies Record<string, Handler>;
