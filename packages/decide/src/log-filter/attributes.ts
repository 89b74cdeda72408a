import type { Attribute, AttributeType } from '../filter/filter.ts';

/** A `map` is an object whose every key is an attribute. */
type PathType = AttributeType | 'map';
/** The lists of an event. A clause over one is existential: some element satisfies it. */
export type EventList = 'target' | 'request.ipChain';

const of = (type: PathType, ...paths: string[]): [string, PathType][] => paths.map((path) => [path, type]);
const GEOGRAPHY = ['city', 'state', 'country', 'postalCode'];
const under = (prefix: string, names: readonly string[]): string[] => names.map((name) => `${prefix}.${name}`);

/**
 * Every path of a LogEvent that a filter may name. `published` (the `since` and `until` parameters) and
 * `changeDetails` cannot be queried. Some are never filled by this server; asking for them is no error.
 */
export const ATTRIBUTES: ReadonlyMap<string, PathType> = new Map([
  ...of('string', 'uuid', 'eventType', 'legacyEventType', 'version', 'severity', 'displayMessage'),
  ...of('string', ...under('actor', ['id', 'type', 'alternateId', 'displayName'])),
  ...of('string', ...under('client', ['id', 'ipAddress', 'device', 'zone'])),
  ...of(
    'string',
    ...under('client.userAgent', ['browser', 'os', 'rawUserAgent']),
    ...under('client.geographicalContext', GEOGRAPHY),
  ),
  ...of('number', 'client.geographicalContext.geolocation.lat', 'client.geographicalContext.geolocation.lon'),
  ...of(
    'string',
    ...under('device', ['id', 'name', 'os_platform', 'os_version', 'disk_encryption_type', 'screen_lock_type']),
  ),
  ...of('boolean', ...under('device', ['managed', 'registered', 'jailbreak', 'secure_hardware_present'])),
  ...of(
    'string',
    ...under('authenticationContext', [
      'authenticationProvider',
      'credentialProvider',
      'credentialType',
      'externalSessionId',
      'rootSessionId',
      'deviceSessionId',
      'interface',
      'issuer.id',
      'issuer.type',
    ]),
  ),
  ...of('number', 'authenticationContext.authenticationStep'),
  ...of('string', 'outcome.result', 'outcome.reason'),
  ...of('number', 'securityContext.asNumber'),
  ...of('string', ...under('securityContext', ['asOrg', 'isp', 'domain'])),
  ...of('boolean', 'securityContext.isProxy'),
  ...of('string', ...under('target', ['id', 'type', 'alternateId', 'displayName'])),
  ...of('string', 'transaction.type', 'transaction.id'),
  ...of(
    'string',
    ...under('request.ipChain', ['ip', 'version', 'source']),
    ...under('request.ipChain.geographicalContext', GEOGRAPHY),
  ),
  ...of(
    'number',
    'request.ipChain.geographicalContext.geolocation.lat',
    'request.ipChain.geographicalContext.geolocation.lon',
  ),
  ...of('map', 'actor.detailEntry', 'target.detailEntry', 'transaction.detail', 'debugContext.debugData'),
  ...of(
    'object',
    'actor',
    'client',
    'client.userAgent',
    'client.geographicalContext',
    'client.geographicalContext.geolocation',
    'device',
  ),
  ...of(
    'object',
    'authenticationContext',
    'authenticationContext.issuer',
    'outcome',
    'securityContext',
    'target',
    'transaction',
  ),
  ...of(
    'object',
    'request',
    'request.ipChain',
    'request.ipChain.geographicalContext',
    'request.ipChain.geographicalContext.geolocation',
    'debugContext',
  ),
]);

const LISTS: readonly EventList[] = ['target', 'request.ipChain'];
const MAPS = [...ATTRIBUTES].filter(([, type]) => type === 'map').map(([path]) => path);
/** Keys of a free map; narrow, so that no key can mean something inside a JSON path. */
const MAP_KEYS = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;

/** The attribute of a name in a filter, or null. Names are case-sensitive; `target.0.id` means `target.id`. */
export const resolveAttribute = (name: string): Attribute | null => {
  const path = name === 'event_type' ? 'eventType' : name.replace(/^(target|request\.ipChain)\.\d+(?=\.)/, '$1');
  const known = ATTRIBUTES.get(path);
  const map = MAPS.find((prefix) => path.startsWith(`${prefix}.`));
  if (known === undefined && (map === undefined || !MAP_KEYS.test(path.slice(map.length + 1)))) return null;
  const each = LISTS.find((list) => path.startsWith(`${list}.`)) ?? null;
  const keys = (each === null ? path : path.slice(each.length + 1)).split('.');
  return Object.freeze({
    path,
    keys: Object.freeze(keys),
    type: known === 'map' ? 'object' : (known ?? 'string'),
    each,
  });
};
