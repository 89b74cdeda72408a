import { explainClientAddress } from '@sallyport/decide/address/explain-client-address';
import { parseAddress } from '@sallyport/decide/address/parse-address';
import { invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { IP_SERVICE_CATEGORIES } from '@sallyport/model/network-zone';
import type { Principal } from '@sallyport/model/principal';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { testAddress } from './test-address.ts';
import { knownClient } from './zone-subject.ts';

export interface TestNetwork {
  /** With a header: the address of the connection that brings it. Without: the one that is asked about. */
  readonly address?: string | undefined;
  readonly forwardedFor?: string | undefined;
}

/** A header is pasted with its name more often than not. */
const withoutName = (text: string): string => text.replace(/^\s*(?:x-forwarded-for|forwarded)\s*:/i, '').trim();

/**
 * `GET /sallyport/v1/network-test`: an address by the same index and data as every request; a forwarding header by the
 * same walk. Without anything to ask about, the caller's own.
 */
export const testNetwork = (s: Services, principal: Principal, input: TestNetwork) => {
  // The answer names every zone that holds the address.
  assertHolds(principal, 'okta.networkZones.read');
  const { client: own } = principal.request;
  const asked = input.address?.trim() ?? '';
  const given = asked === '' ? null : parseAddress(asked);
  if (asked !== '' && given === null) throw invalid('address', `${asked} is not an IPv4 or IPv6 address`);
  const header = withoutName(input.forwardedFor ?? '');
  const peer = given?.text ?? own.chain.at(-1)?.ip;
  const explained =
    header === '' || peer === undefined
      ? null
      : explainClientAddress({
          peer,
          headerName: s.config.clientHeader,
          headerValues: [header],
          trusted: s.config.trustedProxies,
        });
  const client = explained?.client ?? (given === null ? own : knownClient(given));
  return {
    result: client.kind === 'known' ? testAddress(s, client) : null,
    forwarded:
      explained === null
        ? null
        : {
            header: s.config.clientHeader === 'x-forwarded-for' ? 'X-Forwarded-For' : 'Forwarded',
            hops: explained.hops,
            isKnown: explained.client.kind === 'known',
          },
    own: own.kind === 'known' ? own.address.text : null,
    trustedProxies: s.config.trustedProxyTexts,
    sources: s.intel.describe().map(({ source, dataAt, problem = null }) => ({
      source,
      dataAt: dataAt === null ? null : toIso(dataAt),
      problem,
    })),
    /** What a zone may ask for by the name of a service. */
    categories: IP_SERVICE_CATEGORIES,
    missingLists: (['TOR', 'VPN', 'PROXY'] as const).filter((feed) => !s.intel.loadedFeeds.has(feed)),
  };
};
