/**
 * The server's own OpenAPI document: valid by the specification's schema (`openapi-3.1-schema.json`, of the OpenAPI
 * Initiative, Apache-2.0, only indented anew), and every route is in it with what the route table promises.
 */
import { readFileSync } from 'node:fs';
import { isMutating, type Route } from '@sallyport/api/define-route';
import { routes } from '@sallyport/api/routes';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Person, send, signedInAdmin } from '../harness/person.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

type Json = Readonly<Record<string, unknown>>;
interface Operation extends Json {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Json;
  }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Json }>>;
  };
  readonly responses: Json;
}
interface Document extends Json {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let server: TestServer;
let ana: Person;
let document: Document;
const all: readonly Route[] = routes;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default.default(ajv);
ajv.addFormat('media-range', true);

beforeAll(async () => {
  server = await startTestServer();
  ana = await signedInAdmin(server);
  const reply = await ana.get('/sallyport/v1/openapi.json');
  expect(reply.status, reply.text).toBe(200);
  document = reply.body as unknown as Document;
});
afterAll(() => server.stop());

const operationOf = (route: Route): Operation | undefined => document.paths[route.path]?.[route.method.toLowerCase()];
const bodySchema = (name: string): Json => {
  const route = all.find((candidate) => candidate.name === name) as Route;
  return operationOf(route)?.requestBody?.content['application/json']?.schema ?? {};
};

it('is valid by the schema of OpenAPI 3.1, and so is every schema in it', () => {
  const schema = JSON.parse(readFileSync(new URL('openapi-3.1-schema.json', import.meta.url), 'utf8')) as Json;
  const isValid = ajv.compile(schema);
  expect(isValid(document), JSON.stringify(isValid.errors?.slice(0, 5))).toBe(true);
  // It would say so: a document without its paths, and one with a parameter of nowhere.
  expect(isValid({ ...document, info: {} })).toBe(false);
  const broken = {
    ...document,
    paths: { '/x': { get: { responses: {}, parameters: [{ name: 'a', in: 'nowhere' }] } } },
  };
  expect(isValid(broken)).toBe(false);
  for (const operations of Object.values(document.paths))
    for (const operation of Object.values(operations)) {
      for (const { schema: one } of operation.parameters ?? []) ajv.compile(one);
      for (const { schema: one } of Object.values(operation.requestBody?.content ?? {})) ajv.compile(one);
    }
});

it('has every route, and nothing else, with its permission, its protected action and its events', () => {
  const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(listed.toSorted()).toEqual(all.map(({ method, path }) => `${method} ${path}`).toSorted());
  for (const route of all) {
    const operation = operationOf(route);
    expect(operation, route.name).toMatchObject({
      operationId: route.name,
      summary: route.summary,
      'x-sallyport-access': route.access.kind,
      'x-sallyport-permission': route.access.kind === 'admin' ? route.access.permission : null,
      'x-sallyport-rate-class': route.rateClass,
    });
    expect(Object.hasOwn(operation?.responses ?? {}, String(route.status ?? 200)), route.name).toBe(true);
    const places = (operation?.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => `{${name}}`);
    expect(places, route.name).toEqual(route.path.match(/\{\w+\}/g) ?? []);
    if (isMutating(route))
      expect(operation, route.name).toMatchObject({
        'x-sallyport-protected-action': route.protection,
        'x-sallyport-events': route.events,
      });
  }
});

it.each([
  ['zones.create', { type: 'IP', name: 'office' }, true],
  ['zones.create', { type: 'IP' }, false],
  ['apiTokens.rotate', { overlapHours: 24 }, true],
  ['apiTokens.rotate', { overlapHours: 169 }, false],
  ['apiTokens.create', { name: 'x', purpose: 'y', network: { connection: 'SOMEWHERE' } }, false],
  ['trustedOrigins.create', { name: 'x', origin: 'https://a.example', scopes: [{ type: 'CORS' }] }, true],
] as const)('what it says of the body of %s is what the server takes: %j', async (name, body, isGood) => {
  expect(ajv.validate(bodySchema(name), body)).toBe(isGood);
  if (isGood) return;
  const route = all.find((candidate) => candidate.name === name) as Route;
  const reply = await ana.callOnce(route.method, route.path.replace(/\{\w+\}/g, '00T00000000000000000'), body);
  expect([reply.status, reply.body['errorCode']]).toEqual([400, 'E0000001']);
});

it('is told to whoever is signed in, and to nobody else', async () => {
  const reply = await send(server.url, 'GET', '/sallyport/v1/openapi.json', {});
  expect([reply.status, reply.body['errorCode']]).toEqual([401, 'E0000011']);
});
