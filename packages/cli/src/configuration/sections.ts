import { apps } from './apps.ts';
import { bundles } from './bundles.ts';
import { groupRules } from './group-rules.ts';
import { groups } from './groups.ts';
import { policies } from './policies.ts';
import { enrolmentPolicies, passwordPolicies } from './policies-for-people.ts';
import { requestConditions } from './request-conditions.ts';
import { requestSequences } from './request-sequences.ts';
import { resourceSets } from './resource-sets.ts';
import { roles } from './roles.ts';
import type { Section } from './section.ts';
import { serviceAccounts } from './service-accounts.ts';
import { adminConsole, protectedActions, sessionBinding } from './settings.ts';
import { trustedOrigins } from './trusted-origins.ts';
import { webhooks } from './webhooks.ts';
import { zones } from './zones.ts';

/** In the order in which they are made: each names only what stands before it. They are deleted the other way round. */
export const SECTIONS: readonly Section[] = [
  zones,
  groups,
  groupRules,
  roles,
  resourceSets,
  apps,
  policies,
  passwordPolicies,
  enrolmentPolicies,
  trustedOrigins,
  serviceAccounts,
  bundles,
  requestSequences,
  requestConditions,
  webhooks,
  sessionBinding,
  adminConsole,
  protectedActions,
];
