import type { IncomingMessage } from 'node:http';
import { walkClientAddress } from '@sallyport/decide/address/walk-client-address';
import type { ClientAddress } from '@sallyport/model/network';
import type { Config } from '../config/config.ts';

/** All values of one header, in order, however often the line stands there. */
export const headerLines = (request: IncomingMessage, name: string): string[] =>
  request.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === name);

/** The client address of a request, by the walk of design §4.9. One function for every door. */
export const readClient = (
  request: IncomingMessage,
  config: Pick<Config, 'trustedProxies' | 'clientHeader'>,
): ClientAddress => {
  const ignored = config.clientHeader === 'x-forwarded-for' ? 'forwarded' : 'x-forwarded-for';
  return walkClientAddress({
    peer: request.socket.remoteAddress,
    headerName: config.clientHeader,
    headerValues: headerLines(request, config.clientHeader),
    ignoredHeaderIsPresent: request.headers[ignored] !== undefined,
    trusted: config.trustedProxies,
  });
};
