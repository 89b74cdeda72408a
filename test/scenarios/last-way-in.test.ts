/**
 * Design §4.13: no change takes the console from the last super admin able to sign in now, by whatever door it comes; and
 * none is refused that leaves them a way from somewhere. Real HTTP, both engines.
 */
import type { OverviewAnswer, PersonToEnterAnswer, WaysInAnswer } from '@sallyport/client/answers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { createGrant } from '../../packages/server/src/grants/create-grant.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { insertLock } from '../../packages/server/src/locks/store.ts';
import type { Transaction } from '../../packages/server/src/ports/store.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const HOME = '198.51.100.10';
const PASSWORD = 'correct horse battery staple';
const LAST = 'last super admin';
/** A network of nobody: RFC 6996 keeps it for private use. */
const NOBODYS_ASN = '4200000001';

interface Rule {
  readonly id: string;
  readonly name: string;
  readonly system: boolean;
  readonly actions: { readonly appSignOn: { readonly verificationMethod: Record<string, unknown> } };
}

describe.each(FIRST_ENGINE)('the last way into the console on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let anaId: string;
  let rules: string;
  let rule: Rule;
  let call: (method: string, path: string, body?: unknown) => Promise<Reply>;
  let made = 0;

  const ok = (reply: Reply): Reply => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply;
  };
  const idOf = (reply: Reply): string => String(ok(reply).body['id']);
  const refused = (reply: Reply): void =>
    expect([reply.status, reply.body['errorCode'], reply.text.includes(LAST)], reply.text).toEqual([
      403,
      'E0000006',
      true,
    ]);
  /** The one rule that opens the console. */
  const setRule = (conditions: object, actions: object = rule.actions): Promise<Reply> =>
    call('PUT', `${rules}/${rule.id}`, { name: rule.name, conditions, actions });
  const inZone = (include: string[], exclude: string[] = []) => ({
    network: { connection: 'ZONE', include, exclude },
  });
  const ip = (name: string, ...gateways: string[]) => ({
    type: 'IP',
    name,
    gateways: gateways.map((value) => ({ type: 'CIDR', value })),
  });
  const dynamic = (name: string, more: object) => ({ type: 'DYNAMIC', name, ...more });
  const zone = async (body: object): Promise<string> => idOf(await call('POST', '/api/v1/zones', body));
  const next = (): number => (made += 1);
  const group = async (member: string | null = anaId): Promise<string> => {
    const id = idOf(await call('POST', '/api/v1/groups', { profile: { name: `Group ${next()}` } }));
    if (member !== null) ok(await call('PUT', `/api/v1/groups/${id}/users/${member}`));
    return id;
  };
  const waysIn = async (): Promise<readonly PersonToEnterAnswer[]> =>
    (ok(await call('GET', '/sallyport/v1/ways-in')).body as unknown as WaysInAnswer).superAdmins;
  const ableOfOverview = async (): Promise<unknown> =>
    (ok(await call('GET', '/sallyport/v1/overview')).body as unknown as OverviewAnswer).parts.people?.superAdminsAble;
  const roleOf = async (userId: string): Promise<string> =>
    ((await call('GET', `/api/v1/users/${userId}/roles`)).body as unknown as { id: string }[])[0]?.id ?? '';
  const opens = async (person: Person): Promise<boolean> => {
    person.cookie = null;
    if ((await person.signIn()).status !== 200) return false;
    return (await person.get('/api/v1/users?limit=1')).status === 200;
  };

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server, HOME);
    anaId = String((await ana.get('/api/v1/users/me')).body['id']);
    const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
      name: 'test',
      ownerId: anaId,
      purpose: 'test',
      ttlSeconds: 86_400,
      network: { connection: 'ANYWHERE' },
      protectedActions: 'all',
    });
    call = (method, path, body) =>
      send(server.url, method, path, { 'X-Forwarded-For': HOME, Authorization: `SSWS ${token}` }, body);
    const apps = (await call('GET', '/api/v1/apps?limit=200')).body as unknown as {
      name: string;
      _links: { accessPolicy: { href: string } };
    }[];
    const policy = apps.find(({ name }) => name === 'saasure')?._links.accessPolicy.href ?? '';
    rules = `${new URL(policy).pathname}/rules`;
    const found = ((await call('GET', rules)).body as unknown as Rule[]).find(({ system }) => !system);
    if (found === undefined) throw new Error('the console has no rule of its own');
    rule = found;
  });
  afterEach(async () => {
    server.clock.advance(65);
    ok(await setRule({}));
  });
  afterAll(() => server.stop());

  it('a rule that keeps out whoever writes it, where they are, is none of its business: another place will do', async () => {
    const elsewhere = await zone(ip('Elsewhere', '203.0.113.0/24'));
    ok(await setRule(inZone([elsewhere])));
    expect(await opens(ana)).toBe(false);
    expect(await opens(ana.thief('203.0.113.7'))).toBe(true);
    ok(await setRule({ ...inZone([], [elsewhere]), platform: { include: [{ type: 'MOBILE', os: { type: 'IOS' } }] } }));
    expect(await opens(ana)).toBe(false);
    ok(await setRule({}));
    expect(await opens(ana)).toBe(true);
  });

  it('what nobody can bring about is no way: a device, a risk, a place that is none, a zone without data', async () => {
    const [here, inside] = [await zone(ip('Here', '198.51.100.0/24')), await zone(ip('Inside', '198.51.100.0/25'))];
    const nowhere = await zone(dynamic('Nowhere', { asns: [NOBODYS_ASN] }));
    const region = await zone(dynamic('Region', { locations: [{ country: 'US', region: 'US-CA' }] }));
    for (const conditions of [
      { device: { registered: true, managed: true } },
      { riskScore: { level: 'LOW' } },
      inZone([nowhere]),
      inZone([region]),
      inZone([inside], [here]),
      { people: { users: { exclude: [anaId] } } },
    ])
      refused(await setRule(conditions));
    ok(await setRule(inZone([here], [inside])));
    expect(await opens(ana.thief('198.51.100.200'))).toBe(true);
  });

  it('nor are zones changed under a rule until no place is left', async () => {
    const [office, guests] = [await zone(ip('Office', '203.0.113.0/24')), await zone(ip('Guests', '203.0.113.128/25'))];
    const isp = await zone(dynamic('ISP', { asns: ['64496'] }));
    ok(await setRule(inZone([office], [guests])));
    refused(await call('PUT', `/api/v1/zones/${guests}`, ip('Guests', '203.0.113.0/24', '198.51.100.0/24')));
    refused(await call('PUT', `/api/v1/zones/${office}`, ip('Office', '203.0.113.192/26')));
    refused(await call('POST', '/api/v1/zones', { ...ip('Blocked', '203.0.113.0/25'), usage: 'BLOCKLIST' }));
    ok(await call('PUT', `/api/v1/zones/${guests}`, ip('Guests', '203.0.113.64/26', '203.0.113.128/25')));
    ok(await setRule(inZone([isp])));
    refused(await call('PUT', `/api/v1/zones/${isp}`, dynamic('ISP', { asns: [NOBODYS_ASN] })));
    ok(await call('PUT', `/api/v1/zones/${isp}`, dynamic('ISP', { asns: ['64500'] })));
    expect(await opens(ana)).toBe(false);
    expect(await opens(ana.thief('203.0.113.200'))).toBe(true);
    // A network of the shipped table, and a country: real addresses are known of both.
    ok(await setRule(inZone([await zone(dynamic('Far away', { asns: ['15169'] }))])));
    ok(await setRule(inZone([await zone(dynamic('Country', { locations: [{ country: 'DE', region: null }] }))])));
  });

  it('nor groups: a member taken out, the group deleted, or renamed under an expression', async () => {
    const staff = await group();
    ok(await setRule({ people: { groups: { include: [staff] } } }));
    refused(await call('DELETE', `/api/v1/groups/${staff}/users/${anaId}`));
    refused(await call('DELETE', `/api/v1/groups/${staff}`));
    ok(await call('PUT', `/api/v1/groups/${staff}`, { profile: { name: 'On call' } }));
    ok(await setRule({ elCondition: { condition: "user.isMemberOf({'group.profile.name': 'On call'})" } }));
    refused(await call('PUT', `/api/v1/groups/${staff}`, { profile: { name: 'Off duty' } }));
    const out = await group(null);
    ok(await setRule({ people: { groups: { exclude: [out] } } }));
    refused(await call('PUT', `/api/v1/groups/${out}/users/${anaId}`));
    expect(await opens(ana)).toBe(true);
  });

  it('a change that waits to be confirmed is no way in by itself: what counts again by time must let somebody in, too', async () => {
    const staff = await group();
    ok(await setRule({ people: { groups: { include: [staff] } } }));
    ok(
      await signedIn(ana).then(() =>
        ana.call('PUT', `${rules}/${rule.id}`, { name: rule.name, actions: rule.actions }),
      ),
    );
    const leave = () => call('DELETE', `/api/v1/groups/${staff}/users/${anaId}`);
    refused(await leave());
    server.clock.advance(5 * 60 + 1);
    refused(await leave());
    expect(await opens(ana)).toBe(true);
    ok(await setRule({}));
    ok(await leave());
  });

  it('a membership for a while opens nothing for good, and shuts nobody out meanwhile', async () => {
    const [visitors, away] = [await group(null), await group(null)];
    const giveIn = (tx: Transaction, id: string) =>
      createGrant(server.services, tx, hostPrincipal(server.services.random), {
        userId: anaId,
        entitlement: { kind: 'group', id },
        startsAt: server.clock.now(),
        expiresAt: server.clock.now() + 3_600_000,
        source: { kind: 'admin', id: anaId },
        reason: 'test',
      });
    const give = (id: string) => server.services.store.transaction((tx) => giveIn(tx, id));
    await give(visitors);
    refused(await setRule({ people: { groups: { include: [visitors] } } }));
    ok(await setRule({ people: { groups: { exclude: [away] } } }));
    await expect(give(away)).rejects.toMatchObject({ code: 'E0000006' });
    expect(await opens(ana)).toBe(true);
    // A request keeps the refusal and commits: nothing of what was refused is left.
    await server.services.store.transaction((tx) => giveIn(tx, away).catch(() => undefined));
    expect(await opens(ana)).toBe(true);
  });

  it('nor by a rule of groups in the background: what it would take away stays, and the log says why', async () => {
    const crew = await group(null);
    ok(await call('POST', `/api/v1/users/${anaId}`, { profile: { department: 'Operations' } }));
    const filling = idOf(
      await call('POST', '/api/v1/groups/rules', {
        type: 'group_rule',
        name: 'Crew',
        conditions: { expression: { value: 'user.department=="Operations"', type: 'urn:okta:expression:1.0' } },
        actions: { assignUserToGroups: { groupIds: [crew] } },
      }),
    );
    ok(await call('POST', `/api/v1/groups/rules/${filling}/lifecycle/activate`));
    const members = async (): Promise<string[]> =>
      ((await call('GET', `/api/v1/groups/${crew}/users`)).body as unknown as { id: string }[]).map(({ id }) => id);
    await expect.poll(members).toEqual([anaId]);
    ok(await setRule({ people: { groups: { include: [crew] } } }));
    ok(await call('POST', `/api/v1/users/${anaId}`, { profile: { department: 'Sales' } }));
    const filter = encodeURIComponent('eventType eq "group.user_membership.rule.error"');
    const faults = async () =>
      (await call('GET', `/api/v1/logs?filter=${filter}`)).body as unknown as { outcome: { reason: string } }[];
    await expect.poll(async () => (await faults()).length).toBe(1);
    expect((await faults())[0]?.outcome.reason).toContain(LAST);
    expect(await members()).toEqual([anaId]);
    ok(await call('POST', `/api/v1/groups/rules/${filling}/lifecycle/deactivate`));
    refused(await call('DELETE', `/api/v1/groups/rules/${filling}?removeUsers=true`));
    expect(await opens(ana)).toBe(true);
    ok(await setRule({}));
    ok(await call('DELETE', `/api/v1/groups/rules/${filling}?removeUsers=true`));
    expect(await members()).toEqual([]);
  });

  it('nor profiles: a value that a rule asks for, the attribute itself, the type of the account', async () => {
    const own = '/api/v1/meta/schemas/user/default';
    const attribute = (schema: object | null) => ({ definitions: { custom: { properties: { pager: schema } } } });
    ok(await call('POST', own, attribute({ title: 'Pager', type: 'string' })));
    ok(await call('POST', `/api/v1/users/${anaId}`, { profile: { pager: 'seven' } }));
    ok(await setRule({ elCondition: { condition: 'user.profile.pager == "seven"' } }));
    refused(await call('POST', `/api/v1/users/${anaId}`, { profile: { pager: 'eight' } }));
    refused(await call('POST', own, attribute(null)));
    const type = idOf(await call('POST', '/api/v1/meta/types/user', { name: 'robot', displayName: 'Robot' }));
    ok(await setRule({ userType: { exclude: [type] } }));
    refused(await call('POST', `/api/v1/users/${anaId}`, { type: { id: type } }));
    expect(await opens(ana)).toBe(true);
  });

  /** As the rule, and the password besides. */
  const askingPassword = (): object => {
    const { verificationMethod } = rule.actions.appSignOn;
    const [strong] = (verificationMethod['constraints'] ?? []) as object[];
    const constraints = [{ ...strong, knowledge: { required: true, types: ['password'] } }];
    return { appSignOn: { access: 'ALLOW', verificationMethod: { ...verificationMethod, constraints } } };
  };

  it('nor passwords, where a rule asks for one', async () => {
    const withPassword = askingPassword();
    refused(await setRule({}, withPassword));
    ok(await call('POST', `/api/v1/users/${anaId}`, { credentials: { password: { value: PASSWORD } } }));
    ok(await setRule({}, withPassword));
    refused(await call('POST', `/api/v1/users/${anaId}/lifecycle/expire_password`));
    refused(await call('POST', `/api/v1/users/${anaId}/lifecycle/expire_password?tempPassword=true`));
    refused(await call('POST', `/api/v1/users/${anaId}/lifecycle/reset_password?sendEmail=false`));
    const begun = await ana.call('POST', '/api/v1/authn', { username: ana.login, password: PASSWORD });
    expect((await ana.prove(begun)).body['status']).toBe('SUCCESS');
  });

  it('strangers who lock everybody’s password by guessing open the guard for nothing else', async () => {
    const [passwords] = (await call('GET', '/api/v1/policies?type=PASSWORD')).body as unknown as { id: string }[];
    const lockAfter = (maxAttempts: number) =>
      call('PUT', `/api/v1/policies/${passwords?.id}`, {
        type: 'PASSWORD',
        name: 'Default Policy',
        settings: { password: { lockout: { maxAttempts } } },
      });
    ok(await lockAfter(1));
    ok(await call('POST', `/api/v1/users/${anaId}`, { credentials: { password: { value: PASSWORD } } }));
    const withPassword = askingPassword();
    ok(await setRule({}, withPassword));
    const stranger = ana.thief('203.0.113.66');
    stranger.cookie = null;
    const guess = await stranger.call('POST', '/api/v1/authn', { username: ana.login, password: 'a guess' });
    expect(guess.status).toBe(401);
    expect((await call('GET', `/api/v1/users/${anaId}`)).body['status']).toBe('LOCKED_OUT');
    const [told] = await waysIn();
    expect(told).toMatchObject({ isAble: false, isAbleInTime: true, ways: [] });
    expect(told?.why.at(-1)).toBe('Their password is locked after too many failures.');
    expect(await ableOfOverview()).toBe(0);
    refused(await setRule({ people: { users: { exclude: [anaId] } } }, withPassword));
    const roles = (await call('GET', `/api/v1/users/${anaId}/roles`)).body as unknown as { id: string }[];
    refused(await call('DELETE', `/api/v1/users/${anaId}/roles/${roles[0]?.id ?? ''}`));
    refused(await call('POST', `/api/v1/users/${anaId}/lifecycle/reset_password?sendEmail=false`));
    // What mends it is refused to nobody.
    ok(await call('POST', `/api/v1/users/${anaId}/lifecycle/unlock`));
    ok(await lockAfter(10));
    const begun = await ana.call('POST', '/api/v1/authn', { username: ana.login, password: PASSWORD });
    expect((await ana.prove(begun)).body['status']).toBe('SUCCESS');
  });

  it('the list of ways in tells by which rule, key and network each comes in or why not, and the overview counts it', async () => {
    const office = await zone(ip(`Desk ${next()}`, '203.0.113.0/24'));
    const { name } = (await call('GET', `/api/v1/zones/${office}`)).body as { name?: string };
    ok(await setRule(inZone([office])));
    const idle = idOf(
      await call('POST', '/api/v1/users?activate=true', {
        profile: { login: 'zoe@example.org', email: 'zoe@example.org', firstName: 'Zoe', lastName: 'Idle' },
        credentials: { password: { value: PASSWORD } },
      }),
    );
    ok(await call('POST', `/api/v1/users/${idle}/roles`, { type: 'SUPER_ADMIN' }));
    const [ana_, zoe] = await waysIn();
    expect(ana_).toMatchObject({ login: ana.login, isAble: true, isAbleInTime: true, why: [] });
    expect(ana_?.ways).toHaveLength(1);
    const [way] = ana_?.ways ?? [];
    expect(way).toMatchObject({ console: { rule: { id: rule.id } }, networks: `in ${name}` });
    expect(way?.from).toMatch(/^203\.0\.113\./);
    expect(way?.authenticators).toMatchObject([{ asksPassword: false }]);
    expect(zoe).toMatchObject({ isAble: false, isAbleInTime: false, ways: [], why: ['No key is registered.'] });
    expect(await ableOfOverview()).toBe(1);
    // A key and an active account are not enough: a rule must let its holder in.
    ok(await call('DELETE', `/api/v1/users/${idle}/roles/${await roleOf(idle)}`));
    const key = await enrolPerson(
      server,
      await signedIn(ana.thief('203.0.113.9')),
      'key@example.org',
      'SUPER_ADMIN',
      HOME,
    );
    const keyId = String((await call('GET', `/api/v1/users/${key.login}`)).body['id']);
    ok(await setRule({ people: { users: { exclude: [keyId] } } }));
    const [, shut] = await waysIn();
    expect(shut).toMatchObject({ login: key.login, isAble: false, ways: [] });
    expect(shut?.why[0]).toContain(`“${rule.name}” of`);
    expect(shut?.why[0]).toContain('It is about other people.');
    expect(shut?.why.at(-1)).toContain('denies.');
    expect(await ableOfOverview()).toBe(1);
    expect(await opens(key)).toBe(false);
    ok(await call('POST', `/api/v1/users/${keyId}/lifecycle/suspend`));
    expect((await waysIn())[1]?.why).toEqual(['The account is suspended.']);
    ok(await call('POST', `/api/v1/users/${keyId}/lifecycle/unsuspend`));
    ok(await call('DELETE', `/api/v1/users/${keyId}/roles/${await roleOf(keyId)}`));
  });

  it('counts nobody who could not come in: locked, a locked password, somebody whom the rule is not for', async () => {
    const bo = await enrolPerson(server, await signedIn(ana), `bo${engine}@example.org`, 'SUPER_ADMIN', HOME);
    const boId = String((await bo.get('/api/v1/users/me')).body['id']);
    const suspend = (id: string) => call('POST', `/api/v1/users/${id}/lifecycle/suspend`);
    ok(await setRule({ people: { users: { include: [anaId, boId] } } }));
    const roles = (await call('GET', `/api/v1/users/${anaId}/roles`)).body as unknown as { id: string }[];
    const takeAnas = () => call('DELETE', `/api/v1/users/${anaId}/roles/${roles[0]?.id ?? ''}`);
    const lock = (expiresAt: number | null) =>
      server.services.store.transaction((tx) =>
        insertLock(tx, {
          id: `lck${next()}`,
          subjectKind: 'user',
          subjectId: boId,
          reason: 'test',
          createdAt: server.clock.now(),
          createdBy: 'test',
          expiresAt,
        }),
      );
    await lock(server.clock.now() + 60_000);
    refused(await takeAnas());
    server.clock.advance(61);
    ok(await setRule({ people: { users: { exclude: [boId] } } }));
    refused(await takeAnas());
    refused(await setRule({ people: { users: { exclude: [boId, anaId] } } }));
    ok(await setRule({ people: { users: { include: [boId] } } }));
    refused(await suspend(boId));
    expect(await opens(bo)).toBe(true);
    ok(await setRule({}));
    ok(await call('POST', `/api/v1/users/${boId}/lifecycle/deactivate`));
  });

  const signedIn = async (person: Person): Promise<Person> => {
    person.cookie = null;
    ok(await person.signIn());
    return person;
  };
});
