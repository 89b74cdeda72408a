/** Service apps: machines that prove themselves with a key, held to their scopes, roles and network. Both engines. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authorize } from '../../packages/decide/src/roles/authorize.ts';
import { narrowToScopes } from '../../packages/decide/src/roles/narrow-to-scopes.ts';
import { PERMISSIONS } from '../../packages/model/src/permissions.ts';
import type { Principal } from '../../packages/model/src/principal.ts';
import { ROLES, type StandardRoleType } from '../../packages/model/src/roles.ts';
import { SCOPES, scopesOf } from '../../packages/model/src/scopes.ts';
import { rightsOf } from '../../packages/server/src/roles/standing-rights.ts';
import { type Machine, makeMachine, makeMachineKey, serviceAppBody, signJwt } from '../harness/machine.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const READ = 'okta.users.read';
const lee = (n: number) => ({
  profile: { firstName: 'Lee', lastName: 'Park', email: `lee${n}@example.org`, login: `lee${n}@example.org` },
});

describe.each(ENGINES)('service apps on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let n = 0;
  const idOf = (reply: Reply): string => String(reply.body['id']);
  const reader = (options: Parameters<typeof makeMachine>[2] = {}): Promise<Machine> =>
    makeMachine(server, ana, { scopes: [READ], roles: ['READ_ONLY_ADMIN'], ...options });
  const events = async (eventType: string) =>
    (await ana.get(`/api/v1/logs?filter=eventType eq "${eventType}"&limit=1000`)).body as unknown as {
      actor: { id: string; type: string };
      outcome: { result: string; reason: string };
      debugContext: { debugData: Record<string, string> };
    }[];
  const lastFailure = async (machine: Machine) =>
    (await events('app.oauth2.invalid_client_credentials')).filter(({ actor }) => actor.id === machine.id).at(-1)
      ?.outcome.reason;

  beforeAll(async () => {
    server = await startTestServer({ engine, env: { SALLYPORT_KEY_SET_RANGES: '127.0.0.1/32' } });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(65);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  it('a role narrowed to a group reaches its people and no others, from the next request on', async () => {
    const scopes = ['okta.users.read', 'okta.users.manage'];
    const machine = await makeMachine(server, ana, { scopes, roles: ['HELP_DESK_ADMIN'] });
    await machine.authenticate(scopes.join(' '));
    const group = async () => idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: `desk ${n++}` } }));
    const person = async (groupId: string) =>
      idOf(await ana.call('POST', '/api/v1/users', { ...lee(n++), groupIds: [groupId] }));
    const [ours, theirs] = [await group(), await group()];
    const [mine, other] = [await person(ours), await person(theirs)];
    const read = async (id: string) => (await machine.call('GET', `/api/v1/users/${id}`)).status;
    expect([await read(mine), await read(other)]).toEqual([200, 200]);
    const roles = `/oauth2/v1/clients/${machine.id}/roles`;
    const [role] = (await ana.get(roles)).body as unknown as { id: string }[];
    const targets = `${roles}/${role?.id}/targets/groups`;
    expect((await ana.call('PUT', `${targets}/${ours}`)).status).toBe(204);
    expect([await read(mine), await read(other)]).toEqual([200, 404]);
    expect((await machine.call('GET', '/api/v1/users')).body).toMatchObject([{ id: mine }]);
    // A machine does not widen itself, whatever its scopes.
    await ana.call('POST', `/api/v1/apps/${machine.id}/grants`, { scopeId: 'okta.roles.manage', issuer: server.url });
    await machine.authenticate('okta.users.read okta.roles.manage');
    expect((await machine.call('PUT', `${targets}/${theirs}`)).status).toBe(403);
    // Not by the address of another kind of holder, and not by that of another machine.
    const stranger = await reader();
    for (const path of [
      `/oauth2/v1/clients/${stranger.id}/roles/${role?.id}/targets/groups/${theirs}`,
      `/api/v1/groups/${theirs}/roles/${role?.id}/targets/groups/${theirs}`,
      `/api/v1/users/${mine}/roles/${role?.id}/targets/groups/${theirs}`,
    ])
      expect((await ana.call('PUT', path)).status, path).toBe(404);
    expect((await ana.get(targets)).body).toMatchObject([{ id: ours }]);
    expect((await ana.call('PUT', `${targets}/${theirs}`)).status).toBe(204);
    expect([await read(mine), await read(other)]).toEqual([200, 200]);
    // What the role was narrowed to is deleted: it gives nothing more, and not everything.
    for (const id of [ours, theirs]) expect((await ana.call('DELETE', `/api/v1/groups/${id}`)).status).toBe(204);
    expect([await read(mine), await read(other)]).toEqual([404, 404]);
  });

  describe('a token', () => {
    it('is given for an hour to whoever signs with a key of the app, and is written down', async () => {
      for (const alg of ['ES256', 'RS256'] as const) {
        const machine = await reader({ key: makeMachineKey(alg) });
        const reply = await machine.askToken(READ);
        expect(reply.status, reply.text).toBe(200);
        expect(reply.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: READ });
        expect(reply.headers['cache-control']).toBe('no-store');
        machine.token = String(reply.body['access_token']);
        const listed = await machine.call('GET', '/api/v1/users');
        expect(listed.status, listed.text).toBe(200);
        expect(listed.body).not.toHaveLength(0);
        const granted = (await events('app.oauth2.token.grant.access_token')).at(-1);
        expect(granted?.actor).toMatchObject({ id: machine.id, type: 'PublicClientApp' });
        expect(JSON.stringify(await events('app.oauth2.token.grant.access_token'))).not.toContain(machine.token);
        server.clock.advance(3599);
        expect((await machine.call('GET', '/api/v1/users')).status).toBe(200);
        server.clock.advance(1);
        const late = await machine.call('GET', '/api/v1/users');
        expect(late.status).toBe(401);
        expect(late.body).toMatchObject({ errorCode: 'E0000011', errorCauses: [] });
        await ana.signIn();
      }
    });

    it('is not given for a wrong assertion, and the log says what was wrong where the answer does not', async () => {
      const machine = await reader();
      const other = await reader();
      const now = (): number => Math.floor(server.clock.now() / 1000);
      const hmac = (): string => {
        // RFC 8725 §2.1: the public key as a shared secret.
        const input = `${Buffer.from(JSON.stringify({ alg: 'HS256', kid: machine.key.publicJwk['kid'] })).toString('base64url')}.${Buffer.from(JSON.stringify(machine.claims())).toString('base64url')}`;
        const secret = JSON.stringify(machine.key.publicJwk);
        return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      };
      const unsigned = (): string => machine.assertion({}, { alg: 'none' }).split('.').slice(0, 2).join('.');
      const wrong: readonly [string, () => string, string | undefined][] = [
        ['alg none', () => `${unsigned()}.`, 'algorithm'],
        ['a signature under alg none', () => machine.assertion({}, { alg: 'none' }), 'algorithm'],
        ['HS256 with the public key', hmac, 'algorithm'],
        ['RS256 said of an EC key', () => machine.assertion({}, { alg: 'RS256' }), 'algorithm'],
        ['another app’s key', () => machine.assertion({}, {}, other.key), 'kid'],
        [
          'another app’s key under our kid',
          () => machine.assertion({}, { kid: machine.key.publicJwk['kid'] }, other.key),
          'signature',
        ],
        ['a kid that is none', () => machine.assertion({}, { kid: 'nothing' }), 'kid'],
        ['over', () => machine.assertion({ exp: now() }), 'exp'],
        ['without an end', () => machine.assertion({ exp: undefined }), 'exp'],
        ['an end in words', () => machine.assertion({ exp: '9999999999' }), 'exp'],
        ['good for more than an hour', () => machine.assertion({ exp: now() + 3700 }), 'hour'],
        ['from the future', () => machine.assertion({ iat: now() + 120, exp: now() + 300 }), 'future'],
        ['not yet good', () => machine.assertion({ nbf: now() + 120, exp: now() + 300 }), 'future'],
        ['another server', () => machine.assertion({ aud: 'https://other.example.org/oauth2/v1/token' }), 'aud'],
        ['our origin alone', () => machine.assertion({ aud: server.url }), 'aud'],
        [
          'two servers',
          () => machine.assertion({ aud: [`${server.url}/oauth2/v1/token`, 'https://other.example.org'] }),
          'aud',
        ],
        ['the revocation endpoint', () => machine.assertion({}, {}, machine.key, '/oauth2/v1/revoke'), 'aud'],
        ['another issuer', () => machine.assertion({ iss: other.id }), 'iss'],
        ['no client', () => machine.assertion({ sub: '0oa00000000000000000' }), undefined],
        ['no JWT', () => 'x.y.z', undefined],
      ];
      for (const [what, assertion, reason] of wrong) {
        server.clock.advance(4);
        const reply = await machine.askToken(READ, { assertion: assertion() });
        expect(reply.status, `${what}: ${reply.text}`).toBe(401);
        expect(reply.body, what).toEqual({
          error: 'invalid_client',
          error_description: 'The client could not be authenticated.',
        });
        if (reason !== undefined) expect(await lastFailure(machine), what).toContain(reason);
      }
      const secret = await machine.form('/oauth2/v1/token', {
        grant_type: 'client_credentials',
        scope: READ,
        client_id: machine.id,
        client_secret: 'secret',
      });
      expect(secret.status).toBe(401);
    });

    it('is given once for an assertion, also when twenty bring it at one moment; with or without a jti', async () => {
      const machine = await reader();
      for (const claims of [{}, { jti: undefined }]) {
        const assertion = machine.assertion(claims);
        const replies = await Promise.all(Array.from({ length: 20 }, () => machine.askToken(READ, { assertion })));
        expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
        expect(replies.filter(({ status }) => status === 401)).toHaveLength(19);
      }
    });

    it('is not given again for an assertion whose signature somebody else rewrote', async () => {
      const machine = await reader({ key: makeMachineKey('ES256') });
      const assertion = machine.assertion({ jti: undefined });
      const [head, claims, signature = ''] = assertion.split('.');
      expect((await machine.askToken(READ, { assertion })).status).toBe(200);
      // (r, n − s) is as good as (r, s); and the last character of base64url has bits that nobody reads.
      const bytes = Buffer.from(signature, 'base64url');
      const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
      const other = (order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0');
      const mirrored = Buffer.concat([bytes.subarray(0, 32), Buffer.from(other, 'hex')]).toString('base64url');
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const padded = `${signature.slice(0, -1)}${alphabet[alphabet.indexOf(signature.slice(-1)) ^ 1]}`;
      for (const again of [mirrored, padded]) {
        expect(again).not.toBe(signature);
        const reply = await machine.askToken(READ, { assertion: [head, claims, again].join('.') });
        expect(reply.status, reply.text).toBe(401);
      }
    });

    it('refuses requests that are none, in the words of OAuth', async () => {
      const machine = await reader();
      const form = (fields: Record<string, string>) => machine.form('/oauth2/v1/token', fields);
      expect((await form({ grant_type: 'password' })).body).toMatchObject({ error: 'unsupported_grant_type' });
      expect((await form({})).body).toMatchObject({ error: 'unsupported_grant_type' });
      expect((await machine.askToken('')).body).toMatchObject({ error: 'invalid_scope' });
      const more = await machine.askToken(`${READ} okta.users.manage`);
      expect(more.status).toBe(400);
      expect(more.body).toMatchObject({ error: 'invalid_scope' });
      expect(String(more.body['error_description'])).toContain('okta.users.manage');
      const twice = await machine.form('/oauth2/v1/token?', {});
      expect(twice.status).toBe(400);
      expect((await form({ grant_type: 'client_credentials', scope: 'x' })).status).toBe(401);
    });

    it('takes forms on its own doors only', async () => {
      const headers = { ...ana.headers(), 'Content-Type': 'application/x-www-form-urlencoded' };
      const machine = await reader();
      const reply = await machine.form('/api/v1/groups', { profile: 'x' }, headers as Record<string, string>);
      expect(reply.body).toMatchObject({ errorCode: 'E0000021' });
    });
  });

  describe('the power of a service app', () => {
    it('is what its roles give and its scopes let through, neither alone', async () => {
      const [scopeOnly, roleOnly, both] = [
        await makeMachine(server, ana, { scopes: ['okta.users.manage'] }),
        await makeMachine(server, ana, { scopes: ['okta.groups.read'], roles: ['SUPER_ADMIN'] }),
        await makeMachine(server, ana, { scopes: [READ, 'okta.groups.read'], roles: ['SUPER_ADMIN'] }),
      ];
      await scopeOnly.authenticate('okta.users.manage');
      expect((await scopeOnly.call('GET', '/api/v1/users')).status).toBe(403);
      await roleOnly.authenticate('okta.groups.read');
      expect((await roleOnly.call('GET', '/api/v1/groups')).status).toBe(200);
      for (const path of ['/api/v1/users', '/api/v1/apps', '/api/v1/logs', '/api/v1/iam/roles', '/api/v1/api-tokens'])
        expect((await roleOnly.call('GET', path)).status, path).toBe(403);
      await both.authenticate(READ);
      expect((await both.call('GET', '/api/v1/users')).status).toBe(200);
      // Granted, but not asked for by this token.
      expect((await both.call('GET', '/api/v1/groups')).status).toBe(403);
      expect((await both.call('POST', '/api/v1/users', lee(n++))).status).toBe(403);
    });

    it('changes with the next request when a role, a scope or a key is taken, and ends with the app', async () => {
      const machine = await reader();
      const works = async (): Promise<number> => (await machine.call('GET', '/api/v1/users')).status;
      await machine.authenticate(READ);
      expect(await works()).toBe(200);
      const roles = `/oauth2/v1/clients/${machine.id}/roles`;
      const [role] = (await ana.get(roles)).body as unknown as { id: string; assignmentType: string }[];
      expect(role?.assignmentType).toBe('CLIENT');
      expect((await ana.call('DELETE', `${roles}/${role?.id}`)).status).toBe(204);
      expect(await works()).toBe(403);
      expect((await ana.call('POST', roles, { type: 'READ_ONLY_ADMIN' })).status).toBe(201);
      expect((await ana.call('POST', roles, { type: 'READ_ONLY_ADMIN' })).body).toMatchObject({
        errorCode: 'E0000090',
      });
      expect(await works()).toBe(200);

      const grants = `/api/v1/apps/${machine.id}/grants`;
      const [grant] = (await ana.get(grants)).body as unknown as { id: string; scopeId: string }[];
      expect(grant?.scopeId).toBe(READ);
      expect((await ana.call('DELETE', `${grants}/${grant?.id}`)).status).toBe(204);
      expect(await works()).toBe(403);
      expect((await machine.askToken(READ)).body).toMatchObject({ error: 'invalid_scope' });
      expect((await ana.call('POST', grants, { scopeId: READ })).status).toBe(201);
      expect(await works()).toBe(200);

      const keys = `/api/v1/apps/${machine.id}/credentials/jwks`;
      const [key] = (await ana.get(keys)).body as unknown as { id: string }[];
      expect((await ana.call('DELETE', `${keys}/${key?.id}`)).status).toBe(403);
      expect((await ana.call('POST', `${keys}/${key?.id}/lifecycle/deactivate`)).body).toMatchObject({
        status: 'INACTIVE',
      });
      expect(await works()).toBe(401);
      expect((await machine.askToken(READ)).status).toBe(401);
      expect((await ana.call('POST', `${keys}/${key?.id}/lifecycle/activate`)).status).toBe(200);
      await machine.authenticate(READ);

      const app = `/api/v1/apps/${machine.id}`;
      expect((await ana.call('DELETE', app)).body).toMatchObject({ errorCode: 'E0000056' });
      expect((await ana.call('POST', `${app}/lifecycle/deactivate`)).status).toBe(200);
      expect(await works()).toBe(401);
      expect((await machine.askToken(READ)).status).toBe(401);
      expect((await ana.call('POST', `${app}/lifecycle/activate`)).status).toBe(200);
      expect(await works()).toBe(401);
      await machine.authenticate(READ);
      await ana.call('POST', `${app}/lifecycle/deactivate`);
      expect((await ana.call('DELETE', app)).status).toBe(204);
      expect(await works()).toBe(401);
      expect((await machine.askToken(READ)).status).toBe(401);
      for (const path of [app, grants, keys, roles]) expect((await ana.get(path)).status, path).toBe(404);
    });

    it('ends with a lock on the app or the token, whoever wrote it', async () => {
      const machine = await reader();
      await machine.authenticate(READ);
      const lock = { id: `lock${n++}`, reason: 'test', createdAt: server.clock.now(), createdBy: 'test' };
      await server.services.store.transaction((tx) =>
        tx
          .insertInto('locks')
          .values({ ...lock, subjectKind: 'app', subjectId: machine.id, expiresAt: server.clock.now() + 10_000 })
          .execute(),
      );
      expect((await machine.call('GET', '/api/v1/users')).status).toBe(401);
      expect((await machine.askToken(READ)).status).toBe(401);
      server.clock.advance(10);
      expect((await machine.call('GET', '/api/v1/users')).status).toBe(200);
    });

    it('is taken back by the app itself, which ends its own tokens only', async () => {
      const [machine, other] = [await reader(), await reader()];
      await machine.authenticate(READ);
      await other.authenticate(READ);
      const ask = (who: Machine, path: string, token: string) =>
        who.form(path, {
          token,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: who.assertion({}, {}, who.key, path),
        });
      expect((await ask(machine, '/oauth2/v1/introspect', machine.token)).body).toMatchObject({
        active: true,
        scope: READ,
        client_id: machine.id,
      });
      expect((await ask(other, '/oauth2/v1/introspect', machine.token)).body).toEqual({ active: false });
      expect((await ask(other, '/oauth2/v1/revoke', machine.token)).status).toBe(200);
      expect((await machine.call('GET', '/api/v1/users')).status).toBe(200);
      expect((await ask(machine, '/oauth2/v1/revoke', machine.token)).status).toBe(200);
      expect((await machine.call('GET', '/api/v1/users')).status).toBe(401);
      expect((await ask(machine, '/oauth2/v1/introspect', machine.token)).body).toEqual({ active: false });
      expect((await ask(machine, '/oauth2/v1/revoke', 'nothing')).status).toBe(200);
    });

    it('of an app with an admin role is changed by super admins alone: a key is its whole power', async () => {
      const [powerful, plain] = [await reader(), await makeMachine(server, ana)];
      const appAdmin = await makeMachine(server, ana, {
        scopes: ['okta.apps.manage'],
        roles: ['APP_ADMIN'],
        protectedActions: ['service-app.update', 'service-app.create', 'service-app.delete', 'role.assign'],
      });
      await appAdmin.authenticate('okta.apps.manage');
      const key = () => makeMachineKey().publicJwk;
      const keys = (id: string) => `/api/v1/apps/${id}/credentials/jwks`;
      expect((await appAdmin.call('POST', keys(plain.id), key())).status).toBe(201);
      const refused = await appAdmin.call('POST', keys(powerful.id), key());
      expect(refused.status, refused.text).toBe(403);
      expect((await appAdmin.call('PUT', `/api/v1/apps/${powerful.id}`, serviceAppBody('x'))).status).toBe(403);
      expect((await appAdmin.call('POST', `/api/v1/apps/${powerful.id}/lifecycle/deactivate`)).status).toBe(403);
      expect((await appAdmin.call('POST', `/api/v1/apps/${plain.id}/grants`, { scopeId: READ })).status).toBe(403);
      // It gives no protected action that it has not itself.
      const more = serviceAppBody('more', {}, { protectedActions: ['user.delete'] });
      expect((await appAdmin.call('POST', '/api/v1/apps', more)).status).toBe(403);
      const same = serviceAppBody('same', {}, { protectedActions: ['service-app.create'] });
      expect((await appAdmin.call('POST', '/api/v1/apps', same)).status).toBe(200);
    });

    it('never comes from a scope: no scope widens a role, whatever is asked', () => {
      fc.assert(
        fc.property(
          fc.subarray(Object.keys(ROLES) as StandardRoleType[]),
          fc.subarray([...SCOPES, 'okta.nothing.manage']),
          (roles, scopes) => {
            const whole = rightsOf(roles);
            const as = (rights: typeof whole): Principal =>
              ({
                kind: 'service-app',
                appId: 'a',
                tokenId: 't',
                allowedActions: [],
                ...rights,
              }) as unknown as Principal;
            const lidded = narrowToScopes(whole, scopes);
            for (const permission of PERMISSIONS) {
              const now = authorize(as(lidded), permission).kind;
              if (now === 'allow') expect(authorize(as(whole), permission).kind).toBe('allow');
              const isLetThrough = scopesOf(permission).some((scope) => scopes.includes(scope));
              expect(now === 'allow').toBe(isLetThrough && authorize(as(whole), permission).kind === 'allow');
            }
          },
        ),
        { numRuns: 200 },
      );
    });
  });

  describe('where it may be used from', () => {
    it('is this host alone where nobody said otherwise, a zone, or anywhere; outside is refused and told', async () => {
      const zone = await ana.call('POST', '/api/v1/zones', {
        type: 'IP',
        name: `zone ${n++}`,
        gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }],
      });
      const machine = await reader({ network: { connection: 'ZONE', include: [idOf(zone)] } });
      await machine.authenticate(READ);
      machine.address = '203.0.113.9';
      expect((await machine.call('GET', '/api/v1/users')).status).toBe(401);
      expect((await machine.askToken(READ)).status).toBe(401);
      const told = (await events('system.oauth2.token.request_outside_allowed_range')).filter(
        ({ actor }) => actor.id === machine.id,
      );
      expect(told).toHaveLength(2);
      expect(told[0]?.outcome).toMatchObject({ result: 'DENY' });
      machine.address = '192.0.2.1';
      expect((await machine.call('GET', '/api/v1/users')).status).toBe(200);

      const { network: _, ...oauthClient } = serviceAppBody('x').settings.oauthClient;
      const key = makeMachineKey();
      const made = await ana.call('POST', '/api/v1/apps', {
        ...serviceAppBody('here'),
        settings: { oauthClient: { ...oauthClient, jwks: { keys: [key.publicJwk] } } },
      });
      expect(made.body).toMatchObject({ settings: { oauthClient: { network: { connection: 'LOOPBACK' } } } });
    });

    it('is told when one credential is used from a second network within the hour, once for each', async () => {
      const machine = await reader();
      await machine.authenticate(READ);
      const told = async () =>
        (await events('sallyport.credential.second_network')).filter(({ actor }) => actor.id === machine.id);
      await machine.call('GET', '/api/v1/users');
      // Another address of the same network is nothing new.
      machine.address = '198.51.100.7';
      await machine.call('GET', '/api/v1/users');
      expect(await told()).toHaveLength(0);
      machine.address = '203.0.113.9';
      await machine.call('GET', '/api/v1/users');
      for (const address of ['192.0.2.77', '203.0.113.9', '198.51.100.7']) {
        machine.address = address;
        await machine.call('GET', '/api/v1/users');
      }
      expect((await told()).map(({ debugContext }) => debugContext.debugData)).toMatchObject([
        { fromNetwork: 'as64496', toNetwork: 'as64500', toAddress: '203.0.113.9' },
        { fromNetwork: 'as64500', toNetwork: 'as64496', toAddress: '192.0.2.77' },
      ]);
    });
  });

  describe('DPoP', () => {
    const bound = (): Promise<Machine> => reader({ isDpopBound: true });
    /** The two calls of a token, as the clients make them. */
    const tokenOf = async (machine: Machine): Promise<Reply> => {
      const path = '/oauth2/v1/token';
      const first = await machine.askToken(READ, { headers: { DPoP: machine.proof('POST', path) } });
      expect(first.status).toBe(400);
      expect(first.body).toMatchObject({ error: 'use_dpop_nonce' });
      const nonce = String(first.headers['dpop-nonce']);
      return machine.askToken(READ, { headers: { DPoP: machine.proof('POST', path, { nonce }) } });
    };
    const ask = (machine: Machine, proof: string, path = '/api/v1/users'): Promise<Reply> =>
      machine.call('GET', path, undefined, { Authorization: `DPoP ${machine.token}`, DPoP: proof });

    it('binds a token to the key: nothing works without a fresh proof of this very request', async () => {
      const [machine, thief] = [await bound(), await bound()];
      const reply = await tokenOf(machine);
      expect(reply.body).toMatchObject({ token_type: 'DPoP' });
      machine.token = String(reply.body['access_token']);
      const ath = machine.ath();
      const good = (): string => machine.proof('GET', '/api/v1/users', ath);
      expect((await ask(machine, good(), '/api/v1/users?limit=1')).status).toBe(200);
      const used = good();
      expect((await ask(machine, used)).status).toBe(200);
      const now = Math.floor(server.clock.now() / 1000);
      const wrong: readonly [string, string][] = [
        ['used before', used],
        ['another method', machine.proof('POST', '/api/v1/users', ath)],
        ['another path', machine.proof('GET', '/api/v1/groups', ath)],
        ['another token', machine.proof('GET', '/api/v1/users', machine.ath('another'))],
        ['no token', machine.proof('GET', '/api/v1/users')],
        ['too old', machine.proof('GET', '/api/v1/users', { ...ath, iat: now - 301 })],
        ['from the future', machine.proof('GET', '/api/v1/users', { ...ath, iat: now + 120 })],
        ['without an id', machine.proof('GET', '/api/v1/users', { ...ath, jti: undefined })],
        ['another type', machine.proof('GET', '/api/v1/users', ath, { typ: 'JWT' })],
        ['another key', machine.proof('GET', '/api/v1/users', ath, {}, thief.key)],
        ['alg none', machine.proof('GET', '/api/v1/users', ath, { alg: 'none' })],
        ['a private key in it', machine.proof('GET', '/api/v1/users', ath, { jwk: machine.key.privateJwk })],
        ['our key, signed by another', signJwt(thief.key, { typ: 'dpop+jwt', jwk: machine.key.publicJwk }, {})],
      ];
      for (const [what, proof] of wrong) expect((await ask(machine, proof)).status, what).toBe(401);
      const plain = await machine.call('GET', '/api/v1/users');
      expect(plain.status).toBe(401);
      expect((await machine.call('GET', '/api/v1/users', undefined, { DPoP: good() })).status).toBe(401);
      const racers = good();
      const replies = await Promise.all(Array.from({ length: 10 }, () => ask(machine, racers)));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    it('is asked of apps that want it only: of the others a proof is ignored, and an unbound token proves no key', async () => {
      const machine = await reader();
      const headers = { DPoP: machine.proof('POST', '/oauth2/v1/token') };
      const reply = await machine.askToken(READ, { headers });
      expect(reply.body).toMatchObject({ token_type: 'Bearer' });
      machine.token = String(reply.body['access_token']);
      expect((await ask(machine, machine.proof('GET', '/api/v1/users', machine.ath()))).status).toBe(401);
      const strict = await bound();
      expect((await strict.askToken(READ)).body).toMatchObject({ error: 'invalid_dpop_proof' });
    });

    it('takes a nonce for three days', async () => {
      const machine = await bound();
      const path = '/oauth2/v1/token';
      const first = await machine.askToken(READ, { headers: { DPoP: machine.proof('POST', path) } });
      const nonce = String(first.headers['dpop-nonce']);
      const later = () => machine.askToken(READ, { headers: { DPoP: machine.proof('POST', path, { nonce }) } });
      server.clock.advance(2 * 86_400);
      expect((await later()).status).toBe(200);
      server.clock.advance(86_400);
      expect((await later()).body).toMatchObject({ error: 'use_dpop_nonce' });
      const proof = machine.proof('POST', path, { nonce: String((await later()).headers['dpop-nonce']) });
      const replies = await Promise.all([1, 2, 3].map(() => machine.askToken(READ, { headers: { DPoP: proof } })));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    });
  });

  describe('its keys', () => {
    it('are public keys for signatures, each of one app', async () => {
      const machine = await makeMachine(server, ana);
      const add = (jwk: unknown) => ana.call('POST', `/api/v1/apps/${machine.id}/credentials/jwks`, jwk);
      const { publicJwk, privateJwk } = makeMachineKey('RS256');
      const { kid: _, ...unnamed } = publicJwk;
      for (const [what, jwk] of [
        ['a private part', privateJwk],
        ['for encryption', { ...publicJwk, use: 'enc' }],
        ['for another algorithm', { ...publicJwk, alg: 'RS512' }],
        ['a secret', { kty: 'oct', k: 'AAAA' }],
        ['another curve', { ...makeMachineKey().publicJwk, crv: 'P-521' }],
        ['a short modulus', { kty: 'RSA', n: Buffer.alloc(128, 255).toString('base64url'), e: 'AQAB' }],
        ['nothing', {}],
      ] as const)
        expect((await add(jwk)).status, what).toBe(400);
      const named = await add(unnamed);
      expect(named.status, named.text).toBe(201);
      expect(named.body).toMatchObject({ kty: 'RSA', use: 'sig', status: 'ACTIVE' });
      expect(String(named.body['kid'])).toMatch(/^[\w-]{43}$/);
      expect((await add(unnamed)).status).toBe(400);
      const other = await makeMachine(server, ana);
      expect((await ana.call('POST', `/api/v1/apps/${other.id}/credentials/jwks`, unnamed)).status).toBe(400);
      expect((await ana.get(`/api/v1/apps/${machine.id}/credentials/jwks/${idOf(named)}`)).body).toMatchObject({
        id: idOf(named),
      });
      const gateway = await ana.call('POST', '/api/v1/apps', {
        name: 'sallyport_gateway',
        label: `g${n++}`,
        settings: { app: { externalUrl: `https://g${n}.example.org` } },
      });
      expect((await ana.call('POST', `/api/v1/apps/${idOf(gateway)}/credentials/jwks`, publicJwk)).body).toMatchObject({
        errorCode: 'E0000227',
      });
    });

    it('come from an address that is not inside, and are fetched again when one is new', async () => {
      const [first, second] = [makeMachineKey(), makeMachineKey()];
      let keys: unknown[] = [first.publicJwk];
      let asked = 0;
      let answer: 'keys' | 'elsewhere' | 'much' = 'keys';
      const publisher = createServer((_, response) => {
        asked += 1;
        if (answer === 'elsewhere') return response.writeHead(302, { Location: '/again' }).end();
        if (answer === 'much') return response.end(`{"keys":[${'1,'.repeat(100_000)}1]}`);
        return response.end(JSON.stringify({ keys }));
      });
      await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', () => resolve()));
      try {
        const { port } = publisher.address() as { port: number };
        const machine = await makeMachine(server, ana, { scopes: [READ], roles: ['READ_ONLY_ADMIN'] });
        const put = (jwks_uri: string) =>
          ana.call('PUT', `/api/v1/apps/${machine.id}`, serviceAppBody('published', { jwks_uri }));
        for (const uri of [
          'https://10.0.0.1/keys',
          'https://169.254.169.254/latest',
          'https://[::1]/keys',
          'https://[fd00::1]/keys',
          'http://example.org/keys',
          'https://user:pass@example.org/keys',
          'file:///etc/passwd',
          'keys',
        ])
          expect((await put(uri)).status, uri).toBe(400);
        expect((await put(`http://127.0.0.1:${port}/keys`)).status).toBe(200);
        expect((await machine.askToken(READ)).status).toBe(401);
        const as = (key: typeof first) => machine.askToken(READ, { assertion: machine.assertion({}, {}, key) });
        server.clock.advance(31);
        expect((await as(first)).status).toBe(200);
        const before = asked;
        expect((await as(first)).status).toBe(200);
        expect(asked).toBe(before);
        expect((await as(second)).status).toBe(401);
        keys = [second.publicJwk];
        server.clock.advance(31);
        expect((await as(second)).status).toBe(200);
        expect((await as(first)).status).toBe(401);
        for (const bad of ['elsewhere', 'much'] as const) {
          answer = bad;
          server.clock.advance(301);
          expect((await as(second)).status, bad).toBe(401);
        }
      } finally {
        publisher.closeAllConnections();
        await new Promise((resolve) => publisher.close(resolve));
      }
    });
  });

  describe('and protected actions', () => {
    it('asks a human for what was not allowed to it by name, and goes on with the approval, once', async () => {
      const options = { scopes: ['okta.users.manage'], roles: ['USER_ADMIN'] };
      const machine = await makeMachine(server, ana, options);
      const other = await makeMachine(server, ana, options);
      await machine.authenticate('okta.users.manage');
      await other.authenticate('okta.users.manage');
      const body = lee(n++);
      const create = (proof?: string, who = machine) =>
        who.call('POST', '/api/v1/users', body, proof === undefined ? {} : { 'Sallyport-Proof': proof });
      const asked = (await create()).body['sallyport'] as { kind: string; approvalId: string; proofUrl: string };
      expect(asked.kind).toBe('approval_required');
      const path = `/sallyport/v1/approvals/${asked.approvalId}`;
      const shown = await ana.get(path);
      expect(shown.body).toMatchObject({
        status: 'WAITING',
        words: 'Create a person',
        askedBy: { kind: 'service-app', app: { id: machine.id } },
        approve: { isAllowed: true },
      });
      // The token that asked ends while the human reads; the app gets another and asks for the same.
      server.clock.advance(600);
      await ana.signIn();
      await machine.authenticate('okta.users.manage');
      expect((await create()).body['sallyport']).toMatchObject({ approvalId: asked.approvalId });
      expect((await other.call('GET', asked.proofUrl)).status).toBe(404);
      expect((await machine.call('POST', `${path}/approve`, { challenge: shown.body['challenge'] })).status).toBe(403);
      const approved = await ana.call('POST', `${path}/approve`, { challenge: shown.body['challenge'] });
      expect(approved.body, approved.text).toMatchObject({ status: 'APPROVED' });
      const proof = String((await machine.call('GET', asked.proofUrl)).body['proof']);
      expect((await create(proof, other)).status).toBe(403);
      const replies = await Promise.all(Array.from({ length: 8 }, () => create(proof)));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      expect((await ana.get(path)).body).toMatchObject({ status: 'DONE' });
      const done = (await events('user.lifecycle.create')).at(-1);
      expect(done?.actor).toMatchObject({ id: machine.id, type: 'PublicClientApp' });
    });

    it('does by itself what it was allowed by name, and nothing when it is switched off meanwhile', async () => {
      const machine = await makeMachine(server, ana, {
        scopes: ['okta.users.manage'],
        roles: ['USER_ADMIN'],
        protectedActions: ['user.create'],
      });
      await machine.authenticate('okta.users.manage');
      const made = await machine.call('POST', '/api/v1/users', lee(n++));
      expect(made.status, made.text).toBe(200);
      const remove = await machine.call('DELETE', `/api/v1/users/${idOf(made)}`);
      const { approvalId } = remove.body['sallyport'] as { approvalId: string };
      await ana.call('POST', `/api/v1/apps/${machine.id}/lifecycle/deactivate`);
      const shown = (await ana.get(`/sallyport/v1/approvals/${approvalId}`)).body;
      expect(shown).toMatchObject({ approve: { isAllowed: false, reason: 'approval-asker-gone' } });
    });
  });

  describe('an assignment of an app', () => {
    it('is a record of a person or a group, and nobody enters by it', async () => {
      const app = await ana.call('POST', '/api/v1/apps', {
        name: 'bookmark',
        label: `assigned ${n++}`,
        settings: { app: { url: 'https://example.org/page' } },
      });
      const path = `/api/v1/apps/${idOf(app)}`;
      const [direct, member] = [
        await ana.call('POST', '/api/v1/users', lee(n++)),
        await ana.call('POST', '/api/v1/users', lee(n++)),
      ];
      const group = await ana.call('POST', '/api/v1/groups', { profile: { name: `group ${n++}` } });
      await ana.call('PUT', `/api/v1/groups/${idOf(group)}/users/${idOf(member)}`);
      const made = await ana.call('POST', `${path}/users`, { id: idOf(direct), profile: { team: 'red' } });
      expect(made.status, made.text).toBe(200);
      expect(made.body).toMatchObject({ id: idOf(direct), scope: 'USER', status: 'ACTIVE', profile: { team: 'red' } });
      expect((await ana.call('PUT', `${path}/groups/${idOf(group)}`, { priority: 3 })).body).toMatchObject({
        id: idOf(group),
        priority: 3,
      });
      const listed = async () =>
        ((await ana.get(`${path}/users`)).body as unknown as { id: string; scope: string }[])
          .map(({ id, scope }) => `${scope} ${id}`)
          .toSorted();
      expect(await listed()).toEqual([`GROUP ${idOf(member)}`, `USER ${idOf(direct)}`].toSorted());
      const first = await ana.get(`${path}/users?limit=1`);
      expect(first.body).toHaveLength(1);
      expect(String(first.headers['link'])).toContain('rel="next"');
      const changed = await ana.call('POST', `${path}/users/${idOf(direct)}`, { credentials: { userName: 'lee' } });
      expect(changed.body).toMatchObject({ credentials: { userName: 'lee' }, profile: { team: 'red' } });
      expect((await ana.call('POST', `${path}/users/${idOf(member)}`, {})).status).toBe(404);
      expect((await ana.get(`${path}/users/${idOf(member)}`)).body).toMatchObject({ scope: 'GROUP' });
      expect((await ana.get(`${path}/groups`)).body).toHaveLength(1);
      expect((await ana.call('DELETE', `${path}/groups/${idOf(group)}`)).status).toBe(204);
      expect((await ana.call('DELETE', `${path}/users/${idOf(direct)}`)).status).toBe(204);
      expect((await ana.call('DELETE', `${path}/users/${idOf(direct)}`)).status).toBe(404);
      expect(await listed()).toEqual([]);
      await ana.call('PUT', `${path}/groups/${idOf(group)}`, {});
      expect((await ana.call('DELETE', `/api/v1/groups/${idOf(group)}`)).status).toBe(204);
      expect((await ana.get(`${path}/groups`)).body).toHaveLength(0);
      expect(await events('application.user_membership.remove')).toHaveLength(1);
      const console_ = (
        (await ana.get('/api/v1/apps?limit=200')).body as unknown as { id: string; name: string }[]
      ).find(({ name }) => name === 'saasure');
      expect((await ana.call('POST', `/api/v1/apps/${console_?.id}/users`, { id: idOf(direct) })).status).toBe(403);
    });
  });

  describe('and the other apps', () => {
    it('stand in one list, each with its kind; a kind does not change', async () => {
      const bookmark = await ana.call('POST', '/api/v1/apps', {
        name: 'bookmark',
        label: `bookmark ${n++}`,
        signOnMode: 'BOOKMARK',
        settings: { app: { requestIntegration: false, url: 'https://example.org/page' } },
      });
      expect(bookmark.status, bookmark.text).toBe(200);
      expect(bookmark.body).toMatchObject({
        name: 'bookmark',
        signOnMode: 'BOOKMARK',
        settings: { app: { url: 'https://example.org/page', requestIntegration: false } },
      });
      const path = `/api/v1/apps/${idOf(bookmark)}`;
      expect((await ana.call('PUT', path, serviceAppBody('x'))).status).toBe(400);
      const apps = (await ana.get('/api/v1/apps?limit=200')).body as unknown as { name: string; signOnMode: string }[];
      for (const name of ['saasure', 'okta_enduser', 'bookmark', 'oidc_client'])
        expect(apps.map((app) => app.name)).toContain(name);
      await ana.call('POST', `${path}/lifecycle/deactivate`);
      expect((await ana.call('DELETE', path)).status).toBe(204);
      for (const change of [
        { application_type: 'web' },
        { grant_types: ['authorization_code'] },
        { grant_types: ['client_credentials', 'refresh_token'] },
      ])
        expect((await ana.call('POST', '/api/v1/apps', serviceAppBody('x', change))).status).toBe(400);
      const withSecret = serviceAppBody('x');
      expect(
        (
          await ana.call('POST', '/api/v1/apps', {
            ...withSecret,
            credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
          })
        ).status,
      ).toBe(400);
    });
  });
});
