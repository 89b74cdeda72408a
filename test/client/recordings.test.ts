/**
 * Calls that were recorded at the real service (`recorded/README.md`), sent to this server in their order with ids mapped:
 * the status is the same, and whatever an answer held is there with the same type. What differs is listed with its reason.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { type Reply, send, signedInAdmin } from '../harness/person.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

interface Call {
  readonly method: string;
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  readonly response: unknown;
}
const NAMES = [
  'TestAccResourceOktaTrustedOrigin_crud',
  'TestAccResourceOktaAdminRoleCustom_crud',
  'TestAccResourceOktaUser_updateDeprovisioned',
  'TestAccDataSourceOktaUser_NoSkips',
  'TestAccResourceOktaGroupMemberships_crud',
  'TestAccDataSourceOktaGroup_read_multiple_groups',
  'TestAccResourceOktaGroupMemberships_Issue1072',
  'TestAccDataSourceOktaUser_SkipGroups',
  'TestAccDataSourceOktaUser_SkipAdminRoles',
  'TestAccResourceOktaUser_updateAllAttributes',
  'TestAccResourceOktaNetworkZone_ipNormalization',
  'TestAccResourceOktaNetworkZone_crud',
  'TestAccResourceOktaAppSignOnPolicyRule_priority_concurrency',
  'TestAccResourceOktaPolicyRuleSignon_GH2494',
  'TestAccResourceOktaDefaultPasswordPolicy_issue_2804',
  'TestAccDataSourceOktaCampaign_read',
  'TestAccRequestConditionResource_basic',
  'TestAccDataSourceOktaRequestCondition_read',
  'TestAccDataSourceOktaRequestSequence_read',
  'TestAccDataSourceOktaRequestSettingOrganization_read',
] as const;
/** Those that speak of authenticators, and of policies that judge a session while it lasts. */
const OF_AUTHENTICATORS = [
  'TestAccResourceOktaAppSignOnPolicyRule_ReauthenticationFrequency',
  'TestAccDataSourceOktaPostAuthSessionPolicy_read',
  'TestAccDataSourceOktaSessionViolationPolicy_read',
  'TestAccResourceOktaAuthenticator_crud',
  'TestAccResourceOktaAuthenticator_OTP_crud',
] as const;
type Name = (typeof NAMES | typeof OF_AUTHENTICATORS)[number];

/** What this server asks of passwords whatever a policy says, and what it has not, put in place of what the recording asks. */
const PASSWORD_FLOOR: readonly (readonly [RegExp, string])[] = [
  [/"minLength":8\b/g, '"minLength":12'],
  [/"excludeUsername":false/g, '"excludeUsername":true'],
  [/"exclude":false/g, '"exclude":true'],
  // Of ways to recover a password; the status of the policy itself does not end its object.
  [/"status":"ACTIVE"(?=\})/g, '"status":"INACTIVE"'],
];
/** An authenticator that this server has, in place of security questions and one-time passwords of others, which it has not. */
const AUTHENTICATOR: typeof PASSWORD_FLOOR = [
  [/"key":"security_question"/g, '"key":"google_otp"'],
  [/"type":"security_question"/g, '"type":"app"'],
  [/"name":"Security Question"/g, '"name":"Google Authenticator"'],
  [/"settings":\{"allowedFor":"\w+"\}/g, '"settings":{}'],
];
const AMENDED: Readonly<Partial<Record<Name, typeof PASSWORD_FLOOR>>> = {
  TestAccResourceOktaDefaultPasswordPolicy_issue_2804: PASSWORD_FLOOR,
  TestAccResourceOktaAuthenticator_crud: AUTHENTICATOR,
};

/** `METHOD shape of path: difference` → why. A line that no longer differs fails the test, too. */
const NO_REALMS = 'This server has no realms: as in recordings of organisations without them, nothing is said of one.';
const KNOWN: Readonly<Record<string, string>> = {
  'GET /api/v1/policies/{id}/rules: [].actions.appSignOn.verificationMethod is missing':
    'A new app policy ends with a catch-all that denies, and a denial asks for no proof (decision 28).',
  'GET /api/v1/users/{id}: .realmId is missing': NO_REALMS,
  'POST /api/v1/users: .realmId is missing': NO_REALMS,
  'PUT /api/v1/users/{id}: .realmId is missing': NO_REALMS,
};

const NO_CELL =
  'It names the cells and products of that service; this server is one, and clients read its id and pipeline.';
const REFUSED_CHAIN =
  'The chain asks for text messages and apps that this server has not: it could match nobody (decision 28).';
