import { parseAddress } from '@sallyport/decide/address/parse-address';
import { evaluatePolicy } from '@sallyport/decide/policies/evaluate-policy';
import { type BoundAddresses, bindSession } from '@sallyport/decide/sessions/bind-session';
import type { Facts } from '@sallyport/model/facts';
import type { Policy } from '@sallyport/model/policy';
import type { BindingModes } from '@sallyport/model/session';

interface StoredBinding {
  readonly baseline: BoundAddresses;
  readonly address: string | null;
  readonly network: string | null;
  readonly baselineNetworkNow: string;
  readonly modes: BindingModes;
  readonly isExempt: boolean;
  readonly canLearnFamily: boolean;
}

const bind = (stored: unknown): unknown => {
  const { baseline, address, network, baselineNetworkNow, modes, isExempt, canLearnFamily } = stored as StoredBinding;
  return bindSession({
    baseline,
    current: { address: address === null ? null : parseAddress(address), network },
    resolveBaselineAgain: () => baselineNetworkNow,
    modes,
    isExempt,
    canLearnFamily,
  });
};

const evaluate = (stored: unknown): unknown => {
  const { facts, policy, now } = stored as { facts: Facts; policy: Policy; now: number };
  return evaluatePolicy(facts, policy, now);
};

/** The judgements whose facts are kept with their events: name → the same function of decide that judged then. */
export const JUDGEMENTS: Readonly<Record<string, (input: unknown) => unknown>> = {
  'bind-session': bind,
  'evaluate-policy': evaluate,
};
