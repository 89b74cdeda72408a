/** Grants as the field's clients know them: of bundles and of apps. The wire has no word for a membership for a while. */
import { statusOfGrant } from '@sallyport/decide/grants/is-grant-active';
import { formatResourceName } from '@sallyport/decide/roles/resource-name';
import { invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { simpleFilter } from '../http/simple-filter.ts';
import { CONSOLE_APP_NAME } from '../requests/entitlements.ts';
import { orgIdOf } from '../roles/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { isActiveAt } from './active-grants.ts';

const PATH = '/governance/api/v1/grants';
const KINDS = ['bundle', 'app'] as const;

/** What every grant names beside itself: the organisation, and the app whose roles are in bundles. */
const ground = async (s: Services) => {
  const db = s.store.read;
  const console_ = await db.selectFrom('apps').select('id').where('name', '=', CONSOLE_APP_NAME).executeTakeFirst();
  return { orgId: await orgIdOf(db), consoleId: console_?.id ?? '' };
};
type Ground = Awaited<ReturnType<typeof ground>>;

const wireStatus = (row: Row<'grants'>, now: number): 'ACTIVE' | 'SCHEDULED' | 'EXPIRED' | 'INACTIVE' => {
  const status = statusOfGrant(row, now);
  if (status !== 'ended') return status === 'active' ? 'ACTIVE' : 'SCHEDULED';
  return row.endReason === null || row.endReason === 'expired' ? 'EXPIRED' : 'INACTIVE';
};

const present = (s: Services, { orgId, consoleId }: Ground, row: Row<'grants'>) => {
  const { publicUrl, ornPartition } = s.config;
  const isBundle = row.kind === 'bundle';
  const resourceId = isBundle ? consoleId : row.entitlementId;
  const orn = (kind: 'app' | 'user', id: string) => formatResourceName({ kind, by: 'id', id }, orgId, ornPartition);
  return {
    id: row.id,
    grantType: isBundle ? ('ENTITLEMENT-BUNDLE' as const) : ('CUSTOM' as const),
    ...(isBundle ? { entitlementBundleId: row.entitlementId } : {}),
    targetPrincipalOrn: orn('user', row.userId),
    targetPrincipal: { externalId: row.userId, type: 'OKTA_USER' as const },
    targetResourceOrn: orn('app', resourceId),
    target: { externalId: resourceId, type: 'APPLICATION' as const },
    action: 'ALLOW' as const,
    actor: row.sourceKind === 'request' ? ('ACCESS_REQUEST' as const) : ('ADMIN' as const),
    scheduleSettings: { expirationDate: toIso(row.expiresAt), timeZone: 'UTC' },
    status: wireStatus(row, s.clock.now()),
    created: toIso(row.createdAt),
    createdBy: row.createdBy,
    lastUpdated: toIso(row.endedAt ?? row.createdAt),
    lastUpdatedBy: row.endedBy ?? row.createdBy,
    _links: {
      self: { href: `${publicUrl.origin}${PATH}/${row.id}` },
      ...(isBundle
        ? { entitlementBundle: { href: `${publicUrl.origin}/api/v1/iam/governance/bundles/${row.entitlementId}` } }
        : {}),
    },
  };
};

export interface ListGovernanceGrants {
  readonly filter?: string | undefined;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}
const FIELDS = [
  ...['target.externalId', 'target.type', 'targetPrincipal.externalId', 'targetPrincipal.type'],
  ...['entitlementBundleId', 'action'],
];

/** `GET /governance/api/v1/grants`: those that count now, by id. The wire asks for a filter. */
export const listGovernanceGrants = async (s: Services, input: ListGovernanceGrants) => {
  const limit = pageLimit(input.limit, 20, 200);
  const clauses = simpleFilter(input.filter, FIELDS);
  if (clauses.length === 0) throw invalid('filter', `is needed: ${FIELDS.join(', ')} with eq`);
  const about = await ground(s);
  let query = s.store.read.selectFrom('grants').selectAll().where('kind', 'in', KINDS).where(isActiveAt(s.clock.now()));
  const only = { 'target.type': 'APPLICATION', 'targetPrincipal.type': 'OKTA_USER', action: 'ALLOW' } as const;
  for (const { field, op, value } of clauses) {
    if (op !== 'eq') throw invalid('filter', `${field} is compared with eq`);
    if (field === 'targetPrincipal.externalId') query = query.where('userId', '=', value);
    else if (field === 'entitlementBundleId')
      query = query.where('kind', '=', 'bundle').where('entitlementId', '=', value);
    else if (field === 'target.externalId')
      query =
        value === about.consoleId
          ? query.where('kind', '=', 'bundle')
          : query.where('kind', '=', 'app').where('entitlementId', '=', value);
    // Grants of other kinds than these are none here.
    else if (value !== only[field as keyof typeof only]) query = query.where('id', '=', '');
  }
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  const rows = await query
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const { shown, after } = pageOf(rows, limit);
  return { grants: shown.map((row) => present(s, about, row)), after };
};

/** `GET /governance/api/v1/grants/{grantId}`, also one that has ended. */
export const getGovernanceGrant = async (s: Services, id: string) => {
  const row = await s.store.read
    .selectFrom('grants')
    .selectAll()
    .where('id', '=', id)
    .where('kind', 'in', KINDS)
    .executeTakeFirst();
  if (row === undefined) throw notFound(id, 'Grant');
  return present(s, await ground(s), row);
};
