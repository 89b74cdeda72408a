import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { listWaysIn } from '../policies/list-ways-in.ts';
import { getAdmin, type ListAdmins, listAdmins } from './list-admins.ts';
import { powerForAWhile } from './power-for-a-while.ts';
import { countStanding } from './store.ts';

export const adminHandlers = {
  'admins.list': async ({ services, query }) => {
    const { admins, after } = await listAdmins(services, query as ListAdmins);
    return { body: admins, headers: pageLinks(services.config.publicUrl.origin, '/sallyport/v1/admins', query, after) };
  },
  'standingPrivilege.get': async ({ services }) => ({
    body: { ...(await countStanding(services.store.read)), forAWhile: await powerForAWhile(services) },
  }),
  'waysIn.list': async ({ services, principal }) => ({ body: await listWaysIn(services, principal) }),
  'admins.get': async ({ services, params }) => ({ body: await getAdmin(services, params['userId'] ?? '') }),
} satisfies Record<string, Handler>;
