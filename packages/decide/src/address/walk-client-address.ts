import type { Address, ClientAddress, Hop } from '@sallyport/model/network';
import { isInRanges, type RangeSet } from './address-range.ts';
import { parseAddress, parseAddressWithPort } from './parse-address.ts';

export interface ClientAddressInput {
  /** Remote address of the socket. */
  readonly peer: string | undefined;
  /** The peer came by our own unix socket: it has no address, and who may open that file is a trusted proxy. */
  readonly isLocalSocket?: boolean;
  readonly headerName: 'x-forwarded-for' | 'forwarded';
  /** All values of that header, in the order of the lines. */
  readonly headerValues: readonly string[];
  /** The header that is not configured was sent, too. It is counted, never read. */
  readonly ignoredHeaderIsPresent: boolean;
  readonly trusted: RangeSet;
  /** Hops that are read at most; a longer chain is unknown. */
  readonly hopsMax?: number;
}

const HOPS_MAX = 20;
/** What any honest chain fits in; a longer header is not searched. */
const HEADER_LENGTH_MAX = 4096;

/** The elements of a list header, split outside of double quotes (RFC 9110 §5.6.1); null when a quote stays open. */
const splitOutsideQuotes = (text: string, separator: ',' | ';'): string[] | null => {
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (isQuoted && character === '\\') part += character + (text[++i] ?? '');
    else if (character === separator && !isQuoted) {
      parts.push(part);
      part = '';
    } else {
      if (character === '"') isQuoted = !isQuoted;
      part += character;
    }
  }
  return isQuoted ? null : [...parts, part];
};

const unquoted = (text: string): string =>
  text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;

/** The `for` of one element of `Forwarded` (RFC 7239 §4); null without exactly one. */
const forOf = (element: string): string | null => {
  const pairs = splitOutsideQuotes(element, ';') ?? [];
  const values = pairs.map((pair) => /^\s*for\s*=\s*(.*?)\s*$/i.exec(pair)?.[1]).filter((value) => value !== undefined);
  return values.length === 1 ? unquoted(values[0] as string) : null;
};

/** The elements of the header as written, one a hop; null when a quote stays open. */
export const headerElements = (name: ClientAddressInput['headerName'], text: string): string[] | null =>
  name === 'forwarded' ? splitOutsideQuotes(text, ',') : text.split(',');

/** The address that one element of the header names; null when it names none. */
const readElement = (name: ClientAddressInput['headerName'], element: string): Address | null => {
  const value = name === 'forwarded' ? forOf(element) : element.trim();
  return value === null ? null : parseAddressWithPort(value);
};

/**
 * Who is at the other end (design §4.9)? From the socket outwards, each hop is believed only as long as the one before
 * it is a trusted proxy; the first that is none is the client. Nothing to the left of it is read: whoever sent the
 * request wrote that. What cannot be read where it must be leaves the client unknown, and the unknown is refused.
 */
export const walkClientAddress = (input: ClientAddressInput): ClientAddress => {
  const { peer, headerName, headerValues, ignoredHeaderIsPresent, trusted, hopsMax = HOPS_MAX } = input;
  const chain: Hop[] = [];
  const add = (address: Address, source: Hop['source']): void => {
    chain.unshift({ ip: address.text, version: address.family === 'v4' ? 'V4' : 'V6', source });
  };
  type Unknown = Extract<ClientAddress, { kind: 'unknown' }>['reason'];
  const unknown = (reason: Unknown): ClientAddress => ({ kind: 'unknown', reason, chain, ignoredHeaderIsPresent });
  const known = (address: Address, unread = ''): ClientAddress => ({
    kind: 'known',
    address,
    chain,
    ignoredHeaderIsPresent,
    ...(unread === '' ? {} : { unread: { headerName, text: unread } }),
  });

  const nearest = peer === undefined ? null : parseAddress(peer);
  if (input.isLocalSocket !== true) {
    if (nearest === null) return unknown('peer-unreadable');
    add(nearest, 'peer');
    if (!isInRanges(trusted, nearest) || headerValues.length === 0) return known(nearest, headerValues.join(','));
  }

  const text = headerValues.join(',');
  if (text.length > HEADER_LENGTH_MAX) return unknown('chain-too-long');
  const elements = headerElements(headerName, text);
  if (elements === null) return unknown('header-unreadable');
  let client: Address | null = null;
  let at = elements.length;
  while (at > 0) {
    const hop = readElement(headerName, elements[--at] as string);
    if (hop === null) return unknown('header-unreadable');
    if (chain.length > hopsMax) return unknown('chain-too-long');
    add(hop, headerName);
    client = hop;
    if (!isInRanges(trusted, hop)) break;
  }
  return client === null ? unknown('header-unreadable') : known(client, elements.slice(0, at).join(','));
};

/**
 * What the header says beyond the client, the nearest hop first, as many as asked for; null stands for one that names no
 * address. Whoever sent the request may have written it.
 */
export const readClaims = (client: ClientAddress, hopsMax: number): readonly (Address | null)[] => {
  if (client.kind === 'unknown' || client.unread === undefined) return [];
  const { headerName, text } = client.unread;
  if (text.length > HEADER_LENGTH_MAX) return [null];
  const elements = headerElements(headerName, text);
  return elements === null
    ? [null]
    : elements
        .slice(-hopsMax)
        .toReversed()
        .map((element) => readElement(headerName, element));
};