const NO_RISK = 'Nobody said anything of risk, and nothing is known of it here: a rule that asks for none says none.';
const NO_SUCH_POLICY = 'What judges a session while it lasts is its binding, which is no list of rules here.';
const NO_QUESTIONS = 'Authenticators of this server recover nothing: there is nothing to allow one for.';
const KNOWN_OF_AUTHENTICATORS: Readonly<Record<string, string>> = {
  'DELETE /api/v1/policies/{id}/rules/{id}: status 404, not 204: E0000007': REFUSED_CHAIN,
  'GET /.well-known/okta-organization: .cell is missing': NO_CELL,
  'GET /.well-known/okta-organization: .settings is missing': NO_CELL,
  'GET /api/v1/authenticators/{id}: .settings.allowedFor is missing': NO_QUESTIONS,
  'GET /api/v1/authenticators: []._links.activate is missing':
    'The first of the list there could be switched on; of this server it is one that is on.',
  'GET /api/v1/authenticators: []._links.deactivate is missing':
    'The first of the list here is the password, which cannot be switched off: whether one counts is what policies say.',
  'GET /api/v1/policies/{id}/rules/{id}: .conditions.riskScore is missing': NO_RISK,
  'GET /api/v1/policies/{id}/rules/{id}: status 404, not 200: E0000007': REFUSED_CHAIN,
  'GET /api/v1/policies/{id}/rules: status 404, not 200: E0000007': NO_SUCH_POLICY,
  'GET /api/v1/policies: status 400, not 200: E0000001': NO_SUCH_POLICY,
  'POST /api/v1/authenticators/{id}/lifecycle/deactivate: .settings.allowedFor is missing': NO_QUESTIONS,
  'POST /api/v1/authenticators/{id}/lifecycle/deactivate: status 200, not 400: undefined':
    'What is off already stays off: asked twice, the second answer is the first one.',
  'POST /api/v1/authenticators/{id}/lifecycle/deactivate: status 200, not 403: undefined':
    'A policy that names an authenticator that is off lets nobody enrol it; it need not be changed first.',
  'POST /api/v1/policies/{id}/rules: .conditions.riskScore is missing': NO_RISK,
  'POST /api/v1/policies/{id}/rules: status 400, not 200: E0000001': REFUSED_CHAIN,
  'PUT /api/v1/authenticators/{id}: .settings.allowedFor is missing': NO_QUESTIONS,
};

const read = (name: string): readonly Call[] =>
  JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as Call[];
const ID =
  /\b(?:00u|00g|00p|0pr|0oa|aut(?=[a-z]*[0-9A-Z])|tos|cr0|ra1|gra|rst|oty|rul|nzo|ici|IFI|rco)[A-Za-z0-9]{10,17}\b|\b[0-9a-f]{24}\b/g;

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** What the recorded answer has and ours has not, or has as something else. What we have more is nobody's loss. */
const differences = (recorded: unknown, ours: unknown, at = ''): string[] => {
  if (recorded === null) return [];
  if (typeOf(recorded) !== typeOf(ours)) return [`${at || 'body'} is ${typeOf(ours)}, not ${typeOf(recorded)}`];
  if (Array.isArray(recorded))
    return recorded.length === 0 || (ours as unknown[]).length === 0
      ? []
      : differences(recorded[0], (ours as unknown[])[0], `${at}[]`);
  if (typeof recorded !== 'object') return [];
  return Object.entries(recorded as object).flatMap(([key, value]) => {
    if (value === null) return [];
    const other = (ours as Record<string, unknown>)[key];
    return other === undefined ? [`${at}.${key} is missing`] : differences(value, other, `${at}.${key}`);
  });
};

/** Ids of the recording, by those that stand at the same place in our answer. */
const learn = (recorded: unknown, ours: unknown, ids: Map<string, string>): void => {
  if (typeof recorded === 'string' && typeof ours === 'string') {
    if (recorded.match(ID)?.[0] === recorded && !ids.has(recorded)) ids.set(recorded, ours);
  } else if (typeof recorded === 'object' && recorded !== null && typeof ours === 'object' && ours !== null)
    for (const [key, value] of Object.entries(recorded)) learn(value, (ours as Record<string, unknown>)[key], ids);
};

