import { parseAddress } from '@sallyport/decide/address/parse-address';
import { judgeBlocklist } from '@sallyport/decide/zones/judge-blocklist';
import { categoryOf, missingFeeds } from '@sallyport/decide/zones/service-feeds';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { toIso } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Address, ClientAddress } from '@sallyport/model/network';
import type { ZoneContent } from '@sallyport/model/network-zone';
import type { Principal } from '@sallyport/model/principal';
import type { TokenNetwork } from '../api-tokens/token-network.ts';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { simpleFilter } from '../http/simple-filter.ts';
import { SERVICE_APP_NAME, serviceSettingsOf } from '../machines/service-app.ts';
import { assertMayChangeNamed, isNamedByBase } from '../policies/find-policy.ts';
import { keepingAWayIn, superAdminVoices } from '../policies/ways-in.ts';
import type { NetworkIntel } from '../ports/network-intel.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { forgetResource } from '../roles/forget.ts';
import { assertHolds, assertMay } from '../roles/guard-user.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { readZoneContent, type ZoneBody } from './read-zone-body.ts';
import { columnsOfContent, contentOf } from './zone-content.ts';
import { blocklistWith } from './zone-index.ts';
import { hopSubjects, knownClient } from './zone-subject.ts';

const ENTRIES_MAX = { POLICY: 150, BLOCKLIST: 1000, system: 5000, all: 25_000 } as const;

/** A list that is empty is written as null, as the wire has it for IP and DYNAMIC zones. */
const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);

const presentContent = (content: ZoneContent) => {
  if (content.type === 'IP') return { gateways: orNull(content.gateways), proxies: orNull(content.proxies) };
  if (content.type === 'DYNAMIC_V2') return content;
  return { locations: orNull(content.locations), proxyType: content.proxyType, asns: content.asns };
};

/** What the zone asks, of which there is no data: it is unknown whether such an address is in it. */
export const missingData = (
  content: ZoneContent,
  { loadedFeeds, hasRegions }: Pick<NetworkIntel, 'loadedFeeds' | 'hasRegions'>,
): readonly string[] => {
  if (content.type === 'IP') return [];
  const { include, exclude } =
    content.type === 'DYNAMIC' ? { include: categoryOf(content.proxyType), exclude: [] } : content.ipServiceCategories;
  const locations =
    content.type === 'DYNAMIC' ? content.locations : [...content.locations.include, ...content.locations.exclude];
  const regions = !hasRegions && locations.some(({ region }) => region !== null) ? ['regions of countries'] : [];
  return [...missingFeeds([...include, ...exclude], loadedFeeds), ...regions];
};

/** A zone as the wire shows it. `sallyport` is ours: of what it asks there is no data. */
export const presentZone = (s: Services, row: Row<'zones'>) => {
  const self = `${s.config.publicUrl.origin}/api/v1/zones/${row.id}`;
  const verb = row.status === 'ACTIVE' ? 'deactivate' : 'activate';
  const content = contentOf(row);
  const missing = missingData(content, s.intel);
  return {
    type: row.type,
    id: row.id,
    name: row.name,
    status: row.status,
    usage: row.usage,
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    system: row.isSystem === 1,
    ...presentContent(content),
    ...(missing.length === 0 ? {} : { sallyport: { missingData: missing } }),
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

/** Where the super admins who could undo a change are signed in from; empty when nobody is. */
const undoersAt = async (s: Services, tx: Transaction): Promise<readonly Address[]> => {
  // Whoever locks passwords by guessing must not lift this: a session needs none.
  const able = await superAdminVoices(s, tx, 'in-time');
  if (able.length === 0) return [];
  const rows = await tx
    .selectFrom('sessions')
    .select('signInAddress')
    .distinct()
    .where('userId', 'in', able)
    .where('endedAt', 'is', null)
    .where('endsAt', '>', s.clock.now())
    .execute();
  return rows.map(({ signInAddress }) => parseAddress(signInAddress ?? '')).filter((address) => address !== null);
};

/**
 * Refuses a zone after which the next request of its author, or of everybody who could undo it, would be blocked
 * (design §4.13). The exempt zone counts: taking an address out of it can block, too.
 */
const assertNotLockingOut = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  row: Row<'zones'>,
): Promise<void> => {
  const blocklist = await blocklistWith(tx, row);
  const isBlocked = (client: ClientAddress): boolean =>
    judgeBlocklist(blocklist, hopSubjects(s.intel, client)) !== null;
  const { client } = principal.request;
  // Who is blocked already, and asks from inside, makes nothing worse.
  if (isBlocked(client) && s.zones.blockingZone(client) === null) {
    const own = client.kind === 'known' ? client.address.text : 'a hop of your request';
    throw invalid('gateways', `Your own address ${own} would be blocked: it would lock you out`);
  }
  const others = await undoersAt(s, tx);
  if (others.length > 0 && others.every((address) => isBlocked(knownClient(address))))
    throw invalid('gateways', 'Every super admin who is signed in would be blocked: nobody could undo it');
};

const assertNotInUse = async (tx: Transaction, id: string, what: string): Promise<void> => {
  const tokens = await tx.selectFrom('apiTokens').select(['name', 'network']).where('revokedAt', 'is', null).execute();
  const user = tokens.find((token) => {
    const { include, exclude } = JSON.parse(token.network) as TokenNetwork;
    return [...include, ...exclude].includes(id);
  });
  if (user !== undefined) throw invalid('zone', `The API token ${user.name} uses this zone; it cannot be ${what}`);
  const apps = await tx.selectFrom('apps').select(['label', 'body']).where('name', '=', SERVICE_APP_NAME).execute();
  const app = apps.find((row) => {
    const { include, exclude } = serviceSettingsOf(row).network;
    return [...include, ...exclude].includes(id);
  });
  if (app !== undefined) throw invalid('zone', `The service app ${app.label} uses this zone; it cannot be ${what}`);
  const rule = await tx
    .selectFrom('policyRules')
    .select('name')
    .where('conditions', 'like', `%"${id.replace(/[\\%_]/g, '')}"%`)
    .executeTakeFirst();
  if (rule !== undefined) throw invalid('zone', `The policy rule ${rule.name} uses this zone; it cannot be ${what}`);
  if (await isNamedByBase(tx, id))
    throw invalid(
      'zone',
      `A policy that counts again unless a change is confirmed uses this zone; it cannot be ${what}`,
    );
};

/** The columns of a zone as the body asks for them, within what one zone may hold. */
const columnsOf = (body: ZoneBody, before: Row<'zones'> | null) => {
  const usage = body.usage ?? 'POLICY';
  const isSystem = before?.isSystem === 1;
  const content = readZoneContent(body, isSystem);
  const max = isSystem ? ENTRIES_MAX.system : ENTRIES_MAX[usage];
  if (entriesOf(content) > max) throw invalid('gateways', `at most ${max} gateways and proxies`);
  return { name: body.name, usage, status: body.status ?? before?.status ?? 'ACTIVE', ...columnsOfContent(content) };
};

const entriesOf = (content: ZoneContent): number =>
  content.type === 'IP' ? content.gateways.length + content.proxies.length : 0;

/** All zones together: what every request may have to be looked up in. */
const assertRoomFor = async (tx: Transaction, changed: Row<'zones'>): Promise<void> => {
  const rows = await tx.selectFrom('zones').selectAll().where('id', '!=', changed.id).execute();
  const entries = [...rows, changed].reduce((sum, row) => sum + entriesOf(contentOf(row)), 0);
  if (entries > ENTRIES_MAX.all)
    throw invalid(
      'gateways',
      `at most ${ENTRIES_MAX.all} gateways and proxies in all zones; this would make ${entries}`,
    );
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
    zones: shown.map((row) => presentZone(s, row)),
    after,
  };
};

