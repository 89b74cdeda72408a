/**
 * What profiles of people may hold. An attribute is described in the words of JSON Schema draft 4, as the wire has it; the
 * base attributes are there in every org, and a schema adds its own to them.
 */
export const ATTRIBUTE_TYPES = ['string', 'boolean', 'number', 'integer', 'array'] as const;
export type AttributeValueType = (typeof ATTRIBUTE_TYPES)[number];

/** What a value may be beside its type. */
interface Bounds {
  readonly enum?: readonly (string | number)[] | undefined;
  readonly oneOf?: readonly { readonly const: string | number; readonly title: string }[] | undefined;
}
export interface AttributeSchema extends Bounds {
  readonly title: string;
  readonly description?: string | undefined;
  readonly type: AttributeValueType;
  /** Of each element of an array. */
  readonly items?: (Bounds & { readonly type: 'string' | 'number' | 'integer' }) | undefined;
  readonly required?: boolean | undefined;
  readonly format?: string | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly default?: string | number | boolean | undefined;
  /** No two people of a type share a value, without regard to case. */
  readonly unique?: 'UNIQUE_VALIDATED' | undefined;
  /** What people may do with it on their own profile. */
  readonly permissions?: readonly { readonly principal: string; readonly action: string }[] | undefined;
  readonly master?: { readonly type: string } | undefined;
}

/** A name that can mean nothing else inside a search, a JSON path or an expression of a group rule. */
export const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;
/** So many attributes may one profile hold, and one schema add. */
export const ATTRIBUTES_MAX = 200;

const of = (title: string, action: 'READ_WRITE' | 'READ_ONLY' | 'HIDE', more: Partial<AttributeSchema> = {}) => ({
  title,
  type: 'string' as const,
  ...more,
  permissions: [{ principal: 'SELF', action }],
  master: { type: 'PROFILE_MASTER' },
});

/**
 * The base attributes, in the order in which schemas show them. First and last name are not required here, unlike there:
 * accounts for emergencies and services have none.
 */
export const BASE_ATTRIBUTES: Readonly<Record<string, AttributeSchema>> = {
  login: of('Username', 'READ_ONLY', { required: true, minLength: 1, maxLength: 320 }),
  firstName: of('First name', 'READ_WRITE', { maxLength: 50 }),
  lastName: of('Last name', 'READ_WRITE', { maxLength: 50 }),
  middleName: of('Middle name', 'READ_ONLY'),
  honorificPrefix: of('Honorific prefix', 'READ_ONLY'),
  honorificSuffix: of('Honorific suffix', 'READ_ONLY'),
  email: of('Primary email', 'READ_WRITE', { required: true, format: 'email', maxLength: 320 }),
  title: of('Title', 'READ_ONLY'),
  displayName: of('Display name', 'READ_ONLY'),
  nickName: of('Nickname', 'READ_ONLY'),
  profileUrl: of('Profile Url', 'READ_ONLY', { format: 'uri' }),
  secondEmail: of('Secondary email', 'READ_WRITE', { format: 'email' }),
  mobilePhone: of('Mobile phone', 'READ_WRITE', { maxLength: 100 }),
  primaryPhone: of('Primary phone', 'HIDE', { maxLength: 100 }),
  streetAddress: of('Street address', 'HIDE'),
  city: of('City', 'HIDE'),
  state: of('State', 'HIDE'),
  zipCode: of('Zip code', 'HIDE'),
  countryCode: of('Country code', 'HIDE', { format: 'country-code' }),
  postalAddress: of('Postal Address', 'HIDE'),
  preferredLanguage: of('Preferred language', 'READ_ONLY', { format: 'language-code' }),
  locale: of('Locale', 'READ_ONLY', { format: 'locale' }),
  timezone: of('Time zone', 'READ_ONLY', { format: 'timezone' }),
  userType: of('User type', 'READ_ONLY'),
  employeeNumber: of('Employee number', 'READ_WRITE'),
  costCenter: of('Cost center', 'READ_ONLY'),
  organization: of('Organization', 'READ_ONLY'),
  division: of('Division', 'READ_ONLY'),
  department: of('Department', 'READ_ONLY'),
  managerId: of('ManagerId', 'READ_ONLY'),
  manager: of('Manager', 'READ_ONLY'),
};

/** Is it the name of a base attribute, in whatever case? Nobody shall have to tell `Login` from `login`. */
export const isBaseName = (name: string): boolean =>
  Object.keys(BASE_ATTRIBUTES).some((base) => base.toLowerCase() === name.toLowerCase());
