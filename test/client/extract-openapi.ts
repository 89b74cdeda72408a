/**
 * Makes `openapi-extract.json` anew from a copy of the published description (okta/okta-management-openapi-spec):
 * `node test/client/extract-openapi.ts management.yaml`; from `governance.yaml` it makes `governance-extract.json`. Only what the answers of this server reach is kept.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { routes } from '@sallyport/api/routes';
import { parse } from 'yaml';

type Json = Record<string, unknown>;
interface Description {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses?: Json }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

const WANTED = [
  'User',
  'Group',
  'UserSchema',
  'UserType',
  'GroupSchema',
  'GroupOwner',
  'GroupRule',
  'StandardRole',
  'IPNetworkZone',
  'AccessPolicy',
  'AccessPolicyRule',
  'PasswordPolicy',
  'PasswordPolicyRule',
  'AuthenticatorEnrollmentPolicy',
  'AuthenticatorEnrollmentPolicyRule',
  'Application',
  'Feature',
  'ApiToken',
  'LogEvent',
  'Session',
  'UserFactorWebAuthn',
  'UserFactorTokenSoftwareTOTP',
  'UserFactorSupported',
  'ResetPasswordToken',
  'TempPassword',
  'UserCredentials',
  'AdminConsoleSettings',
  'OrgSetting',
  'OrgContactTypeObj',
  'OrgContactUser',
  'OrgPreferences',
  'Subscription',
  'Error',
];
/** Of the description of governance. */
const WANTED_OF_GOVERNANCE = [
  'campaign-full',
  'campaigns-list',
  'review-list',
  'review-full',
  'review-reassign-list',
  'bulk-review-submission-details',
  'bulk-review-submission-job-details',
  'request-list-2',
  'request-full-2',
  'request-submission-full',
  'rcar-entries-list-v2',
  'rcar-entry-get',
  'catalog-entry-request-fields',
  'task-list',
  'task-full',
  'request-conditions-list',
  'request-condition-full',
  'request-sequences-list',
  'request-sequence',
  'org-request-settings',
  'grants-list',
  'grant-full',
];
/** Words about a schema that a validator has no use for, or does not know. */
const UNUSED = new Set([
  ...['description', 'title', 'example', 'examples', 'externalDocs', 'deprecated', 'default'],
  ...['readOnly', 'writeOnly', 'discriminator', 'xml'],
]);

const [file = ''] = process.argv.slice(2);
const description = parse(readFileSync(file, 'utf8'), { maxAliasCount: -1 }) as Description;
const definitions = new Map<string, Json>();

const reduce = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reduce);
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Json;
  if (typeof schema['$ref'] === 'string') {
    const name = schema['$ref'].slice(schema['$ref'].lastIndexOf('/') + 1);
    define(name);
    return { $ref: `#/$defs/${name}` };
  }
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, item]) => {
      if (UNUSED.has(key) || key.startsWith('x-')) return [];
      // Bundles of admin roles go by one id on all paths here; the service has a second one for governance.
      if (key === 'pattern' && String(item).startsWith('enb')) return [];
      // A slip of the description: this pattern of durations matches nothing.
      if (key === 'pattern' && String(item).startsWith('^P(?:$)')) return [];
      // Names of properties are not words of the schema.
      if (key === 'properties')
        return [[key, Object.fromEntries(Object.entries(item as Json).map(([name, of]) => [name, reduce(of)]))]];
      return [[key, reduce(item)]];
    }),
  );
};
const define = (name: string): void => {
  if (definitions.has(name)) return;
  const schema = description.components.schemas[name];
  if (schema === undefined) throw new Error(`no schema ${name}`);
  definitions.set(name, {});
  definitions.set(name, reduce(schema) as Json);
};
const isOfGovernance = 'campaign-full' in description.components.schemas;
(isOfGovernance ? WANTED_OF_GOVERNANCE : WANTED).forEach(define);
// AccessPolicy embeds its resourceType, a string, which the schema it extends forbids.
const policy = definitions.get('Policy')?.['properties'] as Json | undefined;
if (policy !== undefined) policy['_embedded'] = { type: 'object' };

const shapeOf = (method: string, path: string): string =>
  `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`;
const own = new Set(routes.map(({ method, path }) => shapeOf(method, path)));
const successes = Object.entries(description.paths).flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([method, operation]): [string, number[]][] => {
    const codes = Object.keys(operation.responses ?? {}).filter((code) => code.startsWith('2'));
    // Slips of the description: recordings of the service answer these with 204, and the assignment with 201.
    if (method === 'put' && path.includes('/targets/catalog/apps')) codes.push('204');
    if (method === 'post' && path === '/oauth2/v1/clients/{clientId}/roles') codes.push('201');
    return own.has(shapeOf(method, path)) ? [[shapeOf(method, path), [...new Set(codes.map(Number))]]] : [];
  }),
);

const sorted = <T>(entries: Iterable<[string, T]>): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
const { title, version } = description.info;
const extract = {
  $comment:
    `Reduced from ${title} ${version}, okta/okta-management-openapi-spec, Copyright Okta, Inc., Apache License 2.0. ` +
    'Made by extract-openapi.ts, which names what it leaves out.',
  successes: sorted(successes),
  $defs: sorted(definitions),
};
const extractFile = isOfGovernance ? 'governance-extract.json' : 'openapi-extract.json';
writeFileSync(new URL(extractFile, import.meta.url), `${JSON.stringify(extract, null, 1)}\n`);
