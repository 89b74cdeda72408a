import { parseAddress } from '@sallyport/decide/address/parse-address';
import { type BindingVerdict, type BoundAddresses, bindSession } from '@sallyport/decide/sessions/bind-session';
import { networkKey } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import type { BindingModes } from '@sallyport/model/session';
import type { Services } from '../services.ts';
import type { LiveSession } from './live-session.ts';

/** What of a session decides, beside its baseline, whether a request from another address holds. */
export interface BindingConditions {
  readonly modes: BindingModes;
  readonly provedAddress: string | null;
  readonly canProve: boolean;
}

/** The facts of a judgement as they are kept beside its event, so that it can be computed again. */
export interface BindingFacts extends BindingConditions {
  readonly baseline: BoundAddresses;
  readonly address: string | null;
  readonly network: string | null;
  readonly baselineNetworkNow: string;
  readonly isExempt: boolean;
  readonly canLearnFamily: boolean;
}

type Intel = Pick<Services, 'intel'>;

const baselineNetworkNow = ({ intel }: Intel, session: LiveSession): string => {
  const signIn = parseAddress(session.baseline.signInAddress);
  return signIn === null ? '' : networkKey(intel.resolve(signIn));
};

/** `bindSession` on what the memory knows of a session and on what a request came with. */
export const judgeBinding = (
  s: Pick<Services, 'intel' | 'zones'>,
  session: LiveSession,
  request: RequestContext,
  conditions: BindingConditions,
): BindingVerdict => {
  const address = request.client.kind === 'known' ? request.client.address : null;
  return bindSession({
    ...conditions,
    baseline: session.baseline,
    current: { address, network: request.network === null ? null : networkKey(request.network) },
    resolveBaselineAgain: () => baselineNetworkNow(s, session),
    isExempt: address !== null && s.zones.isExempt(address),
    canLearnFamily: false,
  });
};

/** The facts of a judgement that did not hold: such a request is in no exempt zone. */
export const bindingFacts = (
  s: Intel,
  session: LiveSession,
  request: RequestContext,
  conditions: BindingConditions,
): BindingFacts => ({
  ...conditions,
  baseline: session.baseline,
  address: request.client.kind === 'known' ? request.client.address.text : null,
  network: request.network === null ? null : networkKey(request.network),
  baselineNetworkNow: baselineNetworkNow(s, session),
  isExempt: false,
  canLearnFamily: false,
});
