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

/** The attribute of a name, or null. */
export const groupAttribute = (name: string): Attribute | null => {
  const type = FIELDS.get(name);
  const keys = [name.replace('profile.', '')];
  return type === undefined ? null : { path: name, keys, type, each: null };
};

/** `search` of `GET /api/v1/groups`. */
export const GROUP_SEARCH: Language = {
  attributeOf: (name) => groupAttribute(name) ?? `field is not valid: ${short(name)}`,
};

const FILTERED = ['id', 'type', 'lastUpdated', 'lastMembershipUpdated'];
/** `filter` of `GET /api/v1/groups`. The name is in it for clients that know no `search`. */
export const GROUP_FILTER: Language = {
  attributeOf: (name) =>
    ([...FILTERED, 'profile.name'].includes(name) ? groupAttribute(name) : null) ??
    `field is not valid: ${short(name)}; filter knows ${FILTERED.join(', ')}, search knows all`,
};
