import type { Attribute, AttributeType } from '../filter/filter.ts';
import { type Language, short } from '../filter/parse-expression.ts';

/** Beside the profile. */
const FIELDS: ReadonlyMap<string, AttributeType> = new Map<string, AttributeType>([
  ['id', 'string'],
  ['status', 'string'],
  ['type.id', 'string'],
  ['created', 'instant'],
  ['activated', 'instant'],
  ['statusChanged', 'instant'],
  ['lastLogin', 'instant'],
  ['lastUpdated', 'instant'],
  ['passwordChanged', 'instant'],
  ['sallyport.serviceAccountSince', 'instant'],
]);
/** Names of attributes; narrow, so that none can mean something inside a JSON path. */
const PROFILE_NAME = /^profile\.([A-Za-z][A-Za-z0-9_]{0,127})$/;

/** How the values of an attribute of profiles compare, where the schema says so. */
export type ProfileTypes = ReadonlyMap<
  string,
  { readonly type: 'string' | 'number' | 'boolean'; readonly isList: boolean }
>;

/** The attribute of a name, or null. What no schema defines compares as text. */
export const userAttribute = (name: string, types: ProfileTypes): Attribute | null => {
  const [, key] = PROFILE_NAME.exec(name) ?? [];
  if (key !== undefined) {
    const { type, isList } = types.get(key) ?? { type: 'string', isList: false };
    return isList ? { path: name, keys: [], type, each: key } : { path: name, keys: [key], type, each: null };
  }
  const type = FIELDS.get(name);
  return type === undefined ? null : { path: name, keys: [name], type, each: null };
};

/** Why an attribute cannot be asked for. */
const unknownField = (name: string): string =>
  name === 'realmId'
    ? 'field is not valid: realmId; this server has no realms, everybody is in the one organisation'
    : `field is not valid: ${short(name)}`;

/** `search` of `GET /api/v1/users`: every attribute, every operator. */
export const userSearch = (types: ProfileTypes): Language => ({
  attributeOf: (name) => userAttribute(name, types) ?? unknownField(name),
});

const FILTERED = new Set([
  ...['status', 'lastUpdated', 'id', 'type.id'],
  ...['profile.login', 'profile.email', 'profile.firstName', 'profile.lastName'],
]);

/** `filter` of `GET /api/v1/users`: few attributes; the rest is asked with `search`. */
export const USER_FILTER: Language = {
  attributeOf: (name) =>
    (FILTERED.has(name) ? userAttribute(name, new Map()) : null) ??
    `${unknownField(name)}; filter knows ${[...FILTERED].join(', ')}, search knows all`,
};