describe('recorded calls', () => {
  let server: TestServer;
  let token = '';
  /** What stood there before the recordings that only speak of it. */
  const before = new Map<string, string>();
  beforeAll(async () => {
    server = await startTestServer();
    const ana = await signedInAdmin(server);
    const made = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'replay',
      ownerId: String((await ana.get('/api/v1/users/me')).body['id']),
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    token = made.token;
    const app = await ana.call('POST', '/api/v1/apps', {
      name: 'sallyport_gateway',
      label: 'app',
      signOnMode: 'BOOKMARK',
      settings: { app: { externalUrl: 'https://app.example.org' } },
    });
    const group = await ana.call('POST', '/api/v1/groups', { profile: { name: 'may ask' } });
    const [sequence] = (await ana.get('/sallyport/v1/request-sequences')).body as unknown as { id: string }[];
    const other = await ana.call('POST', '/api/v1/groups', { profile: { name: 'reviewed' } });
    before.set('00go2ywj8vuFO2JzF1d7', String(other.body['id']));
    before.set('00unkw1sfbTw08c0g1d7', String((await ana.get('/api/v1/users/me')).body['id']));
    before.set('0oaoum6j3cElINe1z1d7', String(app.body['id']));
    const policyHref = (app.body['_links'] as { accessPolicy: { href: string } }).accessPolicy.href;
    before.set('rsttqnoz5vo4GIoAD1d7', policyHref.split('/').at(-1) ?? '');
    const authenticators = (await ana.get('/api/v1/authenticators')).body as unknown as { id: string; key: string }[];
    const oneTime = authenticators.find(({ key }) => key === 'google_otp')?.id ?? '';
    for (const id of ['autcmon9grRZO488N1d7', 'aut5qwjvl4CZA34T01d7']) before.set(id, oneTime);
    before.set('00gnkw1sdqL30MdGk1d7', String(group.body['id']));
    for (const id of ['68920b41386747a673869356', '685d6e0fe2fccdd9801704b4']) before.set(id, sequence?.id ?? '');
  });
  afterAll(() => server.stop());

  const replay = async (recordings: readonly Name[]) => {
    const found = new Set<string>();
    let agreeing = 0;
    let compared = 0;
    for (const name of recordings) {
      const ids = new Map(before);
      const mapped = (text: string): string => text.replace(ID, (id) => ids.get(id) ?? id);
      const amended = (text: string): string =>
        (AMENDED[name] ?? []).reduce((sofar, [from, to]) => sofar.replaceAll(from, to), text);
      for (const { method, path, request, status, response } of read(name)) {
        const body = request === null ? undefined : (JSON.parse(mapped(amended(JSON.stringify(request)))) as unknown);
        const reply: Reply = await send(
          server.url,
          method,
          mapped(path),
          { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` },
          body,
        );
        learn(response, reply.body, ids);
        const shape = `${method} ${(path.split('?')[0] ?? '').replace(ID, '{id}')}`;
        const wrong =
          reply.status === status
            ? differences(response, reply.body)
            : [`status ${reply.status}, not ${status}: ${String(reply.body['errorCode'])}`];
        compared += 1;
        if (wrong.length === 0) agreeing += 1;
        for (const one of wrong) found.add(`${shape}: ${one}`);
      }
    }
    return { found: [...found].toSorted(), agreeing, compared };
  };

  it('are answered with the same status and shape, apart from what is listed', async () => {
    expect(await replay(NAMES)).toEqual({ found: Object.keys(KNOWN).toSorted(), agreeing: 317, compared: 325 });
  });

  it('of authenticators are, too', async () => {
    expect(await replay(OF_AUTHENTICATORS)).toEqual({
      found: Object.keys(KNOWN_OF_AUTHENTICATORS).toSorted(),
      agreeing: 3,
      compared: 27,
    });
  });

  it.each([
    [{ a: 1 }, { a: 1, more: true }, []],
    [{ a: 1 }, {}, ['.a is missing']],
    [{ a: { b: [{ c: 1 }] } }, { a: { b: [{ c: '1' }] } }, ['.a.b[].c is string, not number']],
    [{ a: null }, {}, []],
    [[1], {}, ['body is object, not array']],
  ])('the comparison of %j with %j finds %j', (recorded, ours, found) => {
    expect(differences(recorded, ours)).toEqual(found);
  });

  it('a range of one address is kept as the real service writes it', async () => {
    const gateways = [{ type: 'RANGE', value: '192.0.2.1' }];
    const headers = { 'X-Forwarded-For': '198.51.100.10', Authorization: `SSWS ${token}` };
    const made = await send(server.url, 'POST', '/api/v1/zones', headers, {
      type: 'IP',
      name: 'one address',
      gateways,
    });
    expect(made.body['gateways']).toEqual([{ type: 'RANGE', value: '192.0.2.1-192.0.2.1' }]);
    const wrong = [{ type: 'RANGE', value: '192.0.2.999' }];
    expect(
      (await send(server.url, 'POST', '/api/v1/zones', headers, { type: 'IP', name: 'none', gateways: wrong })).status,
    ).toBe(400);
  });
});
