import type { Attribute, AttributeType } from '../filter/filter.ts';
import { type Language, short } from '../filter/parse-expression.ts';

const FIELDS: ReadonlyMap<string, AttributeType> = new Map<string, AttributeType>([
  ['id', 'string'],
  ['type', 'string'],
  ['created', 'instant'],
  ['lastUpdated', 'instant'],
  ['lastMembershipUpdated', 'instant'],
  ['profile.name', 'string'],
  ['profile.description', 'string'],
]);

/** How the values of attributes compare that the schema of groups adds. */
export type GroupAttributeTypes = ReadonlyMap<
  string,
  { readonly type: 'string' | 'number' | 'boolean'; readonly isList: boolean }
>;

/** The attribute of a name, or null. */
export const groupAttribute = (name: string, own: GroupAttributeTypes = new Map()): Attribute | null => {
  const key = name.replace('profile.', '');
  const type = FIELDS.get(name);
  if (type !== undefined) return { path: name, keys: [key], type, each: null };
  const found = name.startsWith('profile.') ? own.get(key) : undefined;
  if (found === undefined) return null;
  return found.isList
    ? { path: name, keys: [], type: found.type, each: key }
    : { path: name, keys: [key], type: found.type, each: null };
};

/** `search` of `GET /api/v1/groups`. */
export const groupSearch = (own: GroupAttributeTypes): Language => ({
  attributeOf: (name) => groupAttribute(name, own) ?? `field is not valid: ${short(name)}`,
});

const FILTERED = ['id', 'type', 'lastUpdated', 'lastMembershipUpdated'];
/** `filter` of `GET /api/v1/groups`. The name is in it for clients that know no `search`. */
export const GROUP_FILTER: Language = {
  attributeOf: (name) =>
    ([...FILTERED, 'profile.name'].includes(name) ? groupAttribute(name) : null) ??
    `field is not valid: ${short(name)}; filter knows ${FILTERED.join(', ')}, search knows all`,
};
