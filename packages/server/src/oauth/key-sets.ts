import { lookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isInRanges, type RangeSet } from '@sallyport/decide/address/address-range';
import { isPublicAddress } from '@sallyport/decide/address/is-public-address';
import { parseAddress } from '@sallyport/decide/address/parse-address';
import type { Clock } from '../ports/clock.ts';

/** The key set behind an address, as it stands there. */
export interface KeySets {
  /** The keys at an address; from memory while they are fresh. `isUnknownKey`: the caller looked and did not find its key. */
  fetch(uri: string, isUnknownKey: boolean): Promise<readonly unknown[]>;
  /** What is wrong with an address that somebody wants keys to be fetched from; null where it may be. */
  whyNot(uri: string): string | null;
}

const FRESH_SECONDS = 300;
/** A key that is not there is asked for again at most so often: nobody makes this server knock at another's door. */
const RETRY_SECONDS = 30;
const TIMEOUT_SECONDS = 5;
const BYTES_MAX = 64 * 1024;
const URIS_MAX = 1000;

interface Entry {
  readonly keys: Promise<readonly unknown[]>;
  readonly fetchedAt: number;
  hasFailed: boolean;
}

/**
 * Fetches key sets from where operators say they are. Whoever may name an address must not make the server ask inside
 * of its own network (SSRF): public addresses alone, besides those that the configuration names, judged where the name
 * has been resolved, so that a name cannot mean one address when it is checked and another when it is asked. No
 * redirect is followed; time and size are limited.
 */
export const createKeySets = ({
  clock,
  privateRanges,
}: {
  readonly clock: Clock;
  readonly privateRanges: RangeSet;
}): KeySets => {
  const cache = new Map<string, Entry>();
  const isAllowedPrivate = (text: string): boolean => {
    const address = parseAddress(text);
    return address !== null && isInRanges(privateRanges, address);
  };
  const mayAsk = (text: string): boolean => {
    const address = parseAddress(text);
    return address !== null && (isPublicAddress(address) || isInRanges(privateRanges, address));
  };

  const guardedLookup: LookupFunction = (hostname, options, done) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '', 0);
      const first = addresses[0];
      if (first === undefined || addresses.some(({ address }) => !mayAsk(address)))
        return done(new Error('the address is not public'), '', 0);
      return options.all === true ? done(null, addresses) : done(null, first.address, first.family);
    });

  const whyNot = (uri: string): string | null => {
    if (!URL.canParse(uri)) return 'is not a URL';
    const { protocol, hostname, username, password } = new URL(uri);
    if (username !== '' || password !== '') return 'must not hold a user or a password';
    const host = hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !mayAsk(host)) return 'names an address that is not public';
    if (protocol === 'https:') return null;
    const isHere = host === 'localhost' || host === '127.0.0.1' || host === '::1';
    return protocol === 'http:' && isHere && isAllowedPrivate(host === '::1' ? '::1' : '127.0.0.1')
      ? null
      : 'must begin with https://';
  };

  const read = (response: IncomingMessage): Promise<string> =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > BYTES_MAX) response.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('close', () => reject(new Error('the answer broke off')));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });

  const ask = (uri: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const call = (uri.startsWith('https:') ? httpsRequest : httpRequest)(uri, {
        lookup: guardedLookup,
        headers: { Accept: 'application/json' },
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
      });
      call.on('response', resolve);
      call.on('error', reject);
      call.end();
    });

  const get = async (uri: string): Promise<readonly unknown[]> => {
    const why = whyNot(uri);
    if (why !== null) throw new Error(`the address ${why}`);
    const response = await ask(uri);
    if (response.statusCode !== 200) {
      response.destroy();
      throw new Error(`the answer was ${response.statusCode}`);
    }
    const { keys } = JSON.parse(await read(response)) as { keys?: unknown };
    if (!Array.isArray(keys)) throw new Error('the answer is no key set');
    return keys;
  };

  return {
    whyNot,
    fetch(uri, isUnknownKey) {
      const now = clock.now();
      const known = cache.get(uri);
      const seconds = isUnknownKey || known?.hasFailed === true ? RETRY_SECONDS : FRESH_SECONDS;
      if (known !== undefined && now - known.fetchedAt < seconds * 1000) return known.keys;
      const entry: Entry = { keys: get(uri), fetchedAt: now, hasFailed: false };
      entry.keys.catch(() => {
        entry.hasFailed = true;
      });
      cache.delete(uri);
      cache.set(uri, entry);
      const [oldest] = cache.keys();
      if (cache.size > URIS_MAX && oldest !== undefined) cache.delete(oldest);
      return entry.keys;
    },
  };
};
