import { parseAddress } from '@sallyport/decide/address/parse-address';
import { evaluatePolicies, evaluatePolicy } from '@sallyport/decide/policies/evaluate-policy';
import { type ConfirmationInput, judgeConfirmation } from '@sallyport/decide/policies/judge-confirmation';
import { bindSession } from '@sallyport/decide/sessions/bind-session';
import type { Facts } from '@sallyport/model/facts';
import type { Policy } from '@sallyport/model/policy';
import type { BindingFacts } from '../sessions/judge-binding.ts';

/** Verdicts from before a page could prove anything say nothing of it. */
type StoredBinding = Omit<BindingFacts, 'provedAddress' | 'canProve'> & Partial<BindingFacts>;

const bind = (stored: unknown): unknown => {
  const { address, network, baselineNetworkNow, ...facts } = stored as StoredBinding;
  return bindSession({
    provedAddress: null,
    canProve: false,
    ...facts,
    current: { address: address === null ? null : parseAddress(address), network },
    resolveBaselineAgain: () => baselineNetworkNow,
  });
};

const evaluate = (stored: unknown): unknown => {
  const { facts, policy, now } = stored as { facts: Facts; policy: Policy; now: number };
  return evaluatePolicy(facts, policy, now);
};

const evaluateAll = (stored: unknown): unknown => {
  const { facts, policies, now } = stored as { facts: Facts; policies: readonly Policy[]; now: number };
  return evaluatePolicies(facts, policies, now);
};

/** The judgements whose facts are kept with their events: name → the same function of decide that judged then. */
export const JUDGEMENTS: ReadonlyMap<string, (input: unknown) => unknown> = new Map([
  ['bind-session', bind],
  ['evaluate-policy', evaluate],
  ['evaluate-policies', evaluateAll],
  ['judge-confirmation', (input) => judgeConfirmation(input as ConfirmationInput)],
]);
