/** Route name → handler. A row of the route table without one does not compile. */
import type { RouteName } from '@sallyport/api/routes';
import { accessHandlers } from '../access/routes.ts';
import { adminHandlers } from '../admins/routes.ts';
import { apiTokenHandlers } from '../api-tokens/routes.ts';
import { approvalHandlers } from '../approvals/routes.ts';
import { appHandlers } from '../apps/routes.ts';
import { authenticatorHandlers, userFactorHandlers } from '../authenticators/routes.ts';
import { breakGlassHandlers } from '../break-glass/routes.ts';
import { bundleHandlers } from '../bundles/routes.ts';
import { cliSessionHandlers } from '../cli-sessions/routes.ts';
import { clientAddressHandlers } from '../client-address/routes.ts';
import { delegationHandlers } from '../delegations/routes.ts';
import { featureHandlers } from '../features/routes.ts';
import { grantHandlers } from '../grants/routes.ts';
import { groupRuleHandlers } from '../group-rules/routes.ts';
import { groupHandlers } from '../groups/routes.ts';
import { logExportHandlers } from '../log-exports/routes.ts';
import { meHandlers } from '../me/routes.ts';
import { myActionHandlers } from '../notices/routes.ts';
import { oauthHandlers } from '../oauth/routes.ts';
import { openApiHandlers } from '../openapi/routes.ts';
import { orgHandlers } from '../org/routes.ts';
import { overviewHandlers } from '../overview/routes.ts';
import { passwordHandlers } from '../passwords/routes.ts';
import { policyHandlers } from '../policies/routes.ts';
import { policyDraftHandlers } from '../policy-drafts/routes.ts';
import { protectedActionHandlers } from '../protected-actions/routes.ts';
import { requestHandlers } from '../requests/routes.ts';
import { reviewHandlers } from '../reviews/routes.ts';
import { roleHandlers } from '../roles/routes.ts';
import { savedQueryHandlers } from '../saved-queries/routes.ts';
import { serviceAccountHandlers } from '../service-accounts/routes.ts';
import { sessionBindingHandlers } from '../session-binding/routes.ts';
import { sessionHandlers } from '../sessions/routes.ts';
import { setupProgressHandlers } from '../setup/progress-routes.ts';
import { setupHandlers } from '../setup/routes.ts';
import { signInHandlers } from '../sign-in/routes.ts';
import { subscriptionHandlers } from '../subscriptions/routes.ts';
import { logHandlers } from '../system-log/routes.ts';
import { trustedOriginHandlers } from '../trusted-origins/routes.ts';
import { userTypeHandlers } from '../user-types/routes.ts';
import { userHandlers } from '../users/routes.ts';
import { webhookHandlers } from '../webhooks/routes.ts';
import { whatIfHandlers } from '../what-if/routes.ts';
import { zoneHandlers } from '../zones/routes.ts';
import type { Handler } from './exchange.ts';

export const HANDLERS: Readonly<Record<RouteName, Handler>> = {
  ...setupHandlers,
  ...setupProgressHandlers,
  ...orgHandlers,
  ...overviewHandlers,
  ...openApiHandlers,
  ...adminHandlers,
  ...accessHandlers,
  ...signInHandlers,
  ...sessionHandlers,
  ...cliSessionHandlers,
  ...meHandlers,
  ...sessionBindingHandlers,
  ...logHandlers,
  ...savedQueryHandlers,
  ...logExportHandlers,
  ...userHandlers,
  ...serviceAccountHandlers,
  ...breakGlassHandlers,
  ...webhookHandlers,
  ...userTypeHandlers,
  ...userFactorHandlers,
  ...authenticatorHandlers,
  ...passwordHandlers,
  ...groupHandlers,
  ...groupRuleHandlers,
  ...roleHandlers,
  ...bundleHandlers,
  ...grantHandlers,
  ...reviewHandlers,
  ...subscriptionHandlers,
  ...delegationHandlers,
  ...apiTokenHandlers,
  ...zoneHandlers,
  ...clientAddressHandlers,
  ...trustedOriginHandlers,
  ...policyHandlers,
  ...policyDraftHandlers,
  ...whatIfHandlers,
  ...appHandlers,
  ...oauthHandlers,
  ...featureHandlers,
  ...protectedActionHandlers,
  ...approvalHandlers,
  ...requestHandlers,
  ...myActionHandlers,
};
