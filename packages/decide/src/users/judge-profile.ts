import { ATTRIBUTE_NAME, ATTRIBUTES_MAX, type AttributeSchema } from '@sallyport/model/user-schema';

export type Profile = Readonly<Record<string, unknown>>;
type Bounded = Pick<AttributeSchema, 'enum' | 'oneOf'>;

/** One at sign with something on both sides: what a mail server makes of the rest is its own business. */
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const FORMATS: Readonly<Record<string, readonly [RegExp, string]>> = {
  email: [EMAIL, 'must be an email address'],
  uri: [/^[a-z][a-z0-9+.-]*:\S+$/i, 'must be a URI'],
};

const isChosen = ({ enum: values, oneOf }: Bounded, value: string | number): boolean => {
  const allowed = oneOf?.map((choice) => choice.const) ?? values;
  return allowed === undefined || allowed.includes(value);
};

const textFault = (schema: AttributeSchema, value: unknown): string | null => {
  if (typeof value !== 'string') return 'must be text';
  const length = [...value].length;
  if (length < (schema.minLength ?? 0)) return `must have at least ${schema.minLength} characters`;
  if (length > (schema.maxLength ?? Number.POSITIVE_INFINITY))
    return `must have at most ${schema.maxLength} characters`;
  const [pattern, words] = FORMATS[schema.format ?? ''] ?? [];
  return pattern !== undefined && !pattern.test(value) ? (words ?? null) : null;
};

const numberFault = (schema: AttributeSchema, value: unknown): string | null => {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number';
  if (schema.type === 'integer' && !Number.isInteger(value)) return 'must be a whole number';
  if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) return `must be at least ${schema.minimum}`;
  return value > (schema.maximum ?? Number.POSITIVE_INFINITY) ? `must be at most ${schema.maximum}` : null;
};

const valueFault = (schema: AttributeSchema, value: unknown): string | null => {
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return 'must be a list';
    const element = { title: schema.title, ...(schema.items ?? { type: 'string' as const }) };
    return value.map((item) => valueFault(element, item)).find((fault) => fault !== null) ?? null;
  }
  if (schema.type === 'boolean') return typeof value === 'boolean' ? null : 'must be true or false';
  const fault = schema.type === 'string' ? textFault(schema, value) : numberFault(schema, value);
  if (fault !== null) return fault;
  return isChosen(schema, value as string | number) ? null : 'is none of the values to choose from';
};

/**
 * What is wrong with a profile, attribute by attribute; nothing is the good answer. Only what is written is held against
 * the schema, so that a schema made stricter stops nobody from changing something else. What no schema defines is kept
 * as it comes, under a name that can mean nothing else.
 */
export const judgeProfile = (
  attributes: ReadonlyMap<string, AttributeSchema>,
  profile: Profile,
  written: readonly string[],
): string[] => {
  if (Object.keys(profile).length > ATTRIBUTES_MAX) return [`profile: has at most ${ATTRIBUTES_MAX} attributes`];
  const faults = written.flatMap((name) => {
    if (!ATTRIBUTE_NAME.test(name)) return [`${name.slice(0, 64)}: is no name of an attribute`];
    const schema = attributes.get(name);
    const value = profile[name];
    if (schema === undefined || value === undefined || value === null) return [];
    const fault = valueFault(schema, value);
    return fault === null ? [] : [`${name}: ${fault}`];
  });
  const missing = [...attributes].flatMap(([name, { required }]) =>
    required === true && (profile[name] ?? '') === '' ? [`${name}: The field cannot be left blank`] : [],
  );
  return [...faults, ...missing];
};

/** Of these the wire shows null where there is none; other attributes without a value are not there. */
const SHOWN_EMPTY = ['mobilePhone', 'secondEmail'];

/** A profile as it is stored. */
export const normalProfile = (profile: Profile): Profile => ({
  ...Object.fromEntries(SHOWN_EMPTY.map((name) => [name, null])),
  ...Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null && value !== undefined)),
});

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The attributes in which two profiles differ. */
export const changedAttributes = (before: Profile, after: Profile): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !isSame(before[name], after[name]));
