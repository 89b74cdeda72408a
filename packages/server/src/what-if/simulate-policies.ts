import type { AssumedFacts, Simulation } from '@sallyport/api/what-if';
import { evaluatePolicies } from '@sallyport/decide/policies/evaluate-policy';
import { invalid } from '@sallyport/model/errors';
import { CONDITION_FACTS } from '@sallyport/model/fact-words';
import type { Facts } from '@sallyport/model/facts';
import type { Policy, PolicyRule, RuleConditions } from '@sallyport/model/policy';
import { DOOR_TYPES, isDoorType } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { readGlobalPolicies } from '../policies/policy-index.ts';
import { assertMay } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assumeFacts } from './assume-facts.ts';
import { policyOfApp } from './chosen-policy.ts';

type Status = 'MATCH' | 'NOT_MATCH' | 'UNDEFINED';

/** What a browser on it says; a condition on the platform reads no more than that. */
const USER_AGENTS = {
  ANDROID: 'Android',
  CHROMEOS: 'CrOS',
  IOS: 'iPhone',
  LINUX: 'Linux',
  MACOS: 'Macintosh',
  WINDOWS: 'Windows NT',
} as const;

const factsGiven = ({ policyContext }: Simulation): AssumedFacts => {
  const { user, groups, ip, zones, risk, device } = policyContext ?? {};
  return {
    user: user?.id,
    groups: groups?.ids,
    ip: ip ?? undefined,
    zones: zones?.ids ?? undefined,
    risk: risk?.level ?? undefined,
    deviceIsRegistered: device?.registered ?? undefined,
    deviceIsManaged: device?.managed ?? undefined,
    deviceAssurances: device?.assuranceId == null ? undefined : [device.assuranceId],
    userAgent: device?.platform == null ? undefined : USER_AGENTS[device.platform],
  };
};

/** All of them: what one leaves open the next decides. */
const globalPolicies = async (s: Services, principal: Principal): Promise<readonly Policy[]> => {
  const policies = await readGlobalPolicies(s.store.read);
  for (const { id, type } of policies) assertMay(principal, 'okta.policies.read', { kind: 'policy', id, type });
  return policies;
};

/** The policies of a type, in the lists that the wire has: what decided, what did not match, and what could not be judged. */
const simulate = (facts: Facts, policies: readonly Policy[], now: number, expand: ReadonlySet<string>) => {
  const judged = evaluatePolicies(facts, policies, now);
  const conditionsOf = (rule: PolicyRule, status: Status) => {
    const failing = judged.skipped.find(({ ruleId }) => ruleId === rule.id)?.condition;
    const shown = failing === undefined ? (Object.keys(rule.conditions) as (keyof RuleConditions)[]) : [failing];
    return shown.map((condition) => ({ type: CONDITION_FACTS[condition].path, status }));
  };
  const listedOf = (policy: Policy, status: Status, ids: readonly (string | null)[]) => {
    const rules = policy.rules.filter(({ id }) => ids.includes(id));
    if (rules.length === 0) return [];
    return [
      {
        id: policy.id,
        name: policy.name,
        status,
        conditions: [],
        rules: rules.map((rule) => ({
          id: rule.id,
          name: rule.name,
          status,
          // Of what matched the conditions are always said; `expand=RULE` says why others did not.
          conditions: status === 'MATCH' || expand.has('RULE') ? conditionsOf(rule, status) : [],
        })),
      },
    ];
  };
  const listed = (status: Status, ids: readonly (string | null)[]) =>
    policies.flatMap((policy) => listedOf(policy, status, ids));
  const skipped = (isUnknown: boolean): readonly string[] =>
    judged.skipped.filter((one) => one.isUnknown === isUnknown).map(({ ruleId }) => ruleId);
  return {
    status: judged.matchedRuleId === null ? ('NOT_MATCH' as const) : ('MATCH' as const),
    policyType: [...new Set(policies.map(({ type }) => type))],
    result: { policies: listed('MATCH', [judged.matchedRuleId]) },
    undefined: { policies: listed('UNDEFINED', skipped(true)) },
    evaluated: { policies: expand.has('EVALUATED') ? listed('NOT_MATCH', skipped(false)) : [] },
  };
};

/**
 * `POST /api/v1/policies/simulate`: for each context and type of policy, which rule would decide. `expand` takes
 * `EVALUATED` and `RULE`. The answer is a list, as the published schema and the clients have it; the published example
 * wraps it in an object, which they cannot read. E0000001 for a type that is no door.
 */
export const simulatePolicies = async (
  s: Services,
  principal: Principal,
  simulations: readonly Simulation[],
  expand: string | undefined,
) => {
  const now = s.clock.now();
  const expanded = new Set((expand ?? '').split(',').map((word) => word.trim().toUpperCase()));
  const answers: ReturnType<typeof simulate>[] = [];
  for (const simulation of simulations) {
    const types = simulation.policyTypes ?? DOOR_TYPES;
    if (!types.every(isDoorType)) throw invalid('policyTypes', `must be of ${DOOR_TYPES.join(', ')}`);
    const ofApp = await policyOfApp(s, principal, simulation.appInstance);
    for (const type of types) {
      const policies = type === 'ACCESS_POLICY' ? [ofApp] : await globalPolicies(s, principal);
      const facts = await assumeFacts(s, principal, factsGiven(simulation), {}, policies, now);
      answers.push(simulate(facts, policies, now, expanded));
    }
  }
  return answers;
};
