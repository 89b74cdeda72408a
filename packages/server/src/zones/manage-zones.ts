import { compileRanges, isInRanges, parseCidr, parseRange } from '@sallyport/decide/address/address-range';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { toIso } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import type { TokenNetwork } from '../api-tokens/token-network.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { simpleFilter } from '../http/simple-filter.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { forgetResource } from '../roles/forget.ts';
import { assertHolds, assertMay } from '../roles/guard-user.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';

interface Entry {
  readonly type: 'CIDR' | 'RANGE';
  readonly value: string;
}
export interface ZoneBody {
  readonly name: string;
  readonly status?: 'ACTIVE' | 'INACTIVE' | undefined;
  readonly usage?: 'POLICY' | 'BLOCKLIST' | undefined;
  readonly gateways?: readonly Entry[] | null | undefined;
  readonly proxies?: readonly Entry[] | null | undefined;
  readonly useAsExemptList?: boolean | undefined;
}

const CAUSES_MAX = 20;
const ENTRIES_MAX = { POLICY: 150, BLOCKLIST: 1000, system: 5000 } as const;

/** A zone as the wire shows it. */
export const presentZone = (row: Row<'zones'>, origin: string) => {
  const lists = { gateways: JSON.parse(row.gateways) as Entry[], proxies: JSON.parse(row.proxies) as Entry[] };
  const self = `${origin}/api/v1/zones/${row.id}`;
  const verb = row.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    type: row.type,
    id: row.id,
    name: row.name,
    status: row.status,
    usage: row.usage,
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    system: row.isSystem === 1,
    gateways: lists.gateways.length === 0 ? null : lists.gateways,
    proxies: lists.proxies.length === 0 ? null : lists.proxies,
    _links: {
      self: { href: self, hints: { allow: ['GET', 'PUT', 'DELETE'] } },
      [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ['POST'] } },
    },
  };
};

const zoneAsTarget = (row: Pick<Row<'zones'>, 'id' | 'name'>): LogTarget => ({
  id: row.id,
  type: 'NetworkZone',
  alternateId: row.name,
  displayName: row.name,
  detailEntry: null,
});

const find = async (db: Transaction, id: string): Promise<Row<'zones'>> => {
  const row = await db.selectFrom('zones').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'NetworkZone');
  return row;
};

/** As recorded: a range of one address is written as one. */
const asRange = ({ type, value }: Entry): Entry =>
  type === 'RANGE' && !/[-/]/.test(value) ? { type, value: `${value}-${value}` } : { type, value };

/** Each line that is wrong, by its number: whoever pasted two hundred mends them all at once. */
const checkEntries = (field: 'gateways' | 'proxies', entries: readonly Entry[]): readonly Entry[] => {
  const wrong = entries.flatMap(({ type, value }, i) => {
    const isRange = value.includes('-');
    const range = isRange ? parseRange(value) : parseCidr(value);
    if (range !== null && isRange === (type === 'RANGE')) return [];
    const wanted = type === 'RANGE' ? 'a range like 192.0.2.1-192.0.2.9' : 'an address or a CIDR like 192.0.2.0/24';
    return [`${field}: line ${i + 1}: ${value.slice(0, 60)} is not ${wanted}`];
  });
  if (wrong.length > 0) throw new ApiError('E0000001', { args: [field], causes: wrong.slice(0, CAUSES_MAX) });
  return entries;
};

/** A blocklist that holds its author's own address would shut them out at the next click. */
const assertNotLockingOut = (
  s: Services,
  principal: Principal,
  row: Pick<Row<'zones'>, 'usage' | 'status' | 'gateways'>,
): void => {
  const { client } = principal.request;
  if (row.usage !== 'BLOCKLIST' || row.status !== 'ACTIVE' || client.kind !== 'known') return;
  const ranges = compileRanges((JSON.parse(row.gateways) as Entry[]).map((entry) => entry.value));
  if (isInRanges(ranges, client.address) && !s.zones.isExempt(client.address))
    throw invalid('gateways', `Your own address ${client.address.text} is in this blocklist: it would lock you out`);
};

