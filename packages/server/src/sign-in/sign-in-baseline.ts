import { parseAddress } from '@sallyport/decide/address/parse-address';
import { sameV6Subnet } from '@sallyport/decide/address/resolve-network';
import { ApiError } from '@sallyport/model/errors';
import { networkKey } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import type { Baseline } from '@sallyport/model/session';
import type { Services } from '../services.ts';

/** The baseline that a sign-in's first step records. Without an address nobody signs in (design §4.2). */
export const newBaseline = (request: RequestContext, now: number): Baseline => {
  if (request.client.kind !== 'known' || request.network === null) {
    throw new ApiError('E0000085', {
      causes: ['The address of your connection could not be established, so a session could not be held to it.'],
      detail: 'address-unknown',
    });
  }
  const { address } = request.client;
  return {
    v4: address.family === 'v4' ? address.text : null,
    v6: address.family === 'v6' ? address.text : null,
    network: networkKey(request.network),
    signInAddress: address.text,
    userAgent: request.userAgent,
    recordedAt: now,
  };
};

/**
 * A later step of the sign-in: it must come from the network of the first. The other address family of the same
 * network is learned here, and only here (design §5.2). Null when the step comes from elsewhere.
 */
export const continueBaseline = (s: Services, baseline: Baseline, request: RequestContext): Baseline | null => {
  if (request.client.kind !== 'known' || request.network === null) return null;
  const { address } = request.client;
  const known = address.family === 'v4' ? baseline.v4 : baseline.v6;
  if (known === address.text) return baseline;
  const recorded = known === null ? null : parseAddress(known);
  if (recorded !== null && address.family === 'v6' && sameV6Subnet(recorded, address)) return baseline;
  const first = parseAddress(baseline.signInAddress);
  if (first === null || networkKey(s.intel.resolve(first)) !== networkKey(request.network)) return null;
  return known === null ? { ...baseline, [address.family]: address.text } : baseline;
};
