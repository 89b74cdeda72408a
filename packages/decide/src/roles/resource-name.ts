import type { Selector } from '@sallyport/model/rights';

/**
 * Resource names: `orn:okta:<service>:<org>:<type>[:<id>[:contained_resources]]`, or the address of the same in the
 * management API. A name of another organisation, or of a thing that this server has not, is none: an entry that is not
 * understood must not stand in a resource set and wait for a meaning.
 */
/** Both are read; which one is written, the configuration says. */
export const ORN_PARTITIONS = ['okta', 'oktapreview'] as const;
export type OrnPartition = (typeof ORN_PARTITIONS)[number];
const SERVICES = {
  users: 'directory',
  groups: 'directory',
  apps: 'idp',
  policies: 'idp',
  zones: 'idp',
  logs: 'idp',
} as const;
type Type = keyof typeof SERVICES;
const isType = (text: string): text is Type => Object.hasOwn(SERVICES, text);
const ID = /^[A-Za-z0-9]{20}$/;
const POLICY_TYPE = /^[A-Z][A-Z_]{2,63}$/;
const APP_NAME = /^[a-z][a-z0-9_]{0,99}$/;

const selectorOf = (type: Type, rest: readonly string[]): Selector | null => {
  const [first, second, ...more] = rest;
  if (more.length > 0) return null;
  if (first === undefined) return { kind: KINDS[type], by: 'all' };
  if (type === 'groups' && second === 'contained_resources' && ID.test(first))
    return { kind: 'user', by: 'group', groupId: first };
  if (type === 'apps' && !ID.test(first) && APP_NAME.test(first)) {
    if (second === undefined) return { kind: 'app', by: 'name', name: first };
    return ID.test(second) ? { kind: 'app', by: 'id', id: second } : null;
  }
  if (second !== undefined) return null;
  if (type === 'policies' && POLICY_TYPE.test(first) && !ID.test(first))
    return { kind: 'policy', by: 'type', type: first };
  return type !== 'logs' && ID.test(first) ? { kind: KINDS[type], by: 'id', id: first } : null;
};
const KINDS = {
  users: 'user',
  groups: 'group',
  apps: 'app',
  policies: 'policy',
  zones: 'zone',
  logs: 'log',
} as const;
const TYPES = { user: 'users', group: 'groups', app: 'apps', policy: 'policies', zone: 'zones', log: 'logs' } as const;

const ofOrn = (text: string, orgId: string): Selector | null => {
  const [scheme, partition, service, org, type, ...rest] = text.split(':');
  if (scheme !== 'orn' || !ORN_PARTITIONS.some((one) => one === partition) || org !== orgId) return null;
  if (type === undefined || !isType(type) || SERVICES[type] !== service) return null;
  return selectorOf(type, rest);
};

const ofUrl = (text: string, origin: string): Selector | null => {
  const path = text.startsWith(`${origin}/`) ? text.slice(origin.length) : text;
  if (!path.startsWith('/api/v1/')) return null;
  const [plain = '', query, ...others] = path.slice('/api/v1/'.length).split('?');
  const [type = '', ...rest] = plain.split('/');
  if (others.length > 0 || !isType(type) || rest.includes('')) return null;
  if (query !== undefined) {
    const policyType = /^type=([A-Z_]+)$/.exec(query)?.[1];
    return type === 'policies' && rest.length === 0 && policyType !== undefined ? selectorOf(type, [policyType]) : null;
  }
  if (type === 'groups' && rest.length === 2 && rest[1] === 'users')
    return selectorOf(type, [rest[0] ?? '', 'contained_resources']);
  return rest.length > 1 ? null : selectorOf(type, rest);
};

/** The choice that a resource name or an address stands for; null for what is none here. */
export const parseResourceName = (text: string, orgId: string, origin: string): Selector | null =>
  text.startsWith('orn:') ? ofOrn(text, orgId) : ofUrl(text, origin);

const partOf = (selector: Selector): string => {
  switch (selector.by) {
    case 'all':
      return TYPES[selector.kind];
    case 'id':
      return `${TYPES[selector.kind]}:${selector.id}`;
    case 'group':
      return `groups:${selector.groupId}:contained_resources`;
    case 'name':
      return `apps:${selector.name}`;
    case 'type':
      return `policies:${selector.type}`;
  }
};

/** The one name of a choice. */
export const formatResourceName = (selector: Selector, orgId: string, partition: OrnPartition = 'okta'): string => {
  const part = partOf(selector);
  return `orn:${partition}:${SERVICES[part.split(':', 1)[0] as Type]}:${orgId}:${part}`;
};

/** The path of the management API where the chosen things are. */
export const pathOfSelector = (selector: Selector): string => {
  switch (selector.by) {
    case 'all':
      return `/api/v1/${TYPES[selector.kind]}`;
    case 'id':
      return `/api/v1/${TYPES[selector.kind]}/${selector.id}`;
    case 'group':
      return `/api/v1/groups/${selector.groupId}/users`;
    case 'name':
      return `/api/v1/apps?filter=${encodeURIComponent(`name eq "${selector.name}"`)}`;
    case 'type':
      return `/api/v1/policies?type=${selector.type}`;
  }
};
