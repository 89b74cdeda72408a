import { provePolicy } from '@sallyport/decide/policies/prove-policy';
import { invalid } from '@sallyport/model/errors';
import { isDoorType, type Policy } from '@sallyport/model/policy';
import { AUTHENTICATORS, FINDINGS, type PolicyFinding } from '@sallyport/model/policy-proof';
import type { Principal } from '@sallyport/model/principal';
import { readPolicy } from '../policies/policy-index.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { zonesWithoutData } from '../zones/zones-without-data.ts';
import { type DraftRule, policyToRead, withDraft } from './chosen-policy.ts';
import { previewChange } from './preview-change.ts';

/** What is true of a policy for every request, in words. */
export const presentProof = async (s: Services, db: Transaction, policy: Policy) => {
  const proof = provePolicy(policy, new Set((await zonesWithoutData(s, db)).map(({ id }) => id)));
  const named = (id: string) => ({ id, name: policy.rules.find((rule) => rule.id === id)?.name ?? id });
  const sentenceOf = ({ kind, ruleId, byRuleIds }: PolicyFinding): string => {
    const about = ruleId === null ? 'The policy' : `“${named(ruleId).name}”`;
    const by = byRuleIds.length === 0 ? '' : ` They are ${byRuleIds.map((id) => `“${named(id).name}”`).join(', ')}.`;
    return `${about} ${FINDINGS[kind]}${by}`;
  };
  return {
    policy: { id: policy.id, name: policy.name, version: policy.version },
    /** False: it is too large for a question, and `not-proven` says of which rules. */
    isComplete: proof.isComplete,
    ways: proof.ways.map(({ ruleId, weakest, exceptRuleIds, example }) => ({
      rule: named(ruleId),
      weakest: weakest.map((name) => ({ name, words: AUTHENTICATORS[name] })),
      except: exceptRuleIds.map(named),
      example,
    })),
    findings: proof.findings.map((finding) => ({
      kind: finding.kind,
      rule: finding.ruleId === null ? null : named(finding.ruleId),
      by: finding.byRuleIds.map(named),
      sentence: sentenceOf(finding),
      example: finding.example,
    })),
  };
};

/** `GET /sallyport/v1/policies/{id}/proof`: what is true of the policy for every request. */
export const policyProof = async (s: Services, principal: Principal, policyId: string) =>
  presentProof(s, s.store.read, await policyToRead(s, principal, policyId));

/** `POST …/proof`: the same of the policy as it would stand with the rules of a draft. */
export const draftProof = async (s: Services, principal: Principal, policyId: string, rules: readonly DraftRule[]) =>
  presentProof(s, s.store.read, await withDraft(s, principal, await policyToRead(s, principal, policyId), rules));

/** `?dryRun=true` of what changes a rule of a door: what would be true of the policy after it. E0000001 of other policies. */
export const proofAfter = (s: Services, policyId: string, change: (s: Services) => Promise<unknown>) =>
  previewChange(s, change, async (tx) => {
    const policy = await readPolicy(tx, policyId);
    if (!isDoorType(policy.type)) throw invalid('dryRun', `There is no proof of a policy of the type ${policy.type}`);
    return presentProof(s, tx, policy);
  });
