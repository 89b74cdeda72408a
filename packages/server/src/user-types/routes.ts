import type { Handler } from '../http/exchange.ts';
import type { SchemaBody } from './attribute-body.ts';
import { getSchema, updateSchema } from './manage-schema.ts';
import { createType, deleteType, getType, listTypes, type TypeBody, updateType } from './manage-types.ts';

const id = (params: Readonly<Record<string, string>>): string => params['typeId'] ?? '';
const update: Handler = async ({ services, principal, params, body }) => ({
  body: await updateType(services, principal, id(params), body as Partial<TypeBody>),
});

export const userTypeHandlers = {
  'userSchemas.get': async ({ services, params }) => ({ body: await getSchema(services, params['schemaId'] ?? '') }),
  'userSchemas.update': async ({ services, principal, params, body }) => ({
    body: await updateSchema(services, principal, params['schemaId'] ?? '', body as SchemaBody),
  }),
  'userTypes.list': async ({ services }) => ({ body: await listTypes(services) }),
  'userTypes.create': async ({ services, principal, body }) => ({
    body: await createType(services, principal, body as TypeBody),
  }),
  'userTypes.get': async ({ services, params }) => ({ body: await getType(services, id(params)) }),
  'userTypes.update': update,
  'userTypes.replace': update,
  'userTypes.delete': async ({ services, principal, params }) => {
    await deleteType(services, principal, id(params));
    return {};
  },
} satisfies Record<string, Handler>;
