import type { ZoneEntryAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { RouteInput } from '@sallyport/client/route-input';
import { rangeOf, rangeText } from '../zone-ranges.ts';
import { readAll } from './read-all.ts';
import type { Entry, Section } from './section.ts';

interface Zone {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly usage: 'POLICY' | 'BLOCKLIST';
  readonly system: boolean;
  readonly gateways?: readonly ZoneEntryAnswer[] | null;
  readonly proxies?: readonly ZoneEntryAnswer[] | null;
}

/** What a dynamic zone asks of an address, as the wire has it. */
const CONDITIONS = ['asns', 'locations', 'proxyType', 'ipServiceCategories'] as const;
const conditionsOf = (zone: Zone): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    CONDITIONS.flatMap((field) =>
      field in zone ? [[field, (zone as unknown as Record<string, unknown>)[field]]] : [],
    ),
  );

type ZoneBody = NonNullable<RouteInput<'zones.create'>['body']>;

const bodyOf = (name: string, { type, usage, status, gateways, proxies, conditions }: Entry): ZoneBody => {
  const common = { name, usage: usage as Zone['usage'], status: status as Zone['status'] };
  return type === 'IP'
    ? {
        type,
        ...common,
        gateways: (gateways as readonly string[]).map(rangeOf),
        proxies: (proxies as readonly string[]).map(rangeOf),
        // The server takes a change of the exempt zone only where it is said that this is meant.
        ...(name === 'DefaultExemptIpZone' && { useAsExemptList: true }),
      }
    : ({ type, ...common, ...(conditions as object) } as ZoneBody);
};

const listed = (entry: Entry, field: string): readonly string[] =>
  Array.isArray(entry[field]) && entry[field].every((item) => typeof item === 'string')
    ? []
    : [`${field}: must be a list of addresses`];

/** An IP zone has addresses, a dynamic one conditions: what would be left unread is told. */
const unfit = ({ type, gateways, proxies, conditions }: Entry): readonly string[] => {
  if (typeof conditions !== 'object' || conditions === null) return ['conditions: must have fields'];
  const unknown = Object.keys(conditions).filter((key) => !(CONDITIONS as readonly string[]).includes(key));
  if (unknown.length > 0) return [`conditions: there is no ${unknown.join(', ')}`];
  const hasConditions = Object.keys(conditions).length > 0;
  if (type === 'IP') return hasConditions ? ['conditions: an IP zone has none'] : [];
  const hasAddresses = [gateways, proxies].some((list) => Array.isArray(list) && list.length > 0);
  return hasAddresses ? ['gateways: a dynamic zone has none, nor proxies'] : [];
};

export const zones: Section = {
  key: 'zones',
  noun: 'zone',
  names: 'zone',
  fields: { type: 'IP', usage: 'POLICY', status: 'ACTIVE', gateways: [], proxies: [], conditions: {} },
  async read(client) {
    const all = await readAll<Zone>(client, '/api/v1/zones?limit=200', null);
    return all.map((zone) => ({
      id: zone.id,
      name: zone.name,
      isBuiltIn: zone.system,
      entry: {
        type: zone.type,
        usage: zone.usage,
        status: zone.status,
        gateways: (zone.gateways ?? []).map(rangeText),
        proxies: (zone.proxies ?? []).map(rangeText),
        conditions: conditionsOf(zone),
      },
    }));
  },
  check: (entry) => [
    ...listed(entry, 'gateways'),
    ...listed(entry, 'proxies'),
    ...(['IP', 'DYNAMIC', 'DYNAMIC_V2'].includes(String(entry['type']))
      ? []
      : ['type: must be IP, DYNAMIC or DYNAMIC_V2']),
    ...unfit(entry),
  ],
  create: (name, entry) => [
    { batch: 'zones.create', request: () => requestOf('zones.create', { body: bodyOf(name, entry) }) },
  ],
  update: ({ id, name, isBuiltIn }, entry) => [
    {
      // The zone that exempts from binding is an action of its own.
      batch: isBuiltIn ? `zones.replace ${id}` : 'zones.replace',
      request: () => requestOf('zones.replace', { params: { zoneId: id }, body: bodyOf(name, entry) }),
    },
  ],
  remove: ({ id }) => [{ batch: 'zones.delete', request: () => requestOf('zones.delete', { params: { zoneId: id } }) }],
};
