import type { Principal } from '@sallyport/model/principal';
import type { Answer, Exchange, Handler } from '../http/exchange.ts';
import type { Services } from '../services.ts';
import { proofAfter } from '../what-if/policy-proof.ts';
import { countMatches } from './count-matches.ts';
import {
  clonePolicy,
  createPolicy,
  deletePolicy,
  getPolicy,
  listPolicies,
  type PolicyBody,
  replacePolicy,
  setPolicyStatus,
} from './manage-policies.ts';
import {
  createRule,
  deleteRule,
  getRule,
  listRules,
  type RuleBody,
  replaceRule,
  setRuleStatus,
} from './manage-rules.ts';
import { createMapping, getMapping, listMappings, listPolicyApps } from './policy-mappings.ts';

const policyId = (params: Readonly<Record<string, string>>): string => params['policyId'] ?? '';
const ruleId = (params: Readonly<Record<string, string>>): string => params['ruleId'] ?? '';
/** A change of a policy's rules; with `dryRun` only what it would lead to. */
const changing = async (
  { services, principal, params, query }: Exchange,
  change: (s: Services, principal: Principal, policyId: string) => Promise<Answer>,
): Promise<Answer> => {
  const id = policyId(params);
  if (query['dryRun'] !== 'true') return change(services, principal, id);
  return { status: 200, body: await proofAfter(services, id, (s) => change(s, principal, id)) };
};
const status =
  (to: 'ACTIVE' | 'INACTIVE'): Handler =>
  (exchange) =>
    changing(exchange, async (s, principal, id) => {
      await setRuleStatus(s, principal, id, ruleId(exchange.params), to);
      return {};
    });

const policyStatus =
  (to: 'ACTIVE' | 'INACTIVE'): Handler =>
  async ({ services, principal, params }) => {
    await setPolicyStatus(services, principal, policyId(params), to);
    return {};
  };

export const policyHandlers = {
  'policies.list': async ({ services, principal, query }) => ({
    body: await listPolicies(services, principal, query as { type: string }),
  }),
  'policies.matches': async ({ services, principal }) => ({ body: await countMatches(services, principal) }),
  'policies.get': async ({ services, principal, params, query }) => {
    const expand = query['expand'] as string | undefined;
    const { policy, version } = await getPolicy(services, principal, policyId(params), expand);
    return { body: policy, headers: { ETag: version } };
  },
  'policies.create': async ({ services, principal, body, query }) => ({
    body: await createPolicy(services, principal, body as PolicyBody, query['activate'] !== 'false'),
  }),
  'policies.replace': async ({ services, principal, params, body, request }) => {
    const ifMatch = request.headers['if-match'];
    return { body: await replacePolicy(services, principal, policyId(params), body as PolicyBody, ifMatch) };
  },
  'policies.delete': async ({ services, principal, params, request }) => {
    await deletePolicy(services, principal, policyId(params), request.headers['if-match']);
    return {};
  },
  'policies.activate': policyStatus('ACTIVE'),
  'policies.deactivate': policyStatus('INACTIVE'),
  'policies.clone': async ({ services, principal, params }) => ({
    body: await clonePolicy(services, principal, policyId(params)),
  }),
  'policies.apps': async ({ services, principal, params }) => ({
    body: await listPolicyApps(services, principal, policyId(params)),
  }),
  'policyMappings.list': async ({ services, principal, params }) => ({
    body: await listMappings(services, principal, policyId(params)),
  }),
  'policyMappings.create': async ({ services, principal, params, body }) => ({
    body: await createMapping(
      services,
      principal,
      policyId(params),
      body as { readonly resourceId: string; readonly resourceType: string },
    ),
  }),
  'policyMappings.get': async ({ services, principal, params }) => ({
    body: await getMapping(services, principal, policyId(params), params['mappingId'] ?? ''),
  }),
  'policyRules.list': async ({ services, principal, params }) => ({
    body: await listRules(services, principal, policyId(params)),
  }),
  'policyRules.create': (exchange) => {
    const isActive = exchange.query['activate'] !== 'false';
    return changing(exchange, async (s, principal, id) => ({
      body: await createRule(s, principal, id, exchange.body as RuleBody, isActive),
    }));
  },
  'policyRules.get': async ({ services, principal, params }) => {
    const { rule, version } = await getRule(services, principal, policyId(params), ruleId(params));
    return { body: rule, headers: { ETag: version } };
  },
  'policyRules.replace': (exchange) =>
    changing(exchange, async (s, principal, id) => {
      const ifMatch = exchange.request.headers['if-match'];
      const body = await replaceRule(s, principal, id, ruleId(exchange.params), exchange.body as RuleBody, ifMatch);
      return { body };
    }),
  'policyRules.delete': (exchange) =>
    changing(exchange, async (s, principal, id) => {
      await deleteRule(s, principal, id, ruleId(exchange.params));
      return {};
    }),
  'policyRules.activate': status('ACTIVE'),
  'policyRules.deactivate': status('INACTIVE'),
} satisfies Record<string, Handler>;
