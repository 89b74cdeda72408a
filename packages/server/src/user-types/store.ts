import type { ProfileTypes } from '@sallyport/decide/users/user-language';
import { notFound } from '@sallyport/model/errors';
import type { LogTarget } from '@sallyport/model/log-event';
import { type AttributeSchema, BASE_ATTRIBUTES } from '@sallyport/model/user-schema';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import { DEFAULT_TYPE_ID } from './default-type.ts';

export type Attributes = ReadonlyMap<string, AttributeSchema>;

/** By id; E0000007 otherwise. */
export const findType = async (db: Transaction, id: string): Promise<Row<'userTypes'>> => {
  const typeId = id === 'default' ? DEFAULT_TYPE_ID : id;
  const row = await db.selectFrom('userTypes').selectAll().where('id', '=', typeId).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'UserType');
  return row;
};

/** A schema has the id of its type but for the prefix; `default` is that of the default type. */
export const schemaIdOf = (typeId: string): string => `osc${typeId.slice(3)}`;
export const findTypeOfSchema = async (db: Transaction, schemaId: string): Promise<Row<'userTypes'>> => {
  const typeId = schemaId.startsWith('osc') ? `oty${schemaId.slice(3)}` : schemaId === 'default' ? DEFAULT_TYPE_ID : '';
  const row = await db.selectFrom('userTypes').selectAll().where('id', '=', typeId).executeTakeFirst();
  if (row === undefined) throw notFound(schemaId, 'UserSchema');
  return row;
};

/** What a schema adds to the base attributes or changes of them, oldest first. */
export const ownAttributes = async (db: Transaction, typeId: string): Promise<Attributes> => {
  const rows = await db
    .selectFrom('userAttributes')
    .select(['name', 'body'])
    .where('typeId', '=', typeId)
    .orderBy('createdAt')
    .orderBy('name')
    .execute();
  return new Map(rows.map(({ name, body }) => [name, JSON.parse(body) as AttributeSchema]));
};

/** All attributes of profiles of a type. */
export const attributesOf = async (db: Transaction, typeId: string): Promise<Attributes> =>
  new Map([...Object.entries(BASE_ATTRIBUTES), ...(await ownAttributes(db, typeId))]);

/** How the values of an attribute compare in a search. */
export const comparesAs = ({
  type,
  items,
}: AttributeSchema): { readonly type: 'string' | 'number' | 'boolean'; readonly isList: boolean } => {
  const isList = type === 'array';
  const of = isList ? (items?.type ?? 'string') : type;
  return { type: of === 'integer' || of === 'number' ? 'number' : of === 'boolean' ? 'boolean' : 'string', isList };
};

/** How attributes compare in a search. Where two types disagree, the default one is right. */
export const profileTypes = async (db: Transaction): Promise<ProfileTypes> => {
  const rows = await db.selectFrom('userAttributes').select(['typeId', 'name', 'body']).execute();
  const types = new Map<string, ReturnType<typeof comparesAs>>();
  for (const { typeId, name, body } of rows)
    if (!types.has(name) || typeId === DEFAULT_TYPE_ID)
      types.set(name, comparesAs(JSON.parse(body) as AttributeSchema));
  return types;
};

export const typeAsTarget = ({ id, name, displayName }: Pick<Row<'userTypes'>, 'id' | 'name' | 'displayName'>) =>
  ({ id, type: 'UserType', alternateId: name, displayName, detailEntry: null }) satisfies LogTarget;
