import { requestStatus } from '@sallyport/decide/requests/request-progress';
import type { EventType } from '@sallyport/model/event-types';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { jobContext } from '../setup/announce-setup.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { tellOfRequest } from '../webhooks/tell-webhooks.ts';
import { entryIdOf } from './entitlements.ts';
import type { RequestRow } from './store.ts';

const SCOPE_TYPES = {
  bundle: 'ENTITLEMENT_BUNDLE',
  group: 'GROUP',
  app: 'APPLICATION',
  // The wire has no word for it: it is asked for itself, as an app is.
  'service-account': 'APPLICATION',
} as const;

/** What is asked for, as the wire of requests names it. */
export const requestedOf = (row: Pick<RequestRow, 'kind' | 'entitlementId' | 'resourceId'>) => ({
  entryId: entryIdOf({ kind: row.kind, id: row.entitlementId }),
  resourceId: row.resourceId,
  resourceType: 'APPLICATION' as const,
  accessScopeId: row.entitlementId,
  accessScopeType: SCOPE_TYPES[row.kind],
});

/** The server's own work on requests: granting is nobody's doing but that of all who approved. */
export const requestsJob = (s: Services): Principal => ({
  kind: 'job',
  job: 'access-requests',
  permissions: new Set<never>(),
  request: jobContext(`access-requests-${s.random.bytes(9).toString('base64url')}`),
});

/** What webhooks are told by their own names. */
const TOLD = {
  'access.request.create': 'request.asked',
  'access.request.resolve': 'request.decided',
  'access.request.expire': 'request.expired',
  'access.request.cancel': 'request.canceled',
} as const;
const isTold = (type: EventType): type is keyof typeof TOLD => type in TOLD;

/** An event of a request, whom it is for among its targets; webhooks are told what it begins or ends with. */
export const recordRequest = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  eventType: EventType,
  row: RequestRow,
  more: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const now = s.clock.now();
  const person = await tx
    .selectFrom('users')
    .select(['id', 'login', 'profile'])
    .where('id', '=', row.beneficiaryId)
    .executeTakeFirst();
  const scope = requestedOf(row);
  const target: LogTarget[] = [
    { id: row.id, type: 'AccessRequest', alternateId: row.digest, displayName: row.entitlementName, detailEntry: null },
    ...(person === undefined ? [] : [userAsActor(person)]),
  ];
  if (isTold(eventType)) await tellOfRequest(s, tx, TOLD[eventType], row);
  const at = row.resolvedAt === null ? {} : { last_resolved_at: String(row.resolvedAt) };
  return recordEvent(s, tx, principal, {
    eventType,
    target,
    debugData: {
      access_request_id: row.id,
      access_request_status: requestStatus(row, now),
      access_request_subject: row.entitlementName,
      access_request_source: 'WEB',
      access_request_matched_condition_id: row.conditionId,
      access_request_approval_sequence_id: row.sequenceId,
      access_scope_id: scope.accessScopeId,
      access_scope_type: scope.accessScopeType,
      requested_resource_id: scope.resourceId,
      requested_resource_type: scope.resourceType,
      requester_id: row.requesterId,
      requested_for_id: row.beneficiaryId,
      ...(row.extendsGrantId === null ? {} : { extends_grant_id: row.extendsGrantId }),
      updated_at: String(now),
      ...at,
      ...(row.outcome === 'CANCELED' ? { canceled_at: String(row.resolvedAt) } : {}),
      ...(row.outcome === 'EXPIRED' ? { expired_at: String(row.decideBy) } : {}),
      ...more,
    },
  });
};
