import type { Address, AddressFamily } from '@sallyport/model/network';
import type { Reason } from '@sallyport/model/reasons';
import type { Baseline, BindingMode, BindingModes } from '@sallyport/model/session';
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
}

export interface BindingVerdict {
  readonly kind: 'hold' | 'observe' | 'end';
  readonly reasons: readonly Reason[];
  /** The address of the other family to add to the baseline, with an event. */
  readonly learn: { readonly family: AddressFamily; readonly address: string } | null;
  /** What differs and is watched, whether it ends the session or is only observed. */
  readonly mismatch: { readonly causes: readonly MismatchCause[] } | null;
}

const hold = (reason: Reason): BindingVerdict => ({ kind: 'hold', reasons: [reason], learn: null, mismatch: null });

/** IPv4 by the whole address; IPv6 by /64, for privacy extensions (RFC 8981) change the lower half by the day. */
const isSameAddress = (recorded: string, current: Address): boolean => {
  if (current.family === 'v4') return recorded === current.text;
  const bits = parseAddress(recorded)?.bits;
  return bits?.length === 16 && bits.subarray(0, 8).every((byte, i) => byte === current.bits[i]);
};

/** `PROVE` enforces until pages can answer a challenge: what cannot be proved is a mismatch. */
const ends = (mode: BindingMode): boolean => mode === 'ENFORCED' || mode === 'PROVE';

const REASON_OF = {
  asn: { ended: 'asn-changed', observed: 'asn-changed-observed' },
  ip: { ended: 'ip-changed', observed: 'ip-changed-observed' },
} as const satisfies Record<MismatchCause, Record<'ended' | 'observed', Reason>>;

/**
 * Holds a session to the network and address it began in (design §5.2). Called with each request; the verdict depends
 * on the recorded baseline and this request alone, so that an address cannot be walked step by step. The user agent
 * is no input: alone it never ends a session.
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

  const causes: MismatchCause[] = [];
  if (!isSameNetwork && modes.asnBinding !== 'DISABLED') causes.push('asn');
  if (modes.ipBinding !== 'DISABLED') causes.push('ip');
  if (causes.length === 0) return hold(isSameNetwork ? 'network-same' : 'binding-disabled');

  const modeOf = { asn: modes.asnBinding, ip: modes.ipBinding };
  return {
    kind: causes.some((cause) => ends(modeOf[cause])) ? 'end' : 'observe',
    reasons: causes.map((cause) => REASON_OF[cause][ends(modeOf[cause]) ? 'ended' : 'observed']),
    learn: null,
    mismatch: { causes },
  };
};
