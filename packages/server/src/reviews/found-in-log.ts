import type { EventType } from '@sallyport/model/event-types';
import type { LogFinding, LogFindingKind, RequestsEvidence } from '@sallyport/model/review';
import { sql } from 'kysely';
import type { Store } from '../ports/store.ts';

/** What each is told by: the actor of the event is whom it is about. */
const EVENTS: Readonly<Partial<Record<EventType, LogFindingKind>>> = {
  'user.account.report_suspicious_activity_by_enduser': 'REPORTED',
  'sallyport.session.token_reuse': 'TOKEN_REUSED',
  'system.api_token.request_outside_allowed_range': 'OUTSIDE_NETWORK',
  'system.oauth2.token.request_outside_allowed_range': 'OUTSIDE_NETWORK',
  'security.session.detect_client_roaming': 'ROAMED',
};
const ORDER: readonly LogFindingKind[] = ['REPORTED', 'TOKEN_REUSED', 'OUTSIDE_NETWORK', 'ROAMED'];

/** Of each account and service app what the System Log holds against it since an instant; what weighs most first. */
export const findInLog = async (
  { engine, read }: Pick<Store, 'engine' | 'read'>,
  since: number,
): Promise<ReadonlyMap<string, readonly LogFinding[]>> => {
  // As the index of the log has it.
  const type = engine === 'postgres' ? sql<string>`lower(event_type collate "C")` : sql<string>`lower(event_type)`;
  const rows = await read
    .selectFrom('events')
    .select((e) => [
      'actorId',
      type.as('type'),
      e.fn.countAll<number | string>().as('count'),
      e.fn.max('publishedAt').as('lastAt'),
    ])
    .where(type, 'in', Object.keys(EVENTS))
    .where('publishedAt', '>=', since)
    .groupBy(['actorId', type])
    .execute();
  const found = new Map<string, LogFinding[]>();
  for (const kind of ORDER)
    for (const [actorId, own] of Map.groupBy(
      rows.filter((row) => EVENTS[row.type as EventType] === kind),
      (row) => row.actorId,
    )) {
      const count = own.reduce((sum, row) => sum + Number(row.count), 0);
      const lastAt = Math.max(...own.map((row) => Number(row.lastAt)));
      found.set(actorId, [...(found.get(actorId) ?? []), { kind, count, lastAt }]);
    }
  return found;
};

/** Of each person what they asked for since an instant, told beside one thing. */
export const findRequests = async ({ read }: Pick<Store, 'read'>, since: number) => {
  const rows = await read
    .selectFrom('requests')
    .select((e) => [
      'beneficiaryId',
      'entitlementId',
      e.fn.countAll<number | string>().as('asked'),
      e.fn.count<number | string>('grantedAt').as('given'),
    ])
    .where('createdAt', '>=', since)
    .groupBy(['beneficiaryId', 'entitlementId'])
    .execute();
  const byPerson = Map.groupBy(rows, ({ beneficiaryId }) => beneficiaryId);
  return (userId: string, resourceId: string): RequestsEvidence => {
    const own = byPerson.get(userId) ?? [];
    return {
      asked: own.reduce((sum, { asked }) => sum + Number(asked), 0),
      given: own.reduce((sum, { given }) => sum + Number(given), 0),
      forThis: Number(own.find(({ entitlementId }) => entitlementId === resourceId)?.asked ?? 0),
    };
  };
};
