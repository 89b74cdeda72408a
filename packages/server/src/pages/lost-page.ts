import type { AdminBundle } from '@sallyport/console/admin-bundle';
import { renderConsolePage } from '@sallyport/console/pages/console';
import { renderNotFoundPage } from '@sallyport/console/pages/not-found';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../services.ts';
import { PAGE_PIPELINE, pageExchange, pageOrg, sendPage } from './page-exchange.ts';

/** What programs ask: whoever is lost there reads JSON. */
const OF_PROGRAMS = /^\/(?:api|assets|gateway|governance|oauth2|sallyport|\.sallyport|\.well-known)(?:[/?]|$)/;

/** Is somebody on their way to a page with a browser? One that is old says so by what it takes. */
const isOnTheWay = ({ method, headers, url }: FastifyRequest): boolean =>
  method === 'GET' &&
  !OF_PROGRAMS.test(url) &&
  (headers['sec-fetch-dest'] === undefined
    ? /\btext\/html\b/.test(headers.accept ?? '')
    : headers['sec-fetch-dest'] === 'document');

/**
 * A page for whoever comes by a browser to an address that is none: in the console, for those who are let in there, so that
 * the way on is beside it. Null where no page is asked for. Rejects with what the steps before every page refuse.
 */
export const lostPage = async (
  services: Services,
  bundle: AdminBundle | null,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | null> => {
  if (!isOnTheWay(request)) return null;
  const exchange = pageExchange(services, request, reply);
  for (const step of PAGE_PIPELINE) await step.run(exchange);
  const { principal } = exchange;
  const page = { org: await pageOrg(services) };
  const isInConsole = principal.kind === 'session' && principal.hasConsole && exchange.proofAsked === undefined;
  return sendPage(services, reply.code(404), (nonce) =>
    isInConsole && bundle !== null
      ? renderConsolePage({ nonce, ...page }, bundle)
      : renderNotFoundPage({ nonce, ...page, homeUrl: '/' }),
  );
};
