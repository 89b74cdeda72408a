import type { Policy, PolicyRule, PolicyType } from '@sallyport/model/policy';
import type { Store } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import { assuranceOf, conditionsOf, type StoredActions, type StoredConditions } from './rule-documents.ts';

/** Policies as judgements read them, in memory. */
export interface PolicyIndex {
  reload(): Promise<void>;
  /** The authentication policy of an app. One that is missing denies: it has no rule. */
  forApp(appName: string): Promise<Policy>;
}

const toRule = (row: Row<'policyRules'>): PolicyRule => {
  const actions = JSON.parse(row.actions) as StoredActions;
  return {
    id: row.id, name: row.name, priority: row.priority, isActive: row.status === 'ACTIVE', conditions: conditionsOf(JSON.parse(row.conditions) as StoredConditions),
    access: actions.appSignOn?.access ?? actions.signon?.access ?? 'DENY', assurance: assuranceOf(actions),
  };
};

const NONE: Policy = { id: 'none', name: 'none', type: 'ACCESS_POLICY', version: 0, isActive: false, rules: [] };

export const createPolicyIndex = (store: Store): PolicyIndex => {
  let byApp = new Map<string, Policy>();
  return {
    async reload() {
      const [apps, policies, rules] = await Promise.all([
        store.read.selectFrom('apps').select(['name', 'policyId', 'status']).execute(), store.read.selectFrom('policies').selectAll().execute(), store.read.selectFrom('policyRules').selectAll().execute(),
      ]);
      byApp = new Map(
        apps.flatMap((app) => {
          const row = policies.find((policy) => policy.id === app.policyId);
          if (row === undefined) return [];
          const policy: Policy = {
            id: row.id, name: row.name, type: row.type as PolicyType, version: row.version, isActive: row.status === 'ACTIVE' && app.status === 'ACTIVE',
            rules: rules.filter((rule) => rule.policyId === row.id).map(toRule),
          };
          return [[app.name, policy] as const];
        }),
      );
    },
    forApp: async (appName) => byApp.get(appName) ?? NONE,
  };
};
