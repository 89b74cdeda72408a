/**
 * What admits administrators, changed in a session: it counts at once, and ends by itself unless somebody signs in after it
 * and confirms. On both engines; each way of getting around it is tried.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { AppVisitor, createAppAt } from '../harness/app-visitor.ts';
import { allow, newCliAsk, redeem, withToken } from '../harness/command-line.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { askedProof, Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { spawnServer } from '../harness/server-process.ts';
import { createDatabase, FIRST_ENGINE, freePort, startTestServer, type TestServer } from '../harness/test-server.ts';

interface Rule {
  readonly id: string;
  readonly name: string;
  readonly system: boolean;
  readonly conditions: unknown;
  readonly actions: unknown;
}
const CONFIRMATION = '/sallyport/v1/policies/confirmation';
const ELSEWHERE = '203.0.113.50';
const DENY = { appSignOn: { access: 'DENY' } };

describe.each(FIRST_ENGINE)('changes of what admits administrators on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let consoleId = '';
  let ours: unknown;
  beforeEach(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    server.clock.advance(60);
    const all = (await ok(ana.get('/api/v1/policies?type=ACCESS_POLICY'))).body as unknown as Rule[];
    consoleId = all.find(({ name }) => name === 'Admin Console')?.id ?? '';
    ours = (await rules())[0]?.actions;
  });
  afterEach(() => server.stop());

  const ok = async (call: Promise<Reply>): Promise<Reply> => {
    const reply = await call;
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply;
  };
  const rules = async (id = consoleId): Promise<readonly Rule[]> =>
    (await ok(ana.get(`/api/v1/policies/${id}/rules`))).body as unknown as Rule[];
  /** What is judged by, without any request. */
  const judged = async (): Promise<string> =>
    (await server.services.policies.forApp('saasure')).rules.map(({ name }) => name).join(' | ');
  const BEFORE = 'Phishing-resistant, device-bound key | Catch-all Rule';
  const addRule = (name = 'added', conditions: object = {}): Promise<Reply> =>
    ana.call('POST', `/api/v1/policies/${consoleId}/rules`, { name, priority: 1, conditions, actions: ours });
  const change = async () => (await ok(ana.get(CONFIRMATION))).body['change'] as Record<string, unknown>;
  const confirm = (who: Person = ana): Promise<Reply> => who.call('POST', CONFIRMATION, {});
  const signInAgain = async (who: Person = ana): Promise<void> => {
    server.clock.advance(1);
    who.cookie = null;
    await ok(who.signIn());
  };
  const token = async (): Promise<string> => {
    const { services } = server;
    const owner = String((await ana.get('/api/v1/users/me')).body['id']);
    const made = await createApiToken(services, hostPrincipal(services.random), {
      name: `t ${services.clock.now()}`,
      ownerId: owner,
      purpose: 'test',
      ttlSeconds: 3600,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    return made.token;
  };
  const byToken = (secret: string, method: string, path: string, body?: unknown): Promise<Reply> =>
    send(server.url, method, path, { Authorization: `SSWS ${secret}`, 'X-Forwarded-For': ana.address }, body);
  const states = async (): Promise<string> =>
    (
      (await ok(ana.get(`/sallyport/v1/policies/${consoleId}/history`))).body as unknown as {
        version: number;
        state: string;
        how: string;
      }[]
    )
      .map(({ version, state, how }) => `${version} ${how} ${state}`)
      .join(', ');
  const verified = async (): Promise<void> => {
    const { body } = await ok(ana.get('/sallyport/v1/logs/verify?verdicts=true'));
    expect(body['ok'], JSON.stringify(body)).toBe(true);
  };

  it('count at once, up to the very instant, and not from it on: without any request or job', async () => {
    await ok(addRule());
    expect(await judged()).toBe(`added | ${BEFORE}`);
    expect(await change()).toMatchObject({ state: 'WAITS', secondsLeft: 300, policies: [{ id: consoleId }] });
    server.clock.advance(299.999);
    expect(await judged()).toBe(`added | ${BEFORE}`);
    expect(server.services.policies.isReturnDue()).toBe(false);
    server.clock.advance(0.001);
    expect(await judged()).toBe(BEFORE);
  });

  it('that ended are written down before anybody sees them, with who, when and an event', async () => {
    const { body } = await ok(addRule());
    server.clock.advance(300);
    expect((await rules()).map(({ name }) => name).join(' | ')).toBe(BEFORE);
    expect((await ana.get(`/api/v1/policies/${consoleId}/rules/${String(body['id'])}`)).status).toBe(404);
    expect(await states()).toBe('3 return COUNTS, 2 change ENDED, 1 first REPLACED');
    expect(await change()).toMatchObject({ state: 'ENDED', policies: [] });
    const filter = encodeURIComponent('eventType eq "policy.lifecycle.update" and outcome.reason co "not confirmed"');
    const events = (await ok(ana.get(`/api/v1/logs?filter=${filter}`))).body as unknown as {
      actor: { displayName: string };
      target: { id: string }[];
      debugContext: { debugData: Record<string, string> };
    }[];
    expect(events).toMatchObject([
      {
        actor: { displayName: 'Sallyport job unconfirmed-changes' },
        target: [{ id: consoleId }],
        debugContext: { debugData: { ended: 'expired' } },
      },
    ]);
    expect((await confirm()).text).toContain('what counted before counts again');
    await verified();
  });

  it('are confirmed by a sign-in that came after them, and then for good', async () => {
    await ok(addRule());
    const same = await confirm();
    expect(same.status).toBe(403);
    expect(same.text).toContain('Sign in again first');
    await signInAgain();
    expect((await change())['refusal']).toBe(null);
    expect((await ok(confirm())).body['change']).toMatchObject({ state: 'CONFIRMED' });
    expect((await confirm()).text).toContain('No change waits');
    server.clock.advance(3600);
    expect(await judged()).toBe(`added | ${BEFORE}`);
    await ok(ana.signIn());
    expect(await states()).toBe('2 change COUNTS, 1 first REPLACED');
    await verified();
  });

  it('are not confirmed by a token, by a command line of an older sign-in, nor by whoever is no super admin', async () => {
    const secret = await token();
    await ok(addRule());
    server.clock.advance(5);
    const machine = await byToken(secret, 'POST', CONFIRMATION, {});
    expect(machine.status).toBe(403);
    expect(machine.text).toContain('not by a token');
    const ask = newCliAsk();
    const opened = await redeem(ana, (await allow(ana, ask)).body['code'], ask);
    const cli = await withToken(ana, String(opened.body['token']), 'POST', CONFIRMATION, { body: {} });
    expect(cli.status).toBe(403);
    expect(cli.text).toContain('Sign in again first');
    const lesser = await enrolPerson(server, ana, 'lee@example.org', 'ORG_ADMIN', ana.address);
    expect((await lesser.callOnce('POST', CONFIRMATION, {})).status).toBe(403);
    expect((await lesser.get(CONFIRMATION)).body['change']).toMatchObject({
      refusal: 'No role of the principal holds the permission.',
    });
    const test = { name: 'in their way', facts: {}, expected: 'deny' };
    expect((await lesser.callOnce('POST', `/sallyport/v1/policies/${consoleId}/tests`, test)).status).toBe(403);
    await signInAgain();
    const fresh = newCliAsk();
    const again = await redeem(ana, (await allow(ana, fresh)).body['code'], fresh);
    expect((await withToken(ana, String(again.body['token']), 'GET', CONFIRMATION)).body['change']).toMatchObject({
      refusal: null,
    });
    server.clock.advance(300);
    expect((await confirm()).text).toContain('what counted before counts again');
  });

  it('another super admin confirms them, once the change lets them in', async () => {
    const bob = await enrolPerson(server, ana, 'bob@example.org', 'SUPER_ADMIN', ana.address);
    await ok(addRule());
    expect((await confirm(bob)).text).toContain('Sign in again first');
    await signInAgain(bob);
    await ok(confirm(bob));
    expect(await change()).toMatchObject({ state: 'CONFIRMED', confirmedBy: { name: 'bob@example.org' } });
  });

  it('on top of one another they share its time, and go together', async () => {
    await ok(addRule('one'));
    server.clock.advance(200);
    await ok(addRule('two'));
    const made = await ok(ana.call('POST', '/api/v1/policies', { type: 'OKTA_SIGN_ON', name: 'Strict', priority: 1 }));
    expect(await change()).toMatchObject({ secondsLeft: 100, policies: [{ id: consoleId }, { name: 'Strict' }] });
    // A sign-in between the first and the last shows nothing of the last.
    server.clock.advance(1);
    await ok(ana.signIn());
    await ok(
      ana.call('POST', `/api/v1/policies/${String(made.body['id'])}/rules`, {
        name: 'all',
        actions: { signon: { access: 'ALLOW' } },
      }),
    );
    expect((await confirm()).text).toContain('Sign in again first');
    server.clock.advance(99);
    expect(await judged()).toBe(BEFORE);
    expect((await server.services.policies.globalSession()).map(({ name }) => name)).toEqual(['Default Policy']);
    const global = (await ok(ana.get('/api/v1/policies?type=OKTA_SIGN_ON'))).body as unknown as Rule[];
    expect(global.map(({ name }) => name)).toEqual(['Default Policy']);
    expect((await ana.get(`/api/v1/policies/${String(made.body['id'])}`)).status).toBe(404);
    await verified();
  });

  it('a deleted policy of all sessions and another policy of the console come back, too', async () => {
    const made = await ok(ana.call('POST', '/api/v1/policies', { type: 'OKTA_SIGN_ON', name: 'Own', priority: 1 }));
    await ok(
      ana.call('POST', `/api/v1/policies/${String(made.body['id'])}/rules`, {
        name: 'all',
        actions: { signon: { access: 'ALLOW', session: { maxSessionIdleMinutes: 7 } } },
      }),
    );
    await signInAgain();
    await ok(confirm());
    const clone = await ok(ana.call('POST', `/api/v1/policies/${consoleId}/clone`));
    const apps = (await ana.get('/api/v1/apps?limit=200')).body as unknown as { id: string; name: string }[];
    const app = apps.find(({ name }) => name === 'saasure')?.id;
    await ok(
      ana.call('POST', `/api/v1/policies/${String(clone.body['id'])}/mappings`, {
        resourceId: app,
        resourceType: 'APP',
      }),
    );
    await ok(ana.call('DELETE', `/api/v1/policies/${String(made.body['id'])}`));
    expect((await server.services.policies.forApp('saasure')).id).toBe(clone.body['id']);
    // What would count again is no less guarded for being out of use.
    const sly = { name: 'sly', priority: 1, actions: ours };
    const asked = askedProof(await ana.callOnce('POST', `/api/v1/policies/${consoleId}/rules`, sly));
    expect(asked?.action).toBe('admin-policy-rule.update');
    await ok(ana.call('POST', `/api/v1/policies/${consoleId}/rules`, sly));
    server.clock.advance(300);
    expect((await server.services.policies.forApp('saasure')).id).toBe(consoleId);
    expect(await judged()).toBe(BEFORE);
    const global = (await ok(ana.get('/api/v1/policies?type=OKTA_SIGN_ON'))).body as unknown as Rule[];
    expect(global.map(({ name }) => name)).toEqual(['Own', 'Default Policy']);
    const back = await rules(String(made.body['id']));
    expect(back[0]?.actions).toMatchObject({ signon: { session: { maxSessionIdleMinutes: 7 } } });
    await verified();
  });

  it('by a token they are final, wait for one that is under way, and never shut out the last super admin', async () => {
    const secret = await token();
    const path = `/api/v1/policies/${consoleId}/rules`;
    const body = { name: 'by token', priority: 1, actions: ours };
    await ok(addRule());
    const waits = await byToken(secret, 'POST', path, body);
    expect(waits.status).toBe(403);
    expect(waits.text).toContain('waits to be confirmed');
    await ok(ana.call('DELETE', CONFIRMATION));
    expect(await judged()).toBe(BEFORE);
    expect(await states()).toContain('3 return COUNTS, 2 change ENDED');
    expect((await ana.call('DELETE', CONFIRMATION)).status).toBe(403);
    await ok(byToken(secret, 'POST', path, body));
    server.clock.advance(3600);
    expect(await judged()).toBe(`by token | ${BEFORE}`);
    await ok(ana.signIn());
    const out = await byToken(await token(), 'POST', path, { name: 'out', priority: 1, actions: DENY });
    expect(out.status).toBe(403);
    expect(await judged()).toBe(`by token | ${BEFORE}`);
    expect(await states()).toBe('4 change COUNTS, 3 return REPLACED, 2 change ENDED, 1 first REPLACED');
  });

  it('whoever only the change let in is out when it ends; whoever comes in without it stays', async () => {
    const zone = await ok(
      ana.call('POST', '/api/v1/zones', {
        type: 'IP',
        name: 'Office',
        gateways: [{ type: 'CIDR', value: '198.51.100.0/24' }],
      }),
    );
    const [first] = await rules();
    const network = { network: { connection: 'ZONE', include: [zone.body['id']] } };
    const path = `/api/v1/policies/${consoleId}/rules/${first?.id}`;
    await ok(byToken(await token(), 'PUT', path, { name: 'Office only', conditions: network, actions: ours }));
    const bob = await enrolPerson(server, ana, 'bob@example.org', 'SUPER_ADMIN', ELSEWHERE);
    expect((await bob.get('/api/v1/users?limit=1')).status).toBe(403);
    await ok(ana.call('PUT', path, { name: 'Anywhere', actions: ours }));
    expect((await ana.call('DELETE', `/api/v1/zones/${String(zone.body['id'])}`)).text).toContain('counts again');
    await signInAgain(bob);
    await signInAgain();
    expect((await bob.get('/api/v1/users?limit=1')).status).toBe(200);
    // A command line that is refused names the session of its browser, which did not begin then.
    const ask = newCliAsk();
    const { body } = await allow(ana, ask);
    expect((await redeem(ana, body['code'], ask, { codeVerifier: 'x'.repeat(43) })).status).toBe(401);
    const early = ana.cookie;
    server.clock.advance(300);
    expect((await bob.get('/api/v1/users?limit=1')).status).toBe(401);
    expect((await ana.get('/api/v1/users?limit=1')).status).toBe(200);
    expect(ana.cookie).toBe(early);
    const ended = await server.services.store.read
      .selectFrom('sessions')
      .select('endReason')
      .where('endReason', '=', 'policy-returned')
      .where('parentId', 'is', null)
      .execute();
    expect(ended).toHaveLength(1);
    await verified();
  });

  it('nor does an app that shares the policy of the console keep whom only the change let in', async () => {
    const place = await createAppAt(ana, 'Wiki', 'https://wiki.example.org', server.url);
    const mapping = { resourceId: place.id, resourceType: 'APP' };
    await ok(ana.call('POST', `/api/v1/policies/${consoleId}/mappings`, mapping));
    const gateways = [{ type: 'CIDR', value: '198.51.100.0/24' }];
    const zone = await ok(ana.call('POST', '/api/v1/zones', { type: 'IP', name: 'Office', gateways }));
    const network = { network: { connection: 'ZONE', include: [zone.body['id']] } };
    const [first] = await rules();
    const path = `/api/v1/policies/${consoleId}/rules/${first?.id}`;
    await ok(byToken(await token(), 'PUT', path, { name: 'Office only', conditions: network, actions: ours }));
    // Nobody whom the console's policy was asked about: the sign-in itself is right, by whichever of the two counts.
    const lee = await enrolPerson(server, ana, 'lee@example.org', null, ELSEWHERE);
    expect((await new AppVisitor(lee, place).ask()).status).toBe(403);
    await ok(ana.call('PUT', path, { name: 'Anywhere', actions: ours }));
    await signInAgain(lee);
    await signInAgain();
    const [of, another, anas] = [new AppVisitor(lee, place), new AppVisitor(lee, place), new AppVisitor(ana, place)];
    expect((await of.enter()).status).toBe(303);
    expect((await anas.enter()).status).toBe(303);
    const late = await another.callbackPath();
    const ended = async () => {
      const rows = await server.services.store.read
        .selectFrom('sessions')
        .innerJoin('users', 'users.id', 'sessions.userId')
        .select(['users.login', 'sessions.endReason'])
        .where('sessions.appId', '=', place.id)
        .orderBy('users.login')
        .execute();
      return rows.map(({ login, endReason }) => [login, endReason]);
    };
    const live = [
      [ana.login, null],
      [lee.login, null],
    ];
    expect(await ended()).toEqual(live);
    await ok(ana.call('DELETE', CONFIRMATION));
    expect(await ended()).toEqual([
      [ana.login, null],
      [lee.login, 'policy-returned'],
    ]);
    expect((await lee.get('/api/v1/users/me')).status).toBe(200);
    // A code that was on its way opens nothing, either; nor does a new one.
    expect(String((await another.navigate(late)).headers.location)).toContain('/denied?reason=app-code-used');
    expect((await another.ask()).status).toBe(403);
    expect(await ended()).toHaveLength(2);
    await verified();
  });

  it('meanwhile nothing takes the last way in that is there again when they end', async () => {
    const group = await ok(ana.call('POST', '/api/v1/groups', { profile: { name: 'Keepers' } }));
    const id = String((await ana.get('/api/v1/users/me')).body['id']);
    const member = `/api/v1/groups/${String(group.body['id'])}/users/${id}`;
    await ok(ana.call('PUT', member));
    const [first] = await rules();
    const path = `/api/v1/policies/${consoleId}/rules/${first?.id}`;
    const conditions = { people: { groups: { include: [group.body['id']] } } };
    await ok(byToken(await token(), 'PUT', path, { name: 'Keepers', conditions, actions: ours }));
    await ok(ana.call('PUT', path, { name: 'Anybody', actions: ours }));
    const refused = await ana.call('DELETE', member);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('last super admin')]);
    await signInAgain();
    await ok(confirm());
    await ok(ana.call('DELETE', member));
  });

  it('a publication waits like any other change, and says until when', async () => {
    const path = `/sallyport/v1/policies/${consoleId}/drafts`;
    const [first] = await rules();
    const draft = await ok(
      ana.call('POST', path, {
        rules: [
          { id: first?.id, name: 'renamed', actions: ours },
          { name: 'no', actions: DENY },
        ],
      }),
    );
    const at = `${path}/${String(draft.body['id'])}/publish`;
    const tag = { 'If-Match': String(draft.headers['etag']) };
    const looked = await ok(ana.call('POST', `${at}?dryRun=true`, {}, tag));
    const until = new Date(server.clock.now() + 300_000).toISOString();
    expect(looked.body['confirmBy']).toBe(until);
    expect(await judged()).toBe(BEFORE);
    expect((await ok(ana.call('POST', at, {}, tag))).body['confirmBy']).toBe(until);
    expect(await states()).toBe('2 publish WAITS, 1 first REPLACED');
    // Rolled back by hand it is one more change of the same.
    await ok(ana.call('POST', `/sallyport/v1/policies/${consoleId}/rollback`, { version: 1 }));
    expect(await judged()).toBe(BEFORE);
    server.clock.advance(300);
    expect(await judged()).toBe(BEFORE);
    const wide = await ok(
      ana.call('POST', path, {
        rules: [
          {
            name: 'weak',
            actions: { appSignOn: { access: 'ALLOW', verificationMethod: { type: 'ASSURANCE', factorMode: '1FA' } } },
          },
        ],
      }),
    );
    const weak = await ana.call(
      'POST',
      `${path}/${String(wide.body['id'])}/publish`,
      {},
      {
        'If-Match': String(wide.headers['etag']),
      },
    );
    expect(weak.status).toBe(400);
    const shut = await ok(ana.call('POST', path, { rules: [{ name: 'none', actions: DENY }] }));
    const out = await ana.call(
      'POST',
      `${path}/${String(shut.body['id'])}/publish`,
      {},
      {
        'If-Match': String(shut.headers['etag']),
      },
    );
    expect(out.status).toBe(403);
    expect(out.text).toContain('last super admin');
    expect(await judged()).toBe(BEFORE);
    expect((await change())['state']).toBe('ENDED');
  });

  it('are confirmed by a sign-in, whatever apps behind the gateway were opened with it since', async () => {
    const place = await createAppAt(ana, 'Wiki', 'https://wiki.example.org', server.url);
    const { appSignOn } = ours as { appSignOn: { verificationMethod: object } };
    const actions = {
      appSignOn: { ...appSignOn, verificationMethod: { ...appSignOn.verificationMethod, reauthenticateIn: 'PT1M' } },
    };
    await ok(ana.call('POST', `/api/v1/policies/${consoleId}/rules`, { name: 'fresh', priority: 1, actions }));
    await signInAgain();
    server.clock.advance(90);
    // The app takes an older proof than the console does; that it was opened now is no sign-in to the console.
    expect((await new AppVisitor(ana, place).ask()).status).toBe(303);
    expect((await change())['refusal']).toBe(null);
    await ok(confirm());
  });

  it('are confirmed also where the clock was set back since one that ended', async () => {
    await ok(addRule('first'));
    await ok(ana.call('DELETE', CONFIRMATION));
    server.clock.advance(-10);
    await ok(addRule('second'));
    expect(await change()).toMatchObject({ state: 'WAITS' });
    await signInAgain();
    await ok(confirm());
    server.clock.advance(300);
    expect(await judged()).toBe(`second | ${BEFORE}`);
  });

  it('end while the server is stopped, and wait across a restart', async () => {
    await ok(addRule());
    server.clock.advance(200);
    await server.restart();
    expect(await judged()).toBe(`added | ${BEFORE}`);
    await signInAgain();
    expect((await change())['refusal']).toBe(null);
    server.clock.advance(99);
    await server.restart();
    expect(await judged()).toBe(BEFORE);
    expect((await rules()).map(({ name }) => name).join(' | ')).toBe(BEFORE);
  });

  it('lets nobody in by policies that moved on between the judgement and the session', async () => {
    const proved = await ana.prove(await ana.call('POST', '/api/v1/authn', { username: ana.login }));
    const body = { sessionToken: proved.body['sessionToken'] };
    const store = server.services.store as { transaction: TestServer['services']['store']['transaction'] };
    const original = store.transaction;
    let waiting = 0;
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const moved = original(async (tx) => {
      await gate;
      const version = (await tx.selectFrom('policies').select('version').where('id', '=', consoleId).executeTakeFirst())
        ?.version;
      await tx
        .updateTable('policies')
        .set({ version: (version ?? 0) + 1 })
        .where('id', '=', consoleId)
        .execute();
    });
    store.transaction = (work) => {
      waiting += 1;
      return original(work);
    };
    const asked = ana.callOnce('POST', '/api/v1/sessions', body);
    await expect.poll(() => waiting, { interval: 5 }).toBeGreaterThanOrEqual(1);
    store.transaction = original;
    release();
    await moved;
    const refused = await asked;
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('changed while you signed in')]);
    // Nothing was spent: by what counts now the same sign-in is judged anew.
    await server.services.policies.reload();
    expect((await ana.call('POST', '/api/v1/sessions', body)).status).toBe(200);
  });
});

