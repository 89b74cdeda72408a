import type { MigrationProvider } from 'kysely/migration';
import { firstDoor } from './0001-first-door.ts';
import { gateway } from './0002-gateway.ts';
import { proveAndContinue } from './0003-prove-and-continue.ts';
import { cliSessions } from './0004-cli-sessions.ts';
import { listSessions } from './0005-list-sessions.ts';
import { logSearch } from './0006-log-search.ts';
import { logWords } from './0007-log-words.ts';
import { passwordState } from './0008-password-state.ts';
import { protectedActions } from './0010-protected-actions.ts';
import { approvals } from './0011-approvals.ts';
import { customRoles } from './0012-custom-roles.ts';
import { people } from './0013-people.ts';
import { groupRules } from './0014-group-rules.ts';
import { serviceApps } from './0015-service-apps.ts';
import { appAssignments } from './0016-app-assignments.ts';
import { permissionUses } from './0017-permission-uses.ts';
import { apiTokenRotation } from './0019-api-token-rotation.ts';
import { trustedOrigins } from './0020-trusted-origins.ts';
import { subscriptionsAndUniqueValues } from './0021-subscriptions-and-unique-values.ts';
import { serviceAccounts } from './0022-service-accounts.ts';
import { policyObjects } from './0023-policy-objects.ts';
import { zoneTypes } from './0025-zone-types.ts';
import { keyModels } from './0027-key-models.ts';
import { verdictCommitments } from './0029-verdict-commitments.ts';
import { policyDrafts } from './0031-policy-drafts.ts';
import { policyKinds } from './0032-policy-kinds.ts';
import { grants } from './0033-grants.ts';
import { requests } from './0034-requests.ts';
import { breakGlass } from './0035-break-glass.ts';
import { campaigns } from './0036-campaigns.ts';
import { noPasswordsInSummaries } from './0037-no-passwords-in-summaries.ts';
import { delegations } from './0038-delegations.ts';
import { sharesAndSeenInstants } from './0039-shares-and-seen-instants.ts';
import { extensions } from './0040-extensions.ts';
import { aMillionRequests } from './0041-a-million-requests.ts';
import { groupNamesByBytes } from './0043-group-names-by-bytes.ts';
import { whatRequestsGave } from './0044-what-requests-gave.ts';
import { tenThousandItems } from './0045-ten-thousand-items.ts';
import { ties } from './0046-ties.ts';
import { employeeNumbers } from './0047-employee-numbers.ts';
import { webhookTypes } from './0048-webhook-types.ts';
import { neededTickets } from './0049-needed-tickets.ts';
import { outboxBySink } from './0050-outbox-by-sink.ts';

/** All migrations, oldest first. A shipped one is never edited, and none is put before it: a database that has it would not start. */
export const migrations: MigrationProvider = {
  getMigrations: async () => ({
    '0001-first-door': firstDoor,
    '0002-gateway': gateway,
    '0003-prove-and-continue': proveAndContinue,
    '0004-cli-sessions': cliSessions,
    '0005-list-sessions': listSessions,
    '0006-log-search': logSearch,
    '0007-log-words': logWords,
    '0008-password-state': passwordState,
    '0010-protected-actions': protectedActions,
    '0011-approvals': approvals,
    '0012-custom-roles': customRoles,
    '0013-people': people,
    '0014-group-rules': groupRules,
    '0015-service-apps': serviceApps,
    '0016-app-assignments': appAssignments,
    '0017-permission-uses': permissionUses,
    '0019-api-token-rotation': apiTokenRotation,
    '0020-trusted-origins': trustedOrigins,
    '0021-subscriptions-and-unique-values': subscriptionsAndUniqueValues,
    '0022-service-accounts': serviceAccounts,
    '0023-policy-objects': policyObjects,
    '0025-zone-types': zoneTypes,
    '0027-key-models': keyModels,
    '0029-verdict-commitments': verdictCommitments,
    '0031-policy-drafts': policyDrafts,
    '0032-policy-kinds': policyKinds,
    '0033-grants': grants,
    '0034-requests': requests,
    '0035-break-glass': breakGlass,
    '0036-campaigns': campaigns,
    '0037-no-passwords-in-summaries': noPasswordsInSummaries,
    '0038-delegations': delegations,
    '0039-shares-and-seen-instants': sharesAndSeenInstants,
    '0040-extensions': extensions,
    '0041-a-million-requests': aMillionRequests,
    '0043-group-names-by-bytes': groupNamesByBytes,
    '0044-what-requests-gave': whatRequestsGave,
    '0045-ten-thousand-items': tenThousandItems,
    '0046-ties': ties,
    '0047-employee-numbers': employeeNumbers,
    '0048-webhook-types': webhookTypes,
    '0049-needed-tickets': neededTickets,
    '0050-outbox-by-sink': outboxBySink,
  }),
};