export const getZone = async (s: Services, principal: Principal, id: string) => {
  const row = await find(s.store.read, id);
  assertMay(principal, 'okta.networkZones.read', { kind: 'zone', id });
  return presentZone(s, row);
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
    debugData: { zone_data: JSON.stringify({ usage: row.usage, ...contentOf(row) }).slice(0, 4096) },
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
    isSystem: 0,
    isExempt: 0,
    ...columnsOf(body, null),
    createdAt: now,
    lastUpdatedAt: now,
  };
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await assertNameIsFree(tx, row.name, null);
    await assertRoomFor(tx, row);
    await assertNotLockingOut(s, tx, principal, row);
    await keepingAWayIn(s, tx, () => tx.insertInto('zones').values(row).execute());
    await record(s, tx, principal, 'zone.create', row);
  });
  await s.zones.reload();
  return presentZone(s, row);
};

const assertExemptRules = (before: Row<'zones'>, body: ZoneBody, after: ReturnType<typeof columnsOf>): void => {
  if (before.isExempt !== 1 || body.type !== 'IP') return;
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
    await assertMayChangeNamed(tx, principal, id);
    // Who may exempt addresses from binding may switch it off for them.
    if (before.isExempt === 1) assertHolds(principal, 'okta.sessionBinding.manage');
    if (columns.type !== before.type)
      throw invalid('type', `The type of a zone cannot be changed; this one is ${before.type}`);
    assertExemptRules(before, body, columns);
    if (before.isSystem === 1 && columns.name !== before.name) throw invalid('name', 'A built-in zone keeps its name');
    if (before.isSystem === 1 && columns.usage !== before.usage)
      throw invalid('usage', 'A built-in zone keeps its usage');
    if (columns.usage === 'BLOCKLIST' && before.usage !== 'BLOCKLIST') await assertNotInUse(tx, id, 'made a blocklist');
    if (columns.status === 'INACTIVE' && before.status === 'ACTIVE') await assertNotInUse(tx, id, 'deactivated');
    await assertNameIsFree(tx, columns.name, id);
    const after = { ...before, ...columns, lastUpdatedAt: s.clock.now() };
    await assertRoomFor(tx, after);
    await assertNotLockingOut(s, tx, principal, after);
    const change = { ...columns, lastUpdatedAt: after.lastUpdatedAt };
    await keepingAWayIn(s, tx, () => tx.updateTable('zones').set(change).where('id', '=', id).execute());
    await record(s, tx, principal, 'zone.update', after);
    return after;
  });
  await s.zones.reload();
  return presentZone(s, row);
};

/** `DELETE /api/v1/zones/{id}`. */
export const deleteZone = async (s: Services, principal: Principal, id: string): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const row = await findToChange(tx, principal, id);
    if (row.isSystem === 1) throw new ApiError('E0000111', { causes: ['A built-in zone cannot be deleted.'] });
    await assertNotInUse(tx, id, 'deleted');
    await keepingAWayIn(s, tx, () => tx.deleteFrom('zones').where('id', '=', id).execute());
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
    await assertMayChangeNamed(tx, principal, id);
    if (status === 'INACTIVE') await assertNotInUse(tx, id, 'deactivated');
    const after = { ...before, status, lastUpdatedAt: s.clock.now() };
    await assertNotLockingOut(s, tx, principal, after);
    const change = { status, lastUpdatedAt: after.lastUpdatedAt };
    await keepingAWayIn(s, tx, () => tx.updateTable('zones').set(change).where('id', '=', id).execute());
    await record(s, tx, principal, status === 'ACTIVE' ? 'zone.activate' : 'zone.deactivate', after);
    return after;
  });
  await s.zones.reload();
  return presentZone(s, row);
};
