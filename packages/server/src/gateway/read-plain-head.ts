import type { Socket } from 'node:net';
import { HEADER_BYTES_MAX } from '../http/build-router.ts';
import { type GatewayHeader, type GatewayHeaders, noGatewayHeaders, type RequestHead } from './request-head.ts';

/**
 * The plainest request there is (RFC 9112 §3, §5): GET, a path, HTTP/1.1, whole lines that end in CRLF and nothing else
 * that could be read in two ways. No obs-fold, no blank before a colon, no control character but tab.
 */
const HEAD = /GET (\/[!-~]*) HTTP\/1\.1\r\n(?:[!#$%&'*+.^_`|~\dA-Za-z-]+:[\t -~\x80-\xff]*\r\n){1,100}\r\n/y;

/** Where a message ends, or what becomes of its connection, is said by these (RFC 9110 §7.6, §10.1.1; RFC 9112 §6). */
const FRAMING = [
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
] as const;

const MEANING = new Map<string, GatewayHeader | 'framing'>([
  ...Object.keys(noGatewayHeaders()).map((name) => [name, name as GatewayHeader] as const),
  ...FRAMING.map((name) => [name, 'framing'] as const),
]);

export interface PlainHead extends RequestHead {
  /** Where it ends in the bytes, and the next request begins. */
  readonly end: number;
}

class ReadHead implements PlainHead {
  readonly url: string;
  readonly headers: GatewayHeaders;
  readonly socket: Socket;
  readonly end: number;

  constructor(url: string, headers: GatewayHeaders, socket: Socket, end: number) {
    this.url = url;
    this.headers = headers;
    this.socket = socket;
    this.end = end;
  }

  get rawHeaders(): string[] {
    return Object.entries(this.headers).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  }
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/**
 * Reads the request head that `bytes` begin with, if it is wholly there, is as plain as can be, has no body and names
 * nothing twice that we read. Null is no verdict: `node:http` reads those, from their first byte. What is read here, it
 * reads the same way; a property test holds them together.
 */
export const readPlainHead = (bytes: Buffer, socket: Socket): PlainHead | null => {
  const text = bytes.toString('latin1');
  HEAD.lastIndex = 0;
  if (!HEAD.test(text)) return null;
  const end = HEAD.lastIndex;
  if (end > HEADER_BYTES_MAX) return null;
  const headers = noGatewayHeaders();
  const endOfLine = text.indexOf('\r\n');
  let at = endOfLine + 2;
  while (at < end - 2) {
    const lineEnd = text.indexOf('\r\n', at);
    const colon = text.indexOf(':', at);
    const name = MEANING.get(text.slice(at, colon).toLowerCase());
    if (name === 'framing') return null;
    if (name !== undefined) {
      if (headers[name] !== undefined) return null;
      let from = colon + 1;
      let to = lineEnd;
      while (from < to && isBlank(text.charCodeAt(from))) from++;
      while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
      headers[name] = text.slice(from, to);
    }
    at = lineEnd + 2;
  }
  // Without a Host it is no HTTP/1.1 (RFC 9112 §3.2).
  if (headers.host === undefined) return null;
  return new ReadHead(text.slice(4, endOfLine - 9), headers, socket, end);
};
