import { ACCESS_SECONDS_MAX, readAccessDuration } from '@sallyport/model/access-duration';
import type { AccessDuration, RequestCondition } from '@sallyport/model/access-request';
import type { Entitlement } from '@sallyport/model/grant';
import { isIdOf } from '@sallyport/model/ids';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import { namesOf } from './entitlements.ts';

export interface RequesterSettings {
  readonly type: 'EVERYONE' | 'GROUPS';
  readonly groups?: readonly { readonly id: string }[] | undefined;
}
export interface ScopeSettings {
  readonly type: 'RESOURCE_DEFAULT' | 'ENTITLEMENT_BUNDLES' | 'GROUPS';
  readonly entitlementBundles?: readonly { readonly id: string }[] | undefined;
  readonly groups?: readonly { readonly id: string }[] | undefined;
}
export type DurationSettings =
  | { readonly type: 'ADMIN_FIXED_DURATION'; readonly duration: string }
  | { readonly type: 'REQUESTER_SPECIFIED_DURATION'; readonly maximumDuration: string };

/** What a resource itself is asked for as. */
export const kindOfResource = (id: string): 'group' | 'app' | 'service-account' =>
  isIdOf('group', id) ? 'group' : isIdOf('user', id) ? 'service-account' : 'app';

/** What a scope of the wire gives. */
export const entitlementsOf = (resourceId: string, scope: ScopeSettings): readonly Entitlement[] => {
  if (scope.type === 'ENTITLEMENT_BUNDLES')
    return (scope.entitlementBundles ?? []).map(({ id }) => ({ kind: 'bundle', id }));
  if (scope.type === 'GROUPS') return (scope.groups ?? []).map(({ id }) => ({ kind: 'group', id }));
  return [{ kind: kindOfResource(resourceId), id: resourceId }];
};

/** Without a word on it the longest that the wire knows: nothing that is asked for stays for ever. */
export const durationOf = (settings: DurationSettings | null): AccessDuration => {
  if (settings === null) return { kind: 'fixed', seconds: ACCESS_SECONDS_MAX };
  return settings.type === 'ADMIN_FIXED_DURATION'
    ? { kind: 'fixed', seconds: readAccessDuration(settings.duration) ?? 0 }
    : { kind: 'chosen', seconds: readAccessDuration(settings.maximumDuration) ?? 0 };
};

export type ConditionRow = Row<'requestConditions'>;

/** What whoever changes a condition writes: its tag is of this. Whether it is on, and its place, are decided elsewhere. */
export const conditionDocument = ({
  name,
  description,
  requesters,
  scope,
  duration,
  sequenceId,
  ticket,
}: ConditionRow) => ({
  name,
  description,
  requesters,
  scope,
  duration,
  sequenceId,
  ticket,
});

/** Rows as judgements read them, with whether all that they refer to is there now. */
export const readConditions = async (
  db: Transaction,
  rows: readonly ConditionRow[],
): Promise<readonly RequestCondition[]> => {
  const parts = rows.map((row) => {
    const requesters = JSON.parse(row.requesters) as RequesterSettings;
    return {
      row,
      requesterGroups: requesters.type === 'EVERYONE' ? null : (requesters.groups ?? []).map(({ id }) => id),
      entitlements: entitlementsOf(row.resourceId, JSON.parse(row.scope) as ScopeSettings),
    };
  });
  const named = await namesOf(
    db,
    parts.flatMap(({ entitlements }) => entitlements),
  );
  const groupIds = [...new Set(parts.flatMap(({ requesterGroups }) => requesterGroups ?? []))];
  const groups =
    groupIds.length === 0 ? [] : await db.selectFrom('groups').select('id').where('id', 'in', groupIds).execute();
  const sequences = await db.selectFrom('requestSequences').select('id').execute();
  const known = new Set([...groups, ...sequences].map(({ id }) => id));
  return parts.map(({ row, requesterGroups, entitlements }) => ({
    id: row.id,
    resourceId: row.resourceId,
    isActive: row.status === 'ACTIVE',
    isWhole:
      known.has(row.sequenceId) &&
      entitlements.length > 0 &&
      entitlements.every(({ id }) => named.has(id)) &&
      (requesterGroups ?? []).every((id) => known.has(id)),
    priority: Number(row.priority),
    requesters: requesterGroups === null ? { kind: 'everyone' } : { kind: 'groups', ids: requesterGroups },
    entitlements,
    duration: durationOf(row.duration === null ? null : (JSON.parse(row.duration) as DurationSettings)),
    sequenceId: row.sequenceId,
  }));
};

/** Those that let somebody ask now. */
export const activeConditions = async (db: Transaction): Promise<readonly RequestCondition[]> => {
  const rows = await db
    .selectFrom('requestConditions')
    .selectAll()
    .where('status', '=', 'ACTIVE')
    .orderBy('priority')
    .orderBy('id')
    .execute();
  return readConditions(db, rows);
};
