import type { Address, AddressFamily } from '@sallyport/model/network';
import type { Reason } from '@sallyport/model/reasons';
import type { Baseline, BindingModes } from '@sallyport/model/session';
import { parseAddress } from '../address/parse-address.ts';

export type BoundAddresses = Pick<Baseline, 'v4' | 'v6' | 'network'>;
export type MismatchCause = 'asn' | 'ip';

export interface BindingInput {
  /** What the owner's key proof bound the session to. Read, never moved: baselines do not slide (design §4.1). */
  readonly baseline: BoundAddresses;
  readonly current: {
    /** Null when the walk of the proxies could not establish it. */
    readonly address: Address | null;
    /** `networkKey` of the address with today's data. */
    readonly network: string | null;
  };
  /** `networkKey` of `baseline.signInAddress` with today's data; called only before a mismatch would be stated. */
  readonly resolveBaselineAgain: () => string;
  readonly modes: BindingModes;
  /** The current address is in the exempt zone. */
  readonly isExempt: boolean;
  /** The request belongs to the sign-in, or carries a fresh proof: the other address family may be learned. */
  readonly canLearnFamily: boolean;
  /**
   * The last address that the page's key was proved from, beside the baseline. It counts under `PROVE` alone, and only
   * while it is inside the baseline's network.
   */
  readonly provedAddress: string | null;
  /** A key of the page was registered with the session, and it has not failed to answer. */
  readonly canProve: boolean;
}

export interface BindingVerdict {
  /** `prove`: refused until the page's key signs a challenge; without an answer in time it is a mismatch. */
  readonly kind: 'hold' | 'observe' | 'prove' | 'end';
  readonly reasons: readonly Reason[];
  /** The address of the other family to add to the baseline, with an event. */
  readonly learn: { readonly family: AddressFamily; readonly address: string } | null;
  /** What differs and is watched, whether it ends the session, must be proved, or is only observed. */
  readonly mismatch: { readonly causes: readonly MismatchCause[] } | null;
}

const hold = (reason: Reason): BindingVerdict => ({ kind: 'hold', reasons: [reason], learn: null, mismatch: null });

/** IPv4 by the whole address; IPv6 by /64, for privacy extensions (RFC 8981) change the lower half by the day. */
export const isSameAddress = (recorded: string, current: Address): boolean => {
  if (current.family === 'v4') return recorded === current.text;
  const bits = parseAddress(recorded)?.bits;
  return bits?.length === 16 && bits.subarray(0, 8).every((byte, i) => byte === current.bits[i]);
};

type Consequence = 'end' | 'prove' | 'observe';

/** The strictest first. */
const CONSEQUENCES: readonly Consequence[] = ['end', 'prove', 'observe'];

const REASON_OF = {
  asn: { end: 'asn-changed', observe: 'asn-changed-observed' },
  ip: { end: 'ip-changed', prove: 'ip-proof-asked', observe: 'ip-changed-observed' },
} as const;

/**
 * Holds a session to the network and address it began in (design §5.2). Called with each request; the verdict depends
 * on the recorded baseline, the proved address and this request alone, so that an address cannot be walked step by
 * step. The user agent is no input: alone it never ends a session.
 */
export const bindSession = (input: BindingInput): BindingVerdict => {
  const {
    baseline,
    modes,
    current: { address, network },
  } = input;
  const isOff = modes.asnBinding === 'DISABLED' && modes.ipBinding === 'DISABLED';
  // No zone and no family can be told of an unknown address, so it is judged before either.
  if (address === null)
    return isOff
      ? hold('binding-disabled')
      : { kind: 'end', reasons: ['address-unknown'], learn: null, mismatch: null };

  const recorded = baseline[address.family];
  if (recorded !== null && isSameAddress(recorded, address)) return hold('address-same');
  if (input.isExempt) return hold('address-exempt');

  // Network data changes under a session: before a difference counts, ask where the recorded address is today.
  // Null, a network that could not be resolved, equals neither.
  const isSameNetwork = network === baseline.network || network === input.resolveBaselineAgain();
  if (recorded === null && isSameNetwork && input.canLearnFamily) {
    return { ...hold('address-family-learned'), learn: { family: address.family, address: address.text } };
  }
  const isProved = input.provedAddress !== null && isSameAddress(input.provedAddress, address);
  if (isProved && isSameNetwork && modes.ipBinding === 'PROVE') return hold('address-proved');

  const causes: MismatchCause[] = [];
  if (!isSameNetwork && modes.asnBinding !== 'DISABLED') causes.push('asn');
  if (modes.ipBinding !== 'DISABLED') causes.push('ip');
  if (causes.length === 0) return hold(isSameNetwork ? 'network-same' : 'binding-disabled');

  // A network cannot be proved: whoever holds the key may have carried it anywhere. Where there is nothing to prove
  // with, or the network is another one, `PROVE` is as strict as `ENFORCED`.
  const asn: 'end' | 'observe' = modes.asnBinding === 'MONITOR' ? 'observe' : 'end';
  const ip: Consequence =
    modes.ipBinding === 'MONITOR'
      ? 'observe'
      : modes.ipBinding === 'PROVE' && isSameNetwork && input.canProve
        ? 'prove'
        : 'end';
  const consequences = causes.map((cause) => (cause === 'asn' ? asn : ip));
  return {
    kind: CONSEQUENCES.find((consequence) => consequences.includes(consequence)) ?? 'end',
    reasons: causes.map((cause) => (cause === 'asn' ? REASON_OF.asn[asn] : REASON_OF.ip[ip])),
    learn: null,
    mismatch: { causes },
  };
};
