import { type ClientAddress, NOWHERE } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import { base62 } from '../ports/random.ts';
import type { Services } from '../services.ts';

const USER_AGENT_MAX = 512;

/** The context of a request that a raw handler answers in front of the framework. */
export const rawContext = (
  s: Services,
  request: { readonly headers: { readonly 'user-agent'?: string | string[] | undefined } },
  client: ClientAddress,
  path: string,
  isBackground: boolean,
): RequestContext => ({
  requestId: `gw-${base62(s.random, 20)}`,
  client,
  isBackground,
  method: 'GET',
  path,
  network: client.kind === 'known' ? s.intel.resolve(client.address) : null,
  place: client.kind === 'known' ? s.intel.placeOf(client.address) : NOWHERE,
  userAgent: String(request.headers['user-agent'] ?? '').slice(0, USER_AGENT_MAX),
});