describe.each(FIRST_ENGINE)('kill -9 while a change waits, on %s', (engine) => {
  it('it ends by the time, whatever stopped', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-kill-'));
    const databaseUrl = engine === 'postgres' ? await createDatabase() : null;
    const env = {
      SALLYPORT_PORT: String(await freePort()),
      SALLYPORT_DATA_DIR: dataDir,
      SALLYPORT_LOG_LEVEL: 'error',
      ...(databaseUrl === null ? {} : { SALLYPORT_DATABASE_URL: databaseUrl }),
    };
    let running = await spawnServer(env);
    const ana = new Person(running.url, 'ana@example.org', '127.0.0.1');
    const code = (): string | undefined => /#code=([\w-]+)/.exec(running.output())?.[1];
    await expect.poll(code).toBeDefined();
    await ana.claim(code() ?? '');
    expect((await ana.signIn()).status).toBe(200);
    const policies = (await ana.get('/api/v1/policies?type=ACCESS_POLICY')).body as unknown as Rule[];
    const path = `/api/v1/policies/${policies.find(({ name }) => name === 'Admin Console')?.id}/rules`;
    const before = (await ana.get(path)).body as unknown as Rule[];
    const made = await ana.call('POST', path, { name: 'added', priority: 1, actions: before[0]?.actions });
    expect(made.status, made.text).toBe(200);
    await running.kill('SIGKILL');

    // Killed within its time it still waits.
    running = await spawnServer(env);
    const names = async (): Promise<string[]> =>
      ((await ana.get(path)).body as unknown as Rule[]).map(({ name }) => name);
    expect(await names()).toEqual(['added', ...before.map(({ name }) => name)]);
    await running.kill('SIGKILL');

    // Five minutes of the clock pass while nothing runs.
    const shift = `update provisional_changes set ${['started_at', 'changed_at', 'confirm_by']
      .map((column) => `${column} = ${column} - 300000`)
      .join(', ')}`;
    if (databaseUrl === null) {
      const db = new Sqlite(join(dataDir, 'sallyport.db'));
      db.exec(shift);
      db.close();
    } else {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      await client.query(shift);
      await client.end();
    }
    running = await spawnServer(env);
    expect(await names()).toEqual(before.map(({ name }) => name));
    expect((await ana.get(CONFIRMATION)).body['change']).toMatchObject({ state: 'ENDED' });
    await running.kill('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  });
});
