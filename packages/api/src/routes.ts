/** The whole route table: everything that the server can be asked. One file per noun. */
import { accessRoutes } from './access.ts';
import { adminRoutes } from './admins.ts';
import { apiTokenRoutes } from './api-tokens.ts';
import { approvalRoutes } from './approvals.ts';
import { appRoutes } from './apps.ts';
import { authenticatorRoutes } from './authenticators.ts';
import { breakGlassRoutes } from './break-glass.ts';
import { bundleRoutes } from './bundles.ts';
import { cliSessionRoutes } from './cli-sessions.ts';
import { clientAddressRoutes } from './client-address.ts';
import { customRoleRoutes } from './custom-roles.ts';
import { delegationRoutes } from './delegations.ts';
import { featureRoutes } from './features.ts';
import { grantRoutes } from './grants.ts';
import { groupRuleRoutes } from './group-rules.ts';
import { groupSchemaRoutes } from './group-schemas.ts';
import { groupRoutes } from './groups.ts';
import { logRoutes } from './logs.ts';
import { meRoutes } from './me.ts';
import { myActionRoutes } from './my-actions.ts';
import { oauthRoutes } from './oauth.ts';
import { openApiRoutes } from './openapi.ts';
import { orgRoutes } from './org.ts';
import { overviewRoutes } from './overview.ts';
import { passwordRoutes } from './passwords.ts';
import { policyRoutes } from './policies.ts';
import { policyDraftRoutes } from './policy-drafts.ts';
import { protectedActionRoutes } from './protected-actions.ts';
import { requestRoutes } from './requests.ts';
import { resourceSetRoutes } from './resource-sets.ts';
import { reviewRoutes } from './reviews.ts';
import { roleCatalogueRoutes } from './role-catalogue.ts';
import { roleTargetRoutes } from './role-targets.ts';
import { roleRoutes } from './roles.ts';
import { serviceAccountRoutes } from './service-accounts.ts';
import { sessionBindingRoutes } from './session-binding.ts';
import { sessionRoutes } from './sessions.ts';
import { setupRoutes } from './setup.ts';
import { setupProgressRoutes } from './setup-progress.ts';
import { signInRoutes } from './sign-in.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { trustedOriginRoutes } from './trusted-origins.ts';
import { userFactorRoutes } from './user-factors.ts';
import { userImportRoutes } from './user-imports.ts';
import { userSchemaRoutes } from './user-schemas.ts';
import { userTypeRoutes } from './user-types.ts';
import { userRoutes } from './users.ts';
import { webhookRoutes } from './webhooks.ts';
import { whatIfRoutes } from './what-if.ts';
import { zoneRoutes } from './zones.ts';

export const routes = [
  ...setupRoutes,
  ...setupProgressRoutes,
  ...orgRoutes,
  ...overviewRoutes,
  ...openApiRoutes,
  ...adminRoutes,
  ...accessRoutes,
  ...signInRoutes,
  ...sessionRoutes,
  ...cliSessionRoutes,
  ...clientAddressRoutes,
  ...meRoutes,
  ...sessionBindingRoutes,
  ...logRoutes,
  ...userRoutes,
  ...serviceAccountRoutes,
  ...breakGlassRoutes,
  ...webhookRoutes,
  ...userImportRoutes,
  ...userSchemaRoutes,
  ...userTypeRoutes,
  ...userFactorRoutes,
  ...authenticatorRoutes,
  ...passwordRoutes,
  ...groupRoutes,
  ...groupRuleRoutes,
  ...groupSchemaRoutes,
  ...roleRoutes,
  ...bundleRoutes,
  ...grantRoutes,
  ...roleTargetRoutes,
  ...customRoleRoutes,
  ...resourceSetRoutes,
  ...roleCatalogueRoutes,
  ...reviewRoutes,
  ...subscriptionRoutes,
  ...apiTokenRoutes,
  ...zoneRoutes,
  ...trustedOriginRoutes,
  ...policyRoutes,
  ...policyDraftRoutes,
  ...whatIfRoutes,
  ...appRoutes,
  ...oauthRoutes,
  ...featureRoutes,
  ...protectedActionRoutes,
  ...approvalRoutes,
  ...requestRoutes,
  ...delegationRoutes,
  ...myActionRoutes,
] as const;

export type RouteName = (typeof routes)[number]['name'];
