import { prefixOf } from '@sallyport/decide/address/resolve-network';
import type { Principal } from '@sallyport/model/principal';
import { createRefusalCounts, type RefusalCounts } from '../system-log/refusal-counts.ts';

/** A zone that blocks, as events name it. */
export interface BlockingZone {
  readonly id: string;
  readonly name: string;
}

/** One IPv6 subscriber has a /64 of addresses, and often a /48: they count as one. */
const keyOf = ({ request: { client } }: Principal): string => {
  if (client.kind === 'unknown') return client.chain.at(-1)?.ip ?? 'unknown';
  return client.address.family === 'v6' ? prefixOf(client.address) : client.address.text;
};

/** Requests that a blocklist refused, by the address that they came from. */
export const createBlockedRequests = (): RefusalCounts<BlockingZone> => createRefusalCounts(keyOf);
