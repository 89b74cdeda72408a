import { actionRow } from '@sallyport/model/protected-actions';
import { z } from 'zod';
import { bodySchemaOf, isMutating, type Route } from './define-route.ts';

type Json = Readonly<Record<string, unknown>>;

/** As callers write it: what has a default may be left out. What JSON Schema cannot say (a refinement) is left open. */
const jsonSchema = (schema: z.ZodType): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema: made }) => {
      // No format of JSON Schema; the pattern beside it says the same.
      if (made.format === 'starts_with') delete made.format;
    },
  }) as Json;
  return rest;
};

const ERROR = {
  type: 'object',
  required: ['errorCode', 'errorSummary', 'errorLink', 'errorId', 'errorCauses'],
  properties: {
    errorCode: { type: 'string', pattern: '^E\\d{7}$', description: 'The only part that is stable for programs.' },
    errorSummary: { type: 'string' },
    errorLink: { type: 'string' },
    errorId: { type: 'string', description: 'Finds the line of the process log.' },
    errorCauses: {
      type: 'array',
      items: { type: 'object', properties: { errorSummary: { type: 'string' } }, required: ['errorSummary'] },
    },
    sallyport: {
      type: 'object',
      description: 'What the caller can do about it: prove with a key, or wait for an approval.',
      properties: { kind: { type: 'string' } },
    },
  },
} as const;

const placesOf = ({ path }: Route): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

const pathParameters = (route: Route): Json[] =>
  placesOf(route).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

const queryParameters = ({ query }: Route): Json[] => {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(query) as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
};

const bodyOf = (route: Route): Json => {
  const schema = bodySchemaOf(route);
  if (schema === undefined) return {};
  const isOptional = schema.safeParse(undefined).success;
  return {
    requestBody: { required: !isOptional, content: { 'application/json': { schema: jsonSchema(schema) } } },
  };
};

const refusal = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});

const responsesOf = (route: Route): Json => {
  const { status = 200, access } = route;
  const hasInput = route.query !== undefined || bodySchemaOf(route) !== undefined;
  return {
    [status]: { description: route.summary, ...(status === 204 ? {} : { content: { 'application/json': {} } }) },
    ...(hasInput ? { 400: refusal('The input is not what the schemas ask for; the causes name each fault.') } : {}),
    ...(access.kind === 'anonymous'
      ? {}
      : { 401: refusal('No credential that counts here and now. It says nothing else.') }),
    403: refusal('Not allowed, or fresh proof or an approval is asked for (`sallyport.kind`).'),
    ...(placesOf(route).length === 0 ? {} : { 404: refusal('There is none, or none that the caller may see.') }),
    429: refusal('Too many requests; `Retry-After` and `X-Rate-Limit-Reset` say when it works again.'),
  };
};

/** What only this server says of a route: the promises of the route table. */
const extensionsOf = (route: Route): Json => ({
  'x-sallyport-access': route.access.kind,
  'x-sallyport-permission': route.access.kind === 'admin' ? route.access.permission : null,
  'x-sallyport-rate-class': route.rateClass,
  ...(isMutating(route)
    ? {
        'x-sallyport-protected-action':
          'action' in route.protection
            ? { ...route.protection, words: actionRow(route.protection.action).words }
            : { none: route.protection.none },
        'x-sallyport-events': route.events,
      }
    : {}),
});

const operationOf = (route: Route): Json => {
  const parameters = [...pathParameters(route), ...queryParameters(route)];
  return {
    operationId: route.name,
    tags: [route.name.split('.')[0]],
    summary: route.summary,
    ...(route.access.kind === 'person' ? { description: `For anybody who is signed in: ${route.access.why}.` } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...bodyOf(route),
    responses: responsesOf(route),
    ...(route.access.kind === 'anonymous' ? { security: [] } : {}),
    ...extensionsOf(route),
  };
};

/**
 * The route table as an OpenAPI 3.1 document. It is made from the rows and the schemas that the server itself reads, so it
 * cannot tell anything else; permission, protected action and events of each operation are extensions (`x-sallyport-…`).
 */
export const openApiDocument = (routes: readonly Route[], origin: string): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sallyport',
      version: '1',
      summary: 'The guarded double door for administrators',
      description:
        'Lists are paged by the `Link` header (`rel="next"`). A protected action without proof is refused with 403 and `sallyport.kind` `step_up_required` or `approval_required`, and sent again with the header `Sallyport-Proof`.',
    },
    servers: [{ url: origin }],
    security: [{ apiToken: [] }, { session: [] }],
    tags: [...new Set(routes.map(({ name }) => name.split('.')[0]))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Error: ERROR },
      securitySchemes: {
        apiToken: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: '`SSWS <token>`. It has its owner’s standing rights at each call.',
        },
        session: { type: 'apiKey', in: 'cookie', name: origin.startsWith('https:') ? '__Host-sid' : 'sid' },
      },
    },
  };
};
