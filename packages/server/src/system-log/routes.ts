import { toIso } from '@sallyport/model/instant';
import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { facets } from './facets.ts';
import { histogram } from './histogram.ts';
import { type ListEvents, listEvents } from './list-events.ts';
import { logSeal } from './log-seal.ts';
import { suggest } from './suggest.ts';
import { verifyEvent } from './verify-event.ts';
import { verifyLog } from './verify-log.ts';
import { whyEvent } from './why.ts';

export const logHandlers = {
  'logs.list': async ({ services, query }) => {
    const { events, after, searchedTo } = await listEvents(services, query as ListEvents);
    const links = pageLinks(services.config.publicUrl.origin, '/api/v1/logs', query, after);
    // A page that is not full because its time was over: a page of ours says how far it looked.
    const partial = searchedTo === null ? {} : { 'X-Sallyport-Searched-To': toIso(searchedTo) };
    return { body: events, headers: { ...links, ...partial } };
  },
  'logs.why': async ({ services, principal, params }) => ({
    body: await whyEvent(services, principal, params['uuid'] ?? ''),
  }),
  'logs.verify': async ({ services, query }) => ({
    body: await verifyLog(services, { proofs: query['proofs'] === 'true', verdicts: query['verdicts'] === 'true' }),
  }),
  'logs.verifyEvent': async ({ services, params }) => ({ body: await verifyEvent(services, params['uuid'] ?? '') }),
  'logs.seal': async ({ services }) => ({ body: await logSeal(services) }),
  'logs.histogram': async ({ services, query }) => ({ body: await histogram(services, query) }),
  'logs.facets': async ({ services, query }) => ({ body: await facets(services, query) }),
  'logs.suggest': async ({ services, query }) => ({ body: await suggest(services, query) }),
} satisfies Record<string, Handler>;
