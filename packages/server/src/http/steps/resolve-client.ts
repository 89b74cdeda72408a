import { NOWHERE } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import type { Exchange, Step } from '../exchange.ts';
import { countIgnoredHeader } from '../metrics.ts';
import { readClient } from '../read-client.ts';

const USER_AGENT_MAX = 512;
const SESSION_SECRET_IN_PATH = /^(\/api\/v1\/sessions\/)(?!me(?:\/|$))([A-Za-z0-9_-]{30,})/;

/** The request path as it may be logged: without query, a session secret replaced by a mark. */
export const loggedPath = (url: string): string =>
  (url.split('?', 1)[0] ?? '').slice(0, 512).replace(SESSION_SECRET_IN_PATH, '$1{session}');

/** What events and judgements may see of a request. */
export const contextOf = (exchange: Pick<Exchange, 'services' | 'request' | 'requestId'>): RequestContext => {
  const { services, request, requestId } = exchange;
  const client = readClient(request.raw, services.config);
  if (client.ignoredHeaderIsPresent) {
    countIgnoredHeader();
    services.headers.noteIgnored();
  }
  // The header was sent, and the walk stopped at the peer: whoever sent it is no trusted proxy.
  if (
    request.headers[services.config.clientHeader] !== undefined &&
    client.kind === 'known' &&
    client.chain.length === 1
  )
    services.headers.noteUntrusted();
  return {
    requestId,
    client,
    network: client.kind === 'known' ? services.intel.resolve(client.address) : null,
    place: client.kind === 'known' ? services.intel.placeOf(client.address) : NOWHERE,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_MAX),
    method: request.method,
    path: loggedPath(request.url),
    isBackground: request.headers['x-sallyport-background'] === '1',
  };
};

export const resolveClient: Step = {
  name: 'resolve-client',
  run(exchange) {
    exchange.context = contextOf(exchange);
    exchange.principal = { kind: 'anonymous', request: exchange.context };
  },
};
