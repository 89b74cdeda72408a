import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { type ListEvents, listEvents } from './list-events.ts';
import { verifyLog } from './verify-log.ts';
import { whyEvent } from './why.ts';

export const logHandlers = {
  'logs.list': async ({ services, query }) => {
    const { events, after } = await listEvents(services, query as ListEvents);
    return { body: events, headers: pageLinks(services.config.publicUrl.origin, '/api/v1/logs', query, after) };
  },
  'logs.why': async ({ services, params }) => ({ body: await whyEvent(services, params['uuid'] ?? '') }),
  'logs.verify': async ({ services }) => ({ body: await verifyLog(services) }),
} satisfies Record<string, Handler>;