const assertNotInUse = async (tx: Transaction, id: string, what: string): Promise<void> => {
  const tokens = await tx.selectFrom('apiTokens').select(['name', 'network']).where('revokedAt', 'is', null).execute();
  const user = tokens.find((token) => {
    const { include, exclude } = JSON.parse(token.network) as TokenNetwork;
    return [...include, ...exclude].includes(id);
  });
  if (user !== undefined) throw invalid('zone', `The API token ${user.name} uses this zone; it cannot be ${what}`);
  const rule = await tx
    .selectFrom('policyRules')
    .select('name')
    .where('conditions', 'like', `%"${id.replace(/[\\%_]/g, '')}"%`)
    .executeTakeFirst();
  if (rule !== undefined) throw invalid('zone', `The policy rule ${rule.name} uses this zone; it cannot be ${what}`);
};

const columnsOf = (body: ZoneBody, before: Row<'zones'> | null) => {
  const usage = body.usage ?? 'POLICY';
  const gateways = checkEntries('gateways', (body.gateways ?? []).map(asRange));
  const proxies = checkEntries('proxies', (body.proxies ?? []).map(asRange));
  const max = before?.isSystem === 1 ? ENTRIES_MAX.system : ENTRIES_MAX[usage];
  if (gateways.length + proxies.length > max) throw invalid('gateways', `at most ${max} gateways and proxies`);
  return {
    name: body.name,
    usage,
    status: body.status ?? before?.status ?? 'ACTIVE',
    gateways: JSON.stringify(gateways),
    proxies: JSON.stringify(proxies),
  };
};

/** `GET /api/v1/zones`: those that the principal may see. */
export const listZones = async (
  s: Services,
  principal: Principal,
  input: { readonly limit?: string; readonly after?: string; readonly filter?: string },
) => {
  const limit = pageLimit(input.limit, 200, 200);
  let query = s.store.read
    .selectFrom('zones')
    .selectAll()
    .where(whereAllowed(principal, 'okta.networkZones.read', 'zone'))
    .orderBy('id')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('id', '>', input.after);
  const columns = { id: 'id', name: 'name', usage: 'usage', status: 'status' } as const;
  for (const { field, value } of simpleFilter(input.filter, [...Object.keys(columns), 'system'])) {
    query =
      field === 'system'
        ? query.where('isSystem', '=', value === 'true' ? 1 : 0)
        : query.where(columns[field as keyof typeof columns], '=', value);
  }
  const { shown, after } = pageOf(await query.execute(), limit);
  return {
    zones: shown.map((row) => presentZone(row, s.config.publicUrl.origin)),
    after,
  };
};

export const getZone = async (s: Services, principal: Principal, id: string) => {
  const row = await find(s.store.read, id);
  assertMay(principal, 'okta.networkZones.read', { kind: 'zone', id });
  return presentZone(row, s.config.publicUrl.origin);
};

/** A zone that the principal may change. */
const findToChange = async (tx: Transaction, principal: Principal, id: string): Promise<Row<'zones'>> => {
  const row = await find(tx, id);
  assertMay(principal, 'okta.networkZones.manage', { kind: 'zone', id });
  return row;
};

const record = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  eventType: EventType,
  row: Row<'zones'>,
): Promise<string> =>
  recordEvent(s, tx, principal, {
    eventType,
    target: [zoneAsTarget(row)],
    debugData: {
      zone_data: JSON.stringify({
        type: row.type,
        usage: row.usage,
        gateways: JSON.parse(row.gateways) as Entry[],
        proxies: JSON.parse(row.proxies) as Entry[],
      }).slice(0, 4096),
    },
  });

const assertNameIsFree = async (tx: Transaction, name: string, ownId: string | null): Promise<void> => {
  const taken = await tx.selectFrom('zones').select('id').where('name', '=', name).executeTakeFirst();
  if (taken !== undefined && taken.id !== ownId)
    throw invalid('name', 'An object with this field already exists in the current organization');
};

