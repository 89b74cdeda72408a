import { lookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isInRanges, type RangeSet } from '@sallyport/decide/address/address-range';
import { isPublicAddress } from '@sallyport/decide/address/is-public-address';
import { parseAddress } from '@sallyport/decide/address/parse-address';

/** Asking a server that somebody named: a key set, a webhook. */
export interface CallOut {
  /** What is wrong with an address that somebody wants to be asked; null where it may be. */
  whyNot(uri: string): string | null;
  /** GET, or POST with a body. Rejects for an address that may not be asked, and for one that does not answer in time. */
  ask(uri: string, post?: Post): Promise<{ readonly status: number; readonly body: string }>;
}
interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const TIMEOUT_SECONDS = 5;
const BYTES_MAX = 64 * 1024;

/**
 * Whoever may name an address must not make the server ask inside of its own network (SSRF): public addresses alone,
 * besides those that the configuration names, judged where the name has been resolved, so that a name cannot mean one
 * address when it is checked and another when it is asked. No redirect is followed; time and size are limited.
 */
export const createCallOut = ({ privateRanges }: { readonly privateRanges: RangeSet }): CallOut => {
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

  const send = (uri: string, post: Post | undefined): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const call = (uri.startsWith('https:') ? httpsRequest : httpRequest)(uri, {
        lookup: guardedLookup,
        ...(post === undefined
          ? { headers: { Accept: 'application/json' } }
          : { method: 'POST', headers: { ...post.headers, 'Content-Length': Buffer.byteLength(post.body) } }),
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
      });
      call.on('response', resolve);
      call.on('error', reject);
      call.end(post?.body);
    });

  return {
    whyNot,
    async ask(uri, post) {
      const why = whyNot(uri);
      if (why !== null) throw new Error(`the address ${why}`);
      const response = await send(uri, post);
      return { status: response.statusCode ?? 0, body: await read(response) };
    },
  };
};
