/**
 * Traps that products of this kind fell into, most of them several (design §4.17). Each has a test that fails if we do, too:
 * of most it stands with what it is about, and is named here; the others stand below.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { createSetupCode } from '../../packages/server/src/setup/setup-code.ts';
import { askedProof, Person, send, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const ROOT = join(import.meta.dirname, '../..');
const HERE = 'test/scenarios/traps.test.ts';

/** The trap, the file of its test, and how that is called there. */
const TRAPS = [
  ['an empty list means everybody', 'test/scenarios/custom-roles.test.ts', 'an empty resource set gives nothing'],
  ['what is unknown is allowed', 'test/scenarios/binding.test.ts', 'an address that cannot be established is refused'],
  [
    'one handler checks, another does not',
    'test/scenarios/protected-routes.test.ts',
    'every mutating route that needs',
  ],
  [
    'headers are believed by default',
    'packages/decide/src/address/walk-client-address.test.ts',
    'believes no header of a peer that is not trusted',
  ],
  ['the baseline slides', 'test/scenarios/binding.test.ts', 'the baseline never slides'],
  ['one human counts twice', 'test/scenarios/access-requests.test.ts', 'counts two accounts of one employee as one'],
  [
    'a named reviewer is enough',
    'packages/decide/src/requests/judge-request-decision.test.ts',
    'never leads past the required distinct humans',
  ],
  [
    'votes at once slip past the count',
    'test/scenarios/approvals.test.ts',
    'is decided exactly once, whoever comes at the same moment',
  ],
  ['a session that is new counts as a fresh proof', HERE, 'a sign-in of this very second is no proof for an action'],
  [
    'what is asked of keys is asked at their registration only',
    'test/scenarios/authenticator-settings.test.ts',
    'are refused at the next sign-in, with the reason',
  ],
  [
    'a list of models believes what keys say of themselves',
    'packages/decide/src/authenticators/why-key-is-refused.test.ts',
    'what a key says of itself and does not prove never helps it',
  ],
  ['the log has a button that clears it', 'test/scenarios/log.test.ts', 'and there is no way to clear it'],
  [
    'lines of the log are dropped unseen',
    'test/scenarios/log.test.ts',
    'a sink that fails keeps its order, is tried again later, and ends as a dead letter',
  ],
  ['tokens stand in the store as they are', HERE, 'no secret stands in the store as it is'],
  [
    'wrong answers to a step-up lock the sign-in',
    'test/scenarios/protected-actions.test.ts',
    'locks proofs after wrong answers, but never the sign-in',
  ],
  [
    'who is remembered is never idle',
    'test/scenarios/lifetime.test.ts',
    'is alive one millisecond before the idle time and ended at it',
  ],
  ['the first who comes is the administrator', HERE, 'whoever comes first to a fresh server is nobody'],
  ['administrators are exempt from protection', HERE, 'the only super admin is held to all of it'],
  ['one address is one session', HERE, 'two browsers behind one address are two sessions'],
] as const;

