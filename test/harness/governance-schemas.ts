import { readFileSync } from 'node:fs';
import type { Route } from '@sallyport/api/define-route';
import { Ajv } from 'ajv';
import * as addFormats from 'ajv-formats';
import { expect } from 'vitest';
import type { Reply } from './person.ts';

const extract = JSON.parse(
  readFileSync(new URL('../client/governance-extract.json', import.meta.url), 'utf8'),
) as Readonly<{ successes: Readonly<Record<string, readonly number[]>> }>;
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default.default(ajv);
for (const format of [
  ...['okta-user-id', 'okta-group-id', 'okta-resource-id', 'okta-user-orn', 'okta-resource-orn', 'int32'],
  ...['entitlement-bundle-id', 'collection-id', 'iso-duration', 'task-id', 'request-condition-id', 'team-id'],
  'integration-id',
])
  ajv.addFormat(format, true);
ajv.addSchema(extract, 'okta');

/** What the published description of governance (`governance-extract.json`) says against an answer. */
export const complaintsOfGovernance = (schema: string, answer: unknown): string[] => {
  const validate = ajv.getSchema(`okta#/$defs/${schema}`);
  if (validate === undefined) throw new Error(`no schema ${schema}`);
  // The description knows no null; the service it describes sends null for what is not set.
  const text = JSON.stringify(answer, (_, value: unknown) => (value === null ? undefined : value));
  if (validate(JSON.parse(text)) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${schema}${instancePath} ${message}`);
};

/** The body of a good answer that fits the description. */
export const governed = (reply: Reply, schema: string): Record<string, unknown> => {
  expect(reply.status, reply.text).toBeLessThan(300);
  expect(complaintsOfGovernance(schema, reply.body), reply.text).toEqual([]);
  return reply.body;
};

/** The routes that the description has, too, each with the statuses of success that it may have there. */
export const routesOfGovernance = (routes: readonly Route[]) =>
  routes
    .filter(({ path }) => path.startsWith('/governance/'))
    .map(({ method, path, status = 200 }) => ({
      route: `${method} ${path}`,
      status,
      allowed: extract.successes[`${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`],
    }));
