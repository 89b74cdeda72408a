import type { Policy } from '@sallyport/model/policy';
import type { Assurance, Verdict } from '@sallyport/model/verdict';

const isSingleFactor = (need: Assurance): boolean =>
  need.factors === 1 || (need.alternatives ?? []).some(isSingleFactor);

export interface ConsolePolicyJudgement {
  readonly verdict: Verdict;
  /** The rule through which one factor would be enough; null where there is none. */
  readonly ruleId: string | null;
}

/**
 * The Admin Console is never opened with one factor. Judges a policy as it would stand after a change, whatever the
 * change is; a rule that is switched off counts too, for switching it on must not be the way.
 */
export const judgeConsolePolicy = ({ rules }: Pick<Policy, 'rules'>): ConsolePolicyJudgement => {
  const weak = rules.find(({ access, assurance }) => access === 'ALLOW' && isSingleFactor(assurance));
  return weak === undefined
    ? { verdict: { kind: 'allow', reasons: [] }, ruleId: null }
    : { verdict: { kind: 'deny', reasons: ['console-single-factor'] }, ruleId: weak.id };
};