describe('traps that others fell into', () => {
  it.each(TRAPS)('%s', (_trap, file, name) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const titles = [...text.matchAll(/\bit(?:\.each\([\s\S]*?\))?\(\s*[`'"](.*)[`'"]/g)].map(
      ([, title]) => title ?? '',
    );
    expect(titles.filter((title) => title.includes(name))).toHaveLength(1);
  });
});

describe.each(ENGINES)('traps on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  beforeAll(async () => {
    server = await startTestServer({ engine });
  });
  afterAll(() => server.stop());

  it('whoever comes first to a fresh server is nobody', async () => {
    const stranger = new Person(server.url, 'mallory@example.org');
    const user = { profile: { login: stranger.login, email: stranger.login, firstName: 'M', lastName: 'M' } };
    expect((await stranger.call('POST', '/api/v1/users', user)).status).toBe(401);
    const claim = { organisation: 'Mine', firstName: 'M', lastName: 'M', login: stranger.login };
    for (const code of ['', 'ABCD-EFGH', undefined])
      expect((await stranger.call('POST', '/sallyport/v1/setup/claim', { ...claim, code })).status).toBeGreaterThan(
        399,
      );
    const { read } = server.services.store;
    expect(await read.selectFrom('users').select('id').execute()).toEqual([]);
    ana = await signedInAdmin(server);
    // Nor whoever comes second.
    expect((await stranger.call('POST', '/api/v1/users', user)).status).toBe(401);
    expect((await stranger.call('POST', '/sallyport/v1/setup/claim', { ...claim, code: 'x' })).status).toBeGreaterThan(
      399,
    );
    expect(await read.selectFrom('users').select('login').execute()).toEqual([{ login: ana.login }]);
  });

  it('a sign-in of this very second is no proof for an action', async () => {
    ana.cookie = null;
    expect((await ana.signIn()).status).toBe(200);
    const asked = await ana.callOnce('POST', '/api/v1/api-tokens', {
      name: 'x',
      purpose: 'test',
      network: { connection: 'LOOPBACK' },
    });
    expect(askedProof(asked)?.action).toBe('api-token.create');
  });

  it('the only super admin is held to all of it', async () => {
    const thief = ana.thief('203.0.113.66');
    expect((await thief.get('/api/v1/users?limit=1')).status).toBe(401);
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(401);
    expect((await ana.signIn()).status).toBe(200);
    const asked = await ana.callOnce('POST', '/api/v1/zones', {
      type: 'IP',
      name: 'Office',
      gateways: [{ type: 'CIDR', value: '203.0.113.0/24' }],
    });
    expect(askedProof(asked)?.action).toBe('zone.create');
    server.clock.advance(15 * 60 + 1);
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(401);
    expect((await ana.signIn()).status).toBe(200);
  });

  it('two browsers behind one address are two sessions', async () => {
    const other = new Person(server.url, ana.login, ana.address, ana.key);
    expect((await other.signIn()).status).toBe(200);
    const idOf = async (person: Person): Promise<string> =>
      String((await person.get('/api/v1/sessions/me')).body['id']);
    const [one, two] = [await idOf(ana), await idOf(other)];
    expect(one).not.toBe(two);
    expect((await ana.call('DELETE', `/api/v1/sessions/${two}`)).status).toBe(204);
    expect((await other.get('/api/v1/users/me')).status).toBe(401);
    expect((await ana.get('/api/v1/users/me')).status).toBe(200);
  });

  it('no secret stands in the store as it is', async () => {
    const { services } = server;
    const id = String((await ana.get('/api/v1/users/me')).body['id']);
    const { token } = await createApiToken(services, hostPrincipal(services.random), {
      name: 'test',
      ownerId: id,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    await send(server.url, 'GET', '/api/v1/users', { Authorization: `SSWS ${token}`, 'X-Forwarded-For': '192.0.2.1' });
    const password = 'a pass phrase that stands nowhere';
    expect(
      (await ana.call('POST', `/api/v1/users/${id}`, { credentials: { password: { value: password } } })).status,
    ).toBe(200);
    expect((await ana.signIn()).status).toBe(200);
    const begun = await ana.call('POST', '/api/v1/authn', { username: ana.login });
    const code = await services.store.transaction((tx) => createSetupCode(services, tx, 'enrol', id));
    const secrets = [token, ana.cookie ?? '', String(begun.body['stateToken']), password, code];
    for (const secret of secrets) expect(secret.length).toBeGreaterThan(8);
    const tables = await services.store.read.introspection.getTables();
    expect(tables.length).toBeGreaterThan(30);
    for (const { name } of tables) {
      const rows = await services.store.read
        .selectFrom(name as 'users')
        .selectAll()
        .execute();
      const text = JSON.stringify(rows);
      for (const secret of secrets) expect(text.includes(secret), `${name} holds a secret`).toBe(false);
    }
  });
});
