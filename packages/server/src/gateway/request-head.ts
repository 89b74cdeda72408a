import type { IncomingMessage } from 'node:http';

/** All headers that the gateway reads, none of them there: one shape for all requests, so that reading stays fast. */
export const noGatewayHeaders = () => ({
  host: undefined as string | undefined,
  'x-forwarded-host': undefined as string | undefined,
  cookie: undefined as string | undefined,
  'user-agent': undefined as string | undefined,
  'x-forwarded-for': undefined as string | undefined,
  forwarded: undefined as string | undefined,
  'x-original-uri': undefined as string | undefined,
  'x-original-method': undefined as string | undefined,
  'x-sallyport-background': undefined as string | undefined,
  accept: undefined as string | undefined,
  'sec-fetch-mode': undefined as string | undefined,
  'x-requested-with': undefined as string | undefined,
  'sallyport-reference': undefined as string | undefined,
});
export type GatewayHeaders = ReturnType<typeof noGatewayHeaders>;
export type GatewayHeader = keyof GatewayHeaders;

/**
 * What the gateway's doors see of a request, whoever read it: `node:http`, or `readPlainHead` on the unix socket. A
 * header that is not in the list above does not compile, for `readPlainHead` would not bring it.
 */
export interface RequestHead extends Pick<IncomingMessage, 'url' | 'rawHeaders' | 'socket'> {
  readonly headers: Readonly<Partial<Record<GatewayHeader, string | string[] | undefined>>>;
}
