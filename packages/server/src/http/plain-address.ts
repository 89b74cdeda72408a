import { isInRanges, type RangeSet } from '@sallyport/decide/address/address-range';
import { parseAddress } from '@sallyport/decide/address/parse-address';
import { fastIpv4 } from './fast-ipv4.ts';
import { type ForwardedRequest, isLocalSocket } from './read-client.ts';

/** Reads the plainest request without allocating; the walk of design §4.9 reads all others. */
export interface PlainAddressReader {
  /** Is the peer a trusted proxy? */
  isTrusted(request: ForwardedRequest): boolean;
  /** The address of a trusted peer's request with one IPv4 address in its header; -1 for any other. */
  read(request: ForwardedRequest): number;
}

/** A reader for one configuration. */
export const createPlainAddressReader = (
  trusted: RangeSet,
  headerName: 'x-forwarded-for' | 'forwarded',
): PlainAddressReader => {
  // The peers are a few proxies, each with many requests: the last answer is nearly always the one needed.
  let lastPeer: string | undefined;
  let lastPeerIsTrusted = false;
  const isTrusted = (request: ForwardedRequest): boolean => {
    const peer = request.socket.remoteAddress;
    if (peer === undefined) return isLocalSocket(request.socket);
    if (peer !== lastPeer) {
      const address = parseAddress(peer);
      lastPeerIsTrusted = address !== null && isInRanges(trusted, address);
      lastPeer = peer;
    }
    return lastPeerIsTrusted;
  };
  return {
    isTrusted,
    read(request) {
      const value = request.headers[headerName];
      return typeof value === 'string' && isTrusted(request) ? fastIpv4(value) : -1;
    },
  };
};
