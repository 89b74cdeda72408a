import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { getMe } from './get-me.ts';
import { listInbox } from './inbox.ts';

export const meHandlers = {
  'me.get': async ({ services, principal }) => ({ body: await getMe(services, principal) }),
  'me.inbox': async ({ services, principal, query }) => {
    const { waiting, after } = await listInbox(services, principal, query);
    return {
      body: waiting,
      headers: pageLinks(services.config.publicUrl.origin, '/sallyport/v1/me/inbox', query, after),
    };
  },
} satisfies Record<string, Handler>;
