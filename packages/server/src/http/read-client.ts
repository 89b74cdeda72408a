import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { walkClientAddress } from '@sallyport/decide/address/walk-client-address';
import type { ClientAddress } from '@sallyport/model/network';
import type { Config } from '../config/config.ts';

/** All values of one header, in order, however often the line stands there. */
export const headerLines = (request: Pick<IncomingMessage, 'rawHeaders'>, name: string): string[] =>
  request.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === name);

/** What is read of a request to know where it comes from. */
export interface ForwardedRequest extends Pick<IncomingMessage, 'rawHeaders' | 'socket'> {
  readonly headers: Readonly<Partial<Record<Config['clientHeader'], string | string[] | undefined>>>;
}

const localSockets = new WeakSet<Socket>();

/** Marks a connection as one that came by our own unix socket, whose peers are trusted proxies. */
export const markLocalSocket = (socket: Socket): void => {
  localSockets.add(socket);
};
/** A TCP connection that is gone has no address either: only the mark tells. */
export const isLocalSocket = (socket: Socket): boolean => localSockets.has(socket);

/** The client address of a request, by the walk of design §4.9. One function for every door. */
export const readClient = (
  request: ForwardedRequest,
  config: Pick<Config, 'trustedProxies' | 'clientHeader'>,
): ClientAddress => {
  const ignored = config.clientHeader === 'x-forwarded-for' ? 'forwarded' : 'x-forwarded-for';
  return walkClientAddress({
    peer: request.socket.remoteAddress,
    isLocalSocket: isLocalSocket(request.socket),
    headerName: config.clientHeader,
    headerValues: headerLines(request, config.clientHeader),
    ignoredHeaderIsPresent: request.headers[ignored] !== undefined,
    trusted: config.trustedProxies,
  });
};
