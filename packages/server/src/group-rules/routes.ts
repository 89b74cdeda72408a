import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import {
  activateRule,
  createRule,
  deactivateRule,
  deleteRule,
  getRule,
  listRules,
  type RuleBody,
  replaceRule,
} from './manage-group-rules.ts';
import { previewRule } from './preview-rule.ts';

const id = (params: Readonly<Record<string, string>>): string => params['groupRuleId'] ?? '';

export const groupRuleHandlers = {
  'groupRules.list': async ({ services, principal, query }) => {
    const { rules, after } = await listRules(services, principal, query);
    return { body: rules, headers: pageLinks(services.config.publicUrl.origin, '/api/v1/groups/rules', query, after) };
  },
  'groupRules.create': async ({ services, principal, body }) => ({
    body: await createRule(services, principal, body as RuleBody),
  }),
  'groupRules.get': async ({ services, principal, params, query }) => ({
    body: await getRule(services, principal, id(params), query['expand'] as string | undefined),
  }),
  'groupRules.replace': async ({ services, principal, params, body }) => ({
    body: await replaceRule(services, principal, id(params), body as RuleBody),
  }),
  'groupRules.delete': async ({ services, principal, params, query }) => {
    await deleteRule(services, principal, id(params), query['removeUsers'] === 'true');
    return {};
  },
  'groupRules.activate': async ({ services, principal, params }) => {
    await activateRule(services, principal, id(params));
    return {};
  },
  'groupRules.deactivate': async ({ services, principal, params }) => {
    await deactivateRule(services, principal, id(params));
    return {};
  },
  'groupRules.preview': async ({ services, principal, query }) => ({
    body: await previewRule(services, principal, {
      expression: String(query['expression'] ?? ''),
      groupIds: String(query['groupIds'] ?? '').split(','),
      excludedUserIds: String(query['excludedUserIds'] ?? '').split(','),
    }),
  }),
} satisfies Record<string, Handler>;