/** `POST /api/v1/zones`. `useAsExemptList` has no effect here: only the one built-in zone exempts. */
export const createZone = async (s: Services, principal: Principal, body: ZoneBody) => {
  assertMay(principal, 'okta.networkZones.manage', { kind: 'zone', id: null });
  const now = s.clock.now();
  const row: Row<'zones'> = {
    id: newId(s.random, 'zone'),
    type: 'IP',
    isSystem: 0,
    isExempt: 0,
    ...columnsOf(body, null),
    createdAt: now,
    lastUpdatedAt: now,
  };
  assertNotLockingOut(s, principal, row);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await assertNameIsFree(tx, row.name, null);
    await tx.insertInto('zones').values(row).execute();
    await record(s, tx, principal, 'zone.create', row);
  });
  await s.zones.reload();
  return presentZone(row, s.config.publicUrl.origin);
};

const assertExemptRules = (before: Row<'zones'>, body: ZoneBody, after: ReturnType<typeof columnsOf>): void => {
  if (before.isExempt !== 1) return;
  if (body.useAsExemptList !== true)
    throw invalid(
      'usage',
      'This zone does not allow usage changes for DefaultExemptIpZone; send useAsExemptList: true to change its addresses',
    );
  if (after.usage !== 'POLICY') throw invalid('usage', 'DefaultExemptIpZone cannot be a blocklist');
  if (after.status !== 'ACTIVE') throw invalid('status', 'The status of DefaultExemptIpZone cannot be changed');
  if ((body.proxies ?? []).length > 0) throw invalid('proxies', 'DefaultExemptIpZone takes gateways only');
};

/** `PUT /api/v1/zones/{id}`. */
export const replaceZone = async (s: Services, principal: Principal, id: string, body: ZoneBody) => {
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findToChange(tx, principal, id);
    const columns = columnsOf(body, before);
    // Who may exempt addresses from binding may switch it off for them.
    if (before.isExempt === 1) assertHolds(principal, 'okta.sessionBinding.manage');
    assertExemptRules(before, body, columns);
    if (before.isSystem === 1 && columns.name !== before.name) throw invalid('name', 'A built-in zone keeps its name');
    if (before.isSystem === 1 && columns.usage !== before.usage)
      throw invalid('usage', 'A built-in zone keeps its usage');
    if (columns.usage === 'BLOCKLIST' && before.usage !== 'BLOCKLIST') await assertNotInUse(tx, id, 'made a blocklist');
    if (columns.status === 'INACTIVE' && before.status === 'ACTIVE') await assertNotInUse(tx, id, 'deactivated');
    await assertNameIsFree(tx, columns.name, id);
    const after = { ...before, ...columns, lastUpdatedAt: s.clock.now() };
    assertNotLockingOut(s, principal, after);
    await tx
      .updateTable('zones')
      .set({ ...columns, lastUpdatedAt: after.lastUpdatedAt })
      .where('id', '=', id)
      .execute();
    await record(s, tx, principal, 'zone.update', after);
    return after;
  });
  await s.zones.reload();
  return presentZone(row, s.config.publicUrl.origin);
};

/** `DELETE /api/v1/zones/{id}`. */
export const deleteZone = async (s: Services, principal: Principal, id: string): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findToChange(tx, principal, id);
    if (row.isSystem === 1) throw new ApiError('E0000111', { causes: ['A built-in zone cannot be deleted.'] });
    await assertNotInUse(tx, id, 'deleted');
    await tx.deleteFrom('zones').where('id', '=', id).execute();
    await forgetResource(tx, { kind: 'zone', by: 'id', id });
    await record(s, tx, principal, 'zone.delete', row);
  });
  await s.zones.reload();
};

/** `POST …/lifecycle/activate` and `…/deactivate`. */
export const setZoneStatus = async (s: Services, principal: Principal, id: string, status: 'ACTIVE' | 'INACTIVE') => {
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findToChange(tx, principal, id);
    if (before.isExempt === 1)
      throw new ApiError('E0000111', { causes: ['The status of DefaultExemptIpZone cannot be changed.'] });
    if (status === 'INACTIVE') await assertNotInUse(tx, id, 'deactivated');
    const after = { ...before, status, lastUpdatedAt: s.clock.now() };
    assertNotLockingOut(s, principal, after);
    await tx.updateTable('zones').set({ status, lastUpdatedAt: after.lastUpdatedAt }).where('id', '=', id).execute();
    await record(s, tx, principal, status === 'ACTIVE' ? 'zone.activate' : 'zone.deactivate', after);
    return after;
  });
  await s.zones.reload();
  return presentZone(row, s.config.publicUrl.origin);
};
