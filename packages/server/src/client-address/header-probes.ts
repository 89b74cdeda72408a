import type { HeaderProbe } from '@sallyport/decide/address/judge-client-address';
import type { Instant } from '@sallyport/model/instant';
import type { ClientAddress } from '@sallyport/model/network';
import { base62, type Random } from '../ports/random.ts';

export interface OpenProbe {
  readonly id: string;
  /** What the request must claim to come from. */
  readonly claim: string;
  readonly expiresAt: Instant;
}

/** Trials whether a forwarding header that a client wrote is believed; of this process, since its start. */
export interface HeaderProbes {
  open(now: Instant): OpenProbe;
  /** Notes who the request of an open probe was taken for. False for a probe that is not open: each is tried once. */
  settle(id: string, client: ClientAddress, now: Instant): boolean;
  /** The last that was tried. */
  last(): HeaderProbe | null;
}

const OPEN_SECONDS = 60;
const OPEN_MAX = 20;

export const createHeaderProbes = (random: Random): HeaderProbes => {
  const open = new Map<string, OpenProbe>();
  let last: HeaderProbe | null = null;
  return {
    open(now) {
      // Of a range for examples (RFC 5737 §3): nobody's address, and another each time.
      const probe = {
        id: base62(random, 24),
        claim: `192.0.2.${1 + ((random.bytes(1)[0] as number) % 254)}`,
        expiresAt: now + OPEN_SECONDS * 1000,
      };
      if (open.size >= OPEN_MAX) open.delete(open.keys().next().value as string);
      open.set(probe.id, probe);
      return probe;
    },
    settle(id, client, now) {
      const probe = open.get(id);
      open.delete(id);
      if (probe === undefined || now >= probe.expiresAt) return false;
      last = {
        at: now,
        claimed: probe.claim,
        takenFor: client.kind === 'known' ? client.address.text : null,
        peer: client.chain.at(-1)?.ip ?? 'the gateway socket',
      };
      return true;
    },
    last: () => last,
  };
};
