import { invalid } from '@sallyport/model/errors';
import { ATTRIBUTE_NAME, type AttributeSchema } from '@sallyport/model/user-schema';

/** An attribute as it comes: what is null is not said. */
export type AttributeBody = { readonly [K in keyof Omit<AttributeSchema, 'unique'>]: AttributeSchema[K] | null } & {
  readonly unique?: boolean | string | null | undefined;
  readonly [key: string]: unknown;
};
interface PartBody {
  readonly properties?: Readonly<Record<string, AttributeBody | null>> | undefined;
  readonly required?: readonly string[] | null | undefined;
}
/** A schema of profiles, of people or of groups. */
export interface SchemaBody {
  readonly definitions: { readonly custom?: PartBody | undefined; readonly base?: PartBody | undefined };
}

const presentAttribute = ({ required, ...schema }: AttributeSchema, isBase: boolean) => ({
  ...schema,
  ...(isBase && required === true ? { required } : {}),
  mutability: 'READ_WRITE',
  scope: 'NONE',
});

/** The base attributes of a schema, or its own. */
export const presentPart = (id: '#custom' | '#base', attributes: readonly (readonly [string, AttributeSchema])[]) => ({
  id,
  type: 'object',
  properties: Object.fromEntries(attributes.map(([name, schema]) => [name, presentAttribute(schema, id === '#base')])),
  required: attributes.filter(([, { required }]) => required === true).map(([name]) => name),
});

const KEPT = [
  ...(['title', 'description', 'type', 'items', 'enum', 'oneOf', 'required', 'format'] as const),
  ...(['minLength', 'maxLength', 'minimum', 'maximum', 'default', 'permissions', 'master'] as const),
] as const;
/** What a body says of an attribute, but for whether it is unique. */
export const said = (body: AttributeBody): AttributeSchema =>
  Object.fromEntries(
    KEPT.flatMap((key) => (body[key] === null || body[key] === undefined ? [] : [[key, body[key]]])),
  ) as unknown as AttributeSchema;

const NOT_UNIQUE = [false, null, '', 'NOT_UNIQUE'];
const CAN_BE_UNIQUE = ['string', 'number', 'integer'];

/** A custom attribute as it will be; E0000001 says what cannot be. What is not said of its uniqueness stays. */
export const readCustom = (
  name: string,
  body: AttributeBody,
  before: AttributeSchema | undefined,
  isBase: (name: string) => boolean,
): AttributeSchema => {
  if (!ATTRIBUTE_NAME.test(name)) throw invalid(name.slice(0, 64), 'is letters, digits and underscores');
  if (isBase(name)) throw invalid(name, 'is a base attribute');
  const schema = said(body);
  if (before !== undefined && before.type !== schema.type)
    throw invalid(name, `the type of an attribute stays; it is ${before.type}`);
  if ((schema.type === 'array') !== (schema.items !== undefined))
    throw invalid(name, 'a list, and nothing else, says of what its items are');
  const isUnique = body.unique === undefined ? before?.unique !== undefined : !NOT_UNIQUE.includes(body.unique);
  if (isUnique && !CAN_BE_UNIQUE.includes(schema.type)) throw invalid(name, 'only text and numbers can be unique');
  if (isUnique && schema.default !== undefined) throw invalid(name, 'what everybody gets by default cannot be unique');
  return {
    permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
    master: { type: 'PROFILE_MASTER' },
    ...schema,
    ...(isUnique ? { unique: 'UNIQUE_VALIDATED' } : {}),
  };
};

/**
 * What a body changes of the attributes that a schema has itself: what is named as null goes, the rest stays. E0000001 where
 * one cannot be, or is required and not there.
 */
export const readCustomPart = (
  { properties = {}, required }: PartBody,
  before: ReadonlyMap<string, AttributeSchema>,
  isBase: (name: string) => boolean,
): Map<string, AttributeSchema | null> => {
  const changes = new Map<string, AttributeSchema | null>();
  for (const [name, attribute] of Object.entries(properties))
    changes.set(name, attribute === null ? null : readCustom(name, attribute, before.get(name), isBase));
  for (const name of required ?? []) {
    const schema = changes.get(name) ?? before.get(name);
    if (schema === undefined || isBase(name)) throw invalid(name.slice(0, 64), 'is no custom attribute');
    changes.set(name, { ...schema, required: true });
  }
  return changes;
};
