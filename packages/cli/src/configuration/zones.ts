import { requestOf } from '@sallyport/client/client-request';
import { readAll } from './read-all.ts';
import type { Entry, Section } from './section.ts';

interface Range {
  readonly type: 'CIDR' | 'RANGE';
  readonly value: string;
}
interface Zone {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly usage: 'POLICY' | 'BLOCKLIST';
  readonly system: boolean;
  readonly gateways: readonly Range[] | null;
  readonly proxies: readonly Range[] | null;
}

/** `203.0.113.0/24`, or `203.0.113.1-203.0.113.9`. */
const textOf = ({ type, value }: Range): string =>
  type === 'RANGE' && !value.includes('-') ? `${value}-${value}` : value;
const rangesOf = (texts: unknown): Range[] =>
  (texts as readonly string[]).map((value) => ({ type: value.includes('-') ? 'RANGE' : 'CIDR', value }));

const bodyOf = (name: string, { usage, status, gateways, proxies }: Entry) => ({
  type: 'IP' as const,
  name,
  usage: usage as Zone['usage'],
  status: status as Zone['status'],
  gateways: rangesOf(gateways),
  proxies: rangesOf(proxies),
});

const listed = (entry: Entry, field: string): readonly string[] =>
  Array.isArray(entry[field]) && entry[field].every((item) => typeof item === 'string')
    ? []
    : [`${field}: must be a list of addresses`];

export const zones: Section = {
  key: 'zones',
  noun: 'zone',
  names: 'zone',
  fields: { usage: 'POLICY', status: 'ACTIVE', gateways: [], proxies: [] },
  async read(client) {
    const all = await readAll<Zone>(client, '/api/v1/zones?limit=200', null);
    return all
      .filter(({ type }) => type === 'IP')
      .map(({ id, name, usage, status, gateways, proxies, system }) => ({
        id,
        name,
        isBuiltIn: system,
        entry: { usage, status, gateways: (gateways ?? []).map(textOf), proxies: (proxies ?? []).map(textOf) },
      }));
  },
  check: (entry) => [...listed(entry, 'gateways'), ...listed(entry, 'proxies')],
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
