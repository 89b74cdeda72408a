import type { Handler } from '../http/exchange.ts';
import { countMatches } from './count-matches.ts';
import {
  createRule,
  deleteRule,
  getPolicy,
  getRule,
  listPolicies,
  listRules,
  type RuleBody,
  replacePolicy,
  replaceRule,
  setRuleStatus,
} from './manage-policies.ts';

const policyId = (params: Readonly<Record<string, string>>): string => params['policyId'] ?? '';
const ruleId = (params: Readonly<Record<string, string>>): string => params['ruleId'] ?? '';
const status =
  (to: 'ACTIVE' | 'INACTIVE'): Handler =>
  async ({ services, principal, params }) => {
    await setRuleStatus(services, principal, policyId(params), ruleId(params), to);
    return {};
  };

export const policyHandlers = {
  'policies.list': async ({ services, principal, query }) => ({
    body: await listPolicies(services, principal, query as { type: string }),
  }),
  'policies.matches': async ({ services, principal }) => ({ body: await countMatches(services, principal) }),
  'policies.get': async ({ services, principal, params, query }) => ({
    body: await getPolicy(services, principal, policyId(params), query['expand'] as string | undefined),
  }),
  'policies.replace': async ({ services, principal, params, body }) => ({
    body: await replacePolicy(services, principal, policyId(params), body as { name: string }),
  }),
  'policyRules.list': async ({ services, principal, params }) => ({
    body: await listRules(services, principal, policyId(params)),
  }),
  'policyRules.create': async ({ services, principal, params, body, query }) => ({
    body: await createRule(services, principal, policyId(params), body as RuleBody, query['activate'] !== 'false'),
  }),
  'policyRules.get': async ({ services, principal, params }) => {
    const { rule, version } = await getRule(services, principal, policyId(params), ruleId(params));
    return { body: rule, headers: { ETag: version } };
  },
  'policyRules.replace': async ({ services, principal, params, body, request }) => {
    const ifMatch = request.headers['if-match'];
    return {
      body: await replaceRule(services, principal, policyId(params), ruleId(params), body as RuleBody, ifMatch),
    };
  },
  'policyRules.delete': async ({ services, principal, params }) => {
    await deleteRule(services, principal, policyId(params), ruleId(params));
    return {};
  },
  'policyRules.activate': status('ACTIVE'),
  'policyRules.deactivate': status('INACTIVE'),
} satisfies Record<string, Handler>;
