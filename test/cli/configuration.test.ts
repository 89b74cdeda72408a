/** The org as one document, from the command line: a real process, real protected actions, and a server that says no. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type CliOrg, HOME_ADDRESS, startCliOrg } from '../harness/cli-org.ts';
import { enrolPerson } from '../harness/enrol-person.ts';

let org: CliOrg;
beforeAll(async () => {
  org = await startCliOrg();
  const { exitCode, stderr } = await org.login();
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => org.stop());

type Fields = Record<string, unknown>;
interface Doc extends Fields {
  version: number;
  zones: Record<string, Fields>;
  groups: Record<string, Fields>;
  roles: Record<string, Fields>;
  resourceSets: Record<string, Fields>;
  apps: Record<string, Fields>;
  policies: Record<string, { rules: Fields[] } & Fields>;
  sessionBinding: Fields;
  adminConsole: Fields;
}
const fileOf = (name: string): string => join(org.folder, name);
const write = (name: string, document: unknown): string => {
  writeFileSync(fileOf(name), typeof document === 'string' ? document : stringify(document));
  return fileOf(name);
};
const exported = async (): Promise<Doc> => {
  const { exitCode, stdout, stderr } = await org.run(['config', 'export']);
  expect(exitCode, stderr).toBe(0);
  const document = parse(stdout) as Doc;
  for (const key of ['zones', 'groups', 'roles', 'resourceSets', 'apps'] as const) document[key] ??= {};
  return document;
};
const planned = async (file: string): Promise<{ kind: string; section: string; name: string; lines: string[] }[]> => {
  const { exitCode, stdout, stderr } = await org.run(['config', 'plan', file, '--json']);
  expect(exitCode, stderr + stdout).toBe(0);
  return (JSON.parse(stdout) as { changes: { kind: string; section: string; name: string; lines: string[] }[] })
    .changes;
};
const apply = (file: string, ...more: string[]) => org.run(['config', 'apply', file, '--yes', ...more]);

describe('the org as one document', () => {
  it('is exported, and applied as it is it changes nothing', async () => {
    const { exitCode, stderr } = await org.run(['config', 'export', '--out', 'org.yaml']);
    expect(exitCode, stderr).toBe(0);
    expect(statSync(fileOf('org.yaml')).mode & 0o777).toBe(0o600);
    expect((await org.run(['config', 'export', '--out', 'org.yaml'])).exitCode).toBe(7);
    const plan = await org.run(['config', 'plan', 'org.yaml', '--check']);
    expect(plan.exitCode, plan.stdout).toBe(0);
    expect(plan.stdout).toBe('Nothing to do: the server is as the document says.\n');
    // Nobody's secrets, and nobody's people; of passwords only what they must be.
    const text = readFileSync(fileOf('org.yaml'), 'utf8').replaceAll(/^ *(passwordPolicies|passwordChange):/gm, '');
    expect(text).not.toMatch(/secret|password|@/);
  });

  it('makes, changes and deletes, what is named before what names it, and then agrees', async () => {
    const document = await exported();
    const policyName = Object.keys(document.policies).find(
      (name) => document.policies[name]?.['type'] === 'ACCESS_POLICY',
    );
    document.zones['office'] = { gateways: ['203.0.113.0/24', '198.51.100.1-198.51.100.9'] };
    document.groups['On call'] = { description: 'who is woken' };
    document.roles['Zone keeper'] = {
      description: 'keeps the zones',
      permissions: { 'okta.networkZones.read': 'always', 'okta.networkZones.manage': 'always' },
    };
    document.roles['Deskmate'] = {
      description: 'sees the people of the desk',
      permissions: {
        'okta.users.read': { include: { 'okta:ResourceAttribute/User/Profile': ['login', 'email'] } },
      },
    };
    const orgId = (await org.ana.get('/api/v1/iam/resource-sets')).status;
    expect(orgId).toBe(200);
    document.apps['Wiki'] = { externalUrl: 'https://wiki.example.com' };
    const rules = document.policies[policyName ?? '']?.rules;
    rules?.push({
      name: 'From the office',
      conditions: {
        people: { groups: { include: ['On call'] }, users: { exclude: [org.ana.login] } },
        network: { connection: 'ZONE', include: ['office'] },
      },
      actions: {
        appSignOn: {
          access: 'ALLOW',
          verificationMethod: {
            type: 'ASSURANCE',
            factorMode: '2FA',
            reauthenticateIn: 'PT0S',
            constraints: [{ possession: { phishingResistant: 'REQUIRED', deviceBound: 'REQUIRED' } }],
          },
        },
      },
    });
    document['trustedOrigins'] = { 'The portal': { origin: 'https://portal.example.com' } };
    document.adminConsole['sessionIdleTimeoutMinutes'] = 20;
    const file = write('change.yaml', document);
    const changes = await planned(file);
    expect(changes.map(({ kind, section, name }) => `${kind} ${section} ${name}`)).toEqual([
      'create zones office',
      'create groups On call',
      'create roles Zone keeper',
      'create roles Deskmate',
      'create apps Wiki',
      `update policies ${policyName}`,
      'create trustedOrigins The portal',
      'update adminConsole ',
    ]);
    expect(changes.at(-1)?.lines).toEqual(['~ sessionIdleTimeoutMinutes: 15 → 20']);

    const dry = await org.run(['config', 'apply', file, '--dry-run']);
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toContain('+ zone office\n');
    expect(await planned(file)).toEqual(changes);

    const done = await apply(file);
    expect(done.exitCode, done.stderr + done.stdout).toBe(0);
    expect(done.stdout).toContain('Created zone office.\n');
    expect(done.stdout).toContain('Updated Admin Console.\n');
    const after = await exported();
    expect(after.zones['office']?.['gateways']).toEqual(['203.0.113.0/24', '198.51.100.1-198.51.100.9']);
    expect(after.roles['Deskmate']).toEqual(document.roles['Deskmate']);
    const written = after.policies[policyName ?? '']?.rules.find(({ name }) => name === 'From the office');
    expect(written?.['conditions']).toEqual({
      people: { groups: { include: ['On call'] }, users: { exclude: [org.ana.login] } },
      network: { connection: 'ZONE', include: ['office'] },
    });
    // The app brought its policy; but for that, the document says what is.
    delete after.policies['Wiki'];
    expect((await planned(file)).filter(({ section }) => section !== 'policies')).toEqual([]);
  });

  it('gives a role over a resource set, takes it, and moves a rule', async () => {
    const document = await exported();
    const made = await org.ana.call('POST', '/api/v1/iam/resource-sets', {
      label: 'probe',
      description: 'shows the name of all zones',
      resources: ['/api/v1/zones'],
    });
    expect(made.status, made.text).toBe(200);
    const { resources } = (await org.ana.get('/api/v1/iam/resource-sets/probe/resources')).body as unknown as {
      resources: { orn: string }[];
    };
    const orn = resources[0]?.orn ?? '';
    document.resourceSets['All zones'] = {
      description: 'every zone',
      resources: { [orn]: 'whole' },
      members: { 'Zone keeper': { groups: ['On call'] } },
    };
    const file = write('sets.yaml', document);
    // What somebody made by hand since is not in the document.
    expect((await planned(file)).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'create All zones',
      'delete probe',
    ]);
    const done = await apply(file);
    expect(done.exitCode, done.stderr).toBe(0);
    const group = (await org.ana.get('/api/v1/groups?q=On%20call')).body as unknown as { id: string }[];
    const roles = async () =>
      ((await org.ana.get(`/api/v1/groups/${group[0]?.id}/roles`)).body as unknown as { label: string }[]).map(
        ({ label }) => label,
      );
    expect(await roles()).toEqual(['Zone keeper']);
    document.resourceSets['All zones'] = { description: 'every zone', resources: { [orn]: 'whole' }, members: {} };
    expect((await apply(write('sets.yaml', document))).exitCode).toBe(0);
    expect(await roles()).toEqual([]);
    expect(await planned(fileOf('sets.yaml'))).toEqual([]);
  });

  it('replaces the only permission of a role, and the only rule that lets anybody in', async () => {
    const document = await exported();
    document.roles['Deskmate'] = { description: 'sees groups', permissions: { 'okta.groups.read': 'always' } };
    const consoleName = Object.keys(document.policies).find(
      (one) => document.policies[one]?.['type'] === 'ACCESS_POLICY',
    );
    const policy = document.policies[consoleName ?? ''];
    if (policy === undefined) throw new Error('there is no access policy');
    const [first] = policy.rules;
    policy.rules = [{ ...first, name: 'The same under another name' }, ...policy.rules.slice(1)];
    const done = await apply(write('instead.yaml', document));
    expect(done.exitCode, done.stderr).toBe(0);
    expect(await planned(fileOf('instead.yaml'))).toEqual([]);
  });

  it('holds what policies are tested with, and says how a change of what admits administrators is confirmed', async () => {
    const document = await exported();
    const name =
      Object.keys(document.policies).find((one) => document.policies[one]?.['type'] === 'ACCESS_POLICY') ?? '';
    const policy = document.policies[name] as unknown as { rules: Fields[]; tests?: Fields[] };
    expect(policy.tests ?? []).toEqual([]);
    policy.tests = [
      { name: 'passwords stay out', facts: { authenticators: 'password' }, expected: 'step_up' },
      { name: 'nobody', expected: 'step_up' },
    ];
    policy.rules = [
      ...policy.rules,
      { name: 'Denied', status: 'INACTIVE', conditions: {}, actions: { appSignOn: { access: 'DENY' } } },
    ];
    const done = await apply(write('tests.yaml', document));
    expect(done.exitCode, done.stderr).toBe(0);
    expect(done.stderr).toContain('ends by itself');
    expect(done.stderr).toContain('sallyport policy confirm');
    expect(await planned(fileOf('tests.yaml'))).toEqual([]);
    const { tests: _, ...silent } = policy;
    document.policies[name] = silent as unknown as (typeof document.policies)[string];
    expect(await planned(write('silent.yaml', document))).toEqual([]);
    (silent as { tests?: unknown }).tests = [{ name: 'nobody', expected: 'allowed' }];
    const wrong = await org.run(['config', 'plan', write('wrong.yaml', document)]);
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('must be one of allow, step_up, deny')]);
    (silent as { tests?: unknown }).tests = [];
    expect((await apply(write('none.yaml', document))).exitCode).toBe(0);
    expect(await planned(fileOf('none.yaml'))).toEqual([]);
  });

  it('puts rules in the order of the list', async () => {
    const document = await exported();
    const name =
      Object.keys(document.policies).find((one) => document.policies[one]?.['type'] === 'ACCESS_POLICY') ?? '';
    const policy = document.policies[name];
    if (policy === undefined) throw new Error('there is no access policy');
    const more = ['one', 'two', 'three'].map((rule) => ({
      name: rule,
      status: 'INACTIVE',
      conditions: {},
      actions: { appSignOn: { access: 'DENY' } },
    }));
    policy.rules = [...policy.rules, ...more];
    expect((await apply(write('order.yaml', document))).exitCode).toBe(0);
    policy.rules = policy.rules.toReversed();
    const done = await apply(write('order.yaml', document));
    expect(done.exitCode, done.stderr).toBe(0);
    const after = await exported();
    expect(after.policies[name]?.rules.map((rule) => rule['name'])).toEqual(policy.rules.map((rule) => rule['name']));
    expect(await planned(fileOf('order.yaml'))).toEqual([]);
  });

  it('makes, orders, changes and deletes policies of passwords and of enrolment', async () => {
    const document = await exported();
    document.groups['Vendors'] = {};
    document.groups['Night shift'] = {};
    document.zones['desk'] = { gateways: ['198.51.100.0/24'] };
    interface ForPeople {
      policies?: Fields[];
      default: Fields;
    }
    const passwords = document['passwordPolicies'] as ForPeople;
    const enrolment = document['enrolmentPolicies'] as ForPeople;
    expect(passwords.default).toMatchObject({
      settings: { complexity: { minLength: expect.any(Number) as number } },
      catchAll: { passwordChange: { access: 'ALLOW' } },
    });
    const vendors = {
      name: 'Vendors',
      groups: ['Vendors'],
      settings: { complexity: { minLength: 20 }, age: { maxAgeDays: 90, expireWarnDays: 7 } },
      rules: [
        {
          name: 'At the desk',
          conditions: {
            network: { connection: 'ZONE', include: ['desk'] },
            people: { users: { exclude: [org.ana.login] } },
          },
          actions: { passwordChange: { access: 'ALLOW' } },
        },
      ],
    };
    const night = { name: 'Night shift', description: 'at night', groups: ['Night shift'], status: 'INACTIVE' };
    passwords.policies = [vendors, night];
    enrolment.policies = [
      { name: 'Keys', groups: ['Vendors'], settings: { webauthn: { enroll: { self: 'REQUIRED' } } }, rules: [] },
    ];
    const applied = async (name: string): Promise<void> => {
      const file = write(name, document);
      const done = await apply(file);
      expect(done.exitCode, done.stderr + done.stdout).toBe(0);
      expect(await planned(file)).toEqual([]);
    };
    expect((await planned(write('people.yaml', document))).map(({ section }) => section)).toEqual([
      'zones',
      'groups',
      'groups',
      'passwordPolicies',
      'enrolmentPolicies',
    ]);
    await applied('people.yaml');
    const onServer = async (type: string) =>
      (await org.ana.get(`/api/v1/policies?type=${type}`)).body as unknown as Record<string, never>[];
    expect(await onServer('PASSWORD')).toMatchObject([
      {
        name: 'Vendors',
        priority: 1,
        status: 'ACTIVE',
        conditions: { people: { groups: { include: [expect.stringMatching(/^00g/)] } } },
        settings: { password: { complexity: { minLength: 20 }, age: { maxAgeDays: 90 } } },
      },
      { name: 'Night shift', description: 'at night', priority: 2, status: 'INACTIVE' },
      { system: true },
    ]);
    expect((await onServer('MFA_ENROLL'))[0]).toMatchObject({
      name: 'Keys',
      settings: {
        authenticators: [
          { key: 'okta_password', enroll: { self: 'OPTIONAL' } },
          { key: 'webauthn', enroll: { self: 'REQUIRED' } },
          { key: 'google_otp', enroll: { self: 'NOT_ALLOWED' } },
        ],
      },
    });

    // What somebody changes by hand is told, and put back.
    const [{ id }] = (await onServer('PASSWORD')) as unknown as [{ id: string }];
    const [byHand] = (await org.ana.get(`/api/v1/policies/${id}/rules`)).body as unknown as [{ id: string }];
    expect((await org.ana.call('DELETE', `/api/v1/policies/${id}/rules/${byHand.id}`)).status).toBe(204);
    const [drift] = await planned(fileOf('people.yaml'));
    expect(drift?.lines).toContain('+ policies.Vendors.rules.At the desk.name: At the desk');

    // Another order, another setting, one more in front, and what everybody is asked for.
    const more = { name: 'Interns', groups: ['Vendors'], settings: { lockout: { maxAttempts: 3 } } };
    passwords.policies = [
      more,
      { ...night, status: 'ACTIVE' },
      { ...vendors, settings: { complexity: { minLength: 24 } } },
    ];
    (passwords.default['settings'] as { complexity: Fields }).complexity['minLength'] = 16;
    enrolment.policies = [];
    await applied('people.yaml');
    expect(await onServer('PASSWORD')).toMatchObject([
      { name: 'Interns', settings: { password: { lockout: { maxAttempts: 3 } } } },
      { name: 'Night shift', status: 'ACTIVE' },
      // What is not said of the settings stays.
      { name: 'Vendors', settings: { password: { complexity: { minLength: 24 }, age: { maxAgeDays: 90 } } } },
      { system: true, settings: { password: { complexity: { minLength: 16 } } } },
    ]);
    expect((await onServer('MFA_ENROLL')).map(({ system }) => system)).toEqual([true]);

    // Where nothing at all is said of the settings for everybody, they stay.
    const quiet = { passwordPolicies: passwords, enrolmentPolicies: enrolment };
    for (const [key, all] of Object.entries(quiet)) {
      const said = { version: 1, [key]: { ...all, default: { ...all.default, settings: {} } } };
      expect(await planned(write('quiet.yaml', said)), key).toEqual([]);
    }

    const refused = async (part: object): Promise<string> => {
      const before = await exported();
      const { exitCode, stderr } = await apply(write('wrong.yaml', { version: 1, ...part }));
      expect(exitCode).toBe(2);
      expect(await exported()).toEqual(before);
      return stderr;
    };
    const said = await refused({
      passwordPolicies: {
        policies: [
          { name: 'A', settings: { complexity: { minLenght: 20 } }, groups: 'Vendors' },
          { name: 'A', status: 'ON', rules: [{ name: 'x' }] },
        ],
        default: { settings: { hashing: {} } },
      },
      enrolmentPolicies: { policies: [{ name: 'B', settings: { phone_number: { enroll: { self: 'OPTIONAL' } } } }] },
    });
    for (const reason of [
      'policies.0.settings.complexity: there is no field minLenght',
      'policies.0.groups: must be a list of names',
      'policies.1.status: must be ACTIVE or INACTIVE',
      'policies.1.rules.0.actions: must be given',
      'policies.1.name: A stands there twice',
      'default.settings: there is no hashing',
      'policies.0.settings: there is no phone_number',
    ])
      expect(said).toContain(reason);
    // The server has the last word: nobody's floor is lowered by a document.
    expect(
      await refused({ passwordPolicies: { ...passwords, default: { settings: { complexity: { minLength: 6 } } } } }),
    ).toContain('Weaker than what holds for everybody');
    expect(await refused({ enrolmentPolicies: { policies: [{ name: 'C', groups: ['Gone'] }] } })).toContain(
      'there is no group Gone, and the document makes none',
    );
  });

  it('stops at what the server refuses, says what was made, and goes on from there', async () => {
    const document = await exported();
    document.zones['first'] = { gateways: ['192.0.2.0/24'] };
    document.zones['wrong'] = { gateways: ['192.0.2.300/24'] };
    document.groups['After'] = {};
    const stopped = await apply(write('stop.yaml', document), '--json');
    expect(stopped.exitCode).toBe(2);
    const { error } = JSON.parse(stopped.stdout) as {
      error: { message: string; done: { name: string }[]; failed: { name: string } };
    };
    // Both would have been of one proof: nobody was asked for it.
    expect(error.message).toMatch(/^0 of 3 changes were made; zone wrong was not$/);
    expect([error.done, error.failed.name]).toEqual([[], 'wrong']);
    expect(stopped.stderr).not.toContain('fresh proof');
    expect((await exported()).zones['first']).toBeUndefined();
    document.zones['wrong'] = { gateways: ['192.0.2.30/32'] };
    // Of another proof, and later.
    document.groups['G'.repeat(300)] = {};
    const later = await apply(write('stop.yaml', document), '--json');
    const second = JSON.parse(later.stdout) as { error: typeof error };
    expect(second.error.done.map(({ name }) => name)).toEqual(expect.arrayContaining(['first', 'wrong']) as string[]);
    expect(second.error.failed.name).toBe('G'.repeat(300));
    delete document.groups['G'.repeat(300)];
    const done = await apply(write('stop.yaml', document));
    expect(done.exitCode, done.stderr).toBe(0);
    expect(done.stdout).not.toContain('zone');
    expect((await exported()).groups['After']).toBeDefined();
  });

  it('is refused before anything is sent where a name is of nothing', async () => {
    const before = await exported();
    const document = structuredClone(before);
    document.resourceSets['Odd'] = {
      description: 'x',
      members: { Nobody: { groups: ['Gone'], users: ['nobody@example.com'] } },
    };
    document.sessionBinding['exemptZone'] = 'elsewhere';
    document.zones['new'] = { gateways: ['192.0.2.0/24'] };
    const refused = await apply(write('names.yaml', document));
    expect(refused.exitCode).toBe(2);
    for (const [kind, name] of [
      ['role', 'Nobody'],
      ['group', 'Gone'],
      ['user', 'nobody@example.com'],
      ['zone', 'elsewhere'],
    ])
      expect(refused.stderr).toContain(`there is no ${kind} ${name}, and the document makes none`);
    expect(await exported()).toEqual(before);
  });

  it('does not delete what it names, nor make a policy', async () => {
    const document = await exported();
    delete document.groups['On call'];
    const refused = await org.run(['config', 'plan', write('gone.yaml', document)]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('names the group On call, which the document deletes');
    const policy = await org.run([
      'config',
      'plan',
      write('policy.yaml', 'version: 1\npolicies: { Mine: { type: ACCESS_POLICY } }'),
    ]);
    expect(policy.exitCode).toBe(2);
    expect(policy.stderr).toContain('a document cannot make a policy');
  });

  it('makes, changes, stops and deletes group rules, and marks service accounts', async () => {
    const login = 'backup@example.com';
    const made = await org.ana.call('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Back', lastName: 'Up' },
    });
    expect(made.status, made.text).toBe(200);
    const rules: Record<string, Fields> = {
      'Ops people': { when: 'user.department=="Ops"', groups: ['Ops'], except: [login] },
      Later: { when: 'user.title=="Later"', groups: ['Ops'], status: 'INACTIVE' },
    };
    const accounts: Record<string, Fields> = { [login]: {} };
    const document = { version: 1, groups: {}, groupRules: rules, serviceAccounts: accounts };
    document.groups = { ...(await exported()).groups, Ops: {} };
    const check = async (name: string): Promise<unknown> => {
      const file = write(name, document);
      const applied = await apply(file);
      expect(applied.exitCode, applied.stderr).toBe(0);
      expect(await planned(file)).toEqual([]);
      return (await exported())['groupRules'];
    };
    expect(await check('rules.yaml')).toEqual({
      Later: { when: 'user.title=="Later"', groups: ['Ops'], status: 'INACTIVE' },
      'Ops people': { when: 'user.department=="Ops"', groups: ['Ops'], except: [login], status: 'ACTIVE' },
    });
    expect((await org.ana.get(`/api/v1/users/${login}`)).body).toHaveProperty('sallyport.serviceAccountSince');
    // An active rule is changed, an inactive one set to work.
    rules['Ops people'] = { when: 'user.department=="Operations"', groups: ['Ops'] };
    rules['Later'] = { when: 'user.title=="Later"', groups: ['Ops'] };
    expect(await check('rules.yaml')).toMatchObject({
      Later: { status: 'ACTIVE' },
      'Ops people': { when: 'user.department=="Operations"', status: 'ACTIVE' },
    });
    const again = await exported();
    expect(again['serviceAccounts']).toEqual({ [login]: {} });
    const wrong = async (change: Fields): Promise<string> => {
      const refused = await org.run(['config', 'plan', write('wrong.yaml', { ...document, ...change })]);
      expect(refused.exitCode).toBe(2);
      return refused.stderr;
    };
    expect(await wrong({ groupRules: { Bad: { when: '', groups: [], except: [], status: 'INVALID' } } })).toMatch(
      /when: must be.*groups: must be.*status: must be/s,
    );
    expect(await wrong({ groupRules: { Bad: { when: 'true', groups: ['Nobodies'] } } })).toContain('no group Nobodies');
    // A short name may mean somebody else tomorrow, and other letters would be another entry.
    expect(await wrong({ serviceAccounts: { backup: {} } })).toContain('there is no user backup');
    expect(await wrong({ serviceAccounts: { 'Backup@example.com': {} } })).toContain('must be in lower case');
    expect(await wrong({ serviceAccounts: { [login]: { since: 'ever' } } })).toContain('there is no field since');
    // The last administrator is refused by the server, as anybody would be.
    const lockout = await apply(
      write('lock.yaml', { version: 1, serviceAccounts: { [login]: {}, [org.ana.login]: {} } }),
    );
    expect(lockout.exitCode, lockout.stdout).not.toBe(0);
    expect(lockout.stderr).toContain('last super admin');
    await org.ana.signIn();
    delete accounts[login];
    delete rules['Later'];
    delete rules['Ops people'];
    expect(await check('none.yaml')).toEqual({});
    expect((await org.ana.get(`/api/v1/users/${login}`)).body).not.toHaveProperty('sallyport');
  });

  it('keeps what a scope of a trusted origin says of apps, and changes the zone that exempts', async () => {
    const scopes = [{ type: 'CORS' }, { type: 'IFRAME_EMBED', allowedOktaApps: ['OKTA_ENDUSER'] }];
    const origin = { name: 'Intranet', origin: 'https://intranet.example.com', scopes };
    expect((await org.ana.call('POST', '/api/v1/trustedOrigins', origin)).status).toBe(200);
    const document = await exported();
    const origins = document['trustedOrigins'] as Record<string, Fields>;
    expect(origins['Intranet']).toMatchObject({ scopes: ['CORS', scopes[1]] });
    (origins['Intranet'] as Fields)['origin'] = 'https://intranet.example.org';
    const exempt = document.zones['DefaultExemptIpZone'] ?? {};
    document.zones['DefaultExemptIpZone'] = { ...exempt, gateways: ['192.0.2.64-192.0.2.71'] };
    const file = write('kept.yaml', document);
    expect((await planned(file)).map(({ section, name }) => `${section} ${name}`)).toEqual([
      'zones DefaultExemptIpZone',
      'trustedOrigins Intranet',
    ]);
    const done = await apply(file);
    expect(done.exitCode, done.stderr).toBe(0);
    const all = (await org.ana.get('/api/v1/trustedOrigins?q=Intranet')).body as unknown as Fields[];
    expect(all).toMatchObject([{ origin: 'https://intranet.example.org', scopes }]);
    const zones = (await org.ana.get('/api/v1/zones')).body as unknown as Fields[];
    expect(zones.find(({ name }) => name === 'DefaultExemptIpZone')).toMatchObject({
      gateways: [{ type: 'RANGE', value: '192.0.2.64-192.0.2.71' }],
      usage: 'POLICY',
    });
    expect(await planned(file)).toEqual([]);
    for (const wrong of [
      [{ type: 'CORS' }],
      [{ type: 'MOON', allowedOktaApps: [] }],
      [{ type: 'CORS', apps: ['x'] }],
    ]) {
      (origins['Intranet'] as Fields)['scopes'] = wrong;
      const refused = await org.run(['config', 'plan', write('wrong.yaml', document)]);
      expect([refused.exitCode, refused.stderr.includes('scopes: must be')]).toEqual([2, true]);
    }
  });

  it('says who may ask to sign in as a service account, by its login, and takes it away again', async () => {
    const login = 'licence-robot@example.org';
    const made = await org.ana.call('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Licence', lastName: 'Robot' },
      credentials: { password: { value: 'correct horse battery staple' } },
    });
    expect(made.status, made.text).toBe(200);
    const account = `/sallyport/v1/users/${String(made.body['id'])}/service-account`;
    expect((await org.ana.call('PUT', account, { isServiceAccount: true })).status).toBe(200);
    const licence = {
      name: 'Licence',
      requesters: 'everyone',
      duration: { upTo: 'PT1H' },
      sequence: 'Two fellow admins',
    };
    const conditions = { [`service-account ${login}`]: { conditions: [licence] } };
    const file = write('maintenance.yaml', { version: 1, requestConditions: conditions });
    const applied = await apply(file);
    expect(applied.exitCode, applied.stderr + applied.stdout).toBe(0);
    expect(await planned(file)).toEqual([]);
    expect((await exported())['requestConditions']).toMatchObject({
      [`service-account ${login}`]: { conditions: [{ ...licence, status: 'ACTIVE' }] },
    });
    const emptied = await apply(write('maintenance.yaml', { version: 1, requestConditions: {} }));
    expect(emptied.exitCode, emptied.stderr + emptied.stdout).toBe(0);
    expect((await exported())['requestConditions'] ?? {}).toEqual({});
    expect((await org.ana.call('PUT', account, { isServiceAccount: false })).status).toBe(200);
  });

  it('says who may ask for what and whose yes it takes, with names for ids, and is the same after all of it was made anew', async () => {
    const document = await exported();
    expect(Object.keys(document['requestSequences'] as Fields)).toContain('Two fellow admins');
    document.groups['On duty'] = {};
    document.apps['Ledger'] = { externalUrl: 'https://ledger.example.com' };
    document.roles['Zone reader'] = { description: 'reads', permissions: { 'okta.networkZones.read': 'always' } };
    const orn = Object.keys(document.resourceSets['All zones']?.['resources'] as Fields)[0] ?? '';
    document.resourceSets['For a while'] = { description: 'zones', resources: { [orn]: 'whole' } };
    const bundle = {
      description: 'for the night',
      roles: {
        HELP_DESK_ADMIN: { groups: ['On duty'] },
        'Zone reader': { resourceSets: ['For a while'] },
        REPORT_ADMIN: 'everything',
      },
    };
    document['bundles'] = { 'Night desk': bundle };
    const steps: Fields[] = [
      { approvers: { people: [org.ana.login] }, escalateAfter: 'PT120M', escalateTo: 'super-admins' },
      { approvers: 'manager' },
    ];
    const sequences = document['requestSequences'] as Record<string, Fields>;
    sequences['Ana, then the manager'] = { steps, decideWithin: 'PT48H' };
    const common = { sequence: 'Ana, then the manager', duration: { upTo: 'PT8H' } };
    const short = { ...common, name: 'Short', requesters: ['On call'], groups: ['On duty'] };
    const long = { ...common, name: 'Long', requesters: 'everyone', ticket: 'required', status: 'INACTIVE' };
    const conditions: Record<string, { conditions: Fields[] }> = {
      console: { conditions: [{ ...common, name: 'Short', requesters: 'everyone', bundles: ['Night desk'] }] },
      'group On duty': { conditions: [short, long] },
      'app Ledger': { conditions: [{ ...common, name: 'Books', requesters: 'everyone', duration: { fixed: 'P1D' } }] },
    };
    document['requestConditions'] = conditions;
    document['webhooks'] = { siem: { url: 'https://siem.example.com/hooks', types: ['grant.given', 'grant.ended'] } };
    const file = write('asking.yaml', document);
    const ours = ['bundles', 'requestSequences', 'requestConditions', 'webhooks'];
    const made = (await planned(file)).filter(({ section }) => ours.includes(section));
    expect(made.map(({ kind, section, name }) => `${kind} ${section} ${name}`)).toEqual([
      'create bundles Night desk',
      'create requestSequences Ana, then the manager',
      'create requestConditions console',
      'create requestConditions group On duty',
      'create requestConditions app Ledger',
      'create webhooks siem',
    ]);
    const without = structuredClone(document);
    for (const key of ours) delete without[key];
    const create = async (): Promise<void> => {
      const done = await apply(file);
      expect(done.exitCode, done.stderr + done.stdout).toBe(0);
      // Its secret is in no output that somebody keeps.
      expect(done.stderr).toContain('  sallyport webhook rotate siem --overlap 0\n');
      expect(done.stdout + done.stderr).not.toContain('whsec_');
      expect((await planned(file)).filter(({ section }) => section !== 'policies')).toEqual([]);
    };
    await create();
    const first = await exported();
    expect(JSON.stringify(ours.map((key) => first[key]))).not.toMatch(/\b(?:00[gu]|0oa|cr0|iam)\w{17}\b|whsec_|5a11d0/);
    expect(first['bundles']).toEqual({ 'Night desk': bundle });
    expect(first['requestConditions']).toMatchObject({
      'group On duty': {
        conditions: [
          { name: 'Short', status: 'ACTIVE' },
          { name: 'Long', status: 'INACTIVE' },
        ],
      },
      'app Ledger': { conditions: [{ duration: { fixed: 'P1D' }, status: 'ACTIVE' }] },
    });
    expect((first['requestSequences'] as typeof sequences)['Ana, then the manager']).toMatchObject({
      decideWithin: 'P2D',
      steps: [{ approvers: { people: [org.ana.login] }, escalateAfter: 'PT2H' }, { approvers: 'manager' }],
    });

    // Another order, one in place of another, one less; what is said of a resource set takes the bundle nothing.
    const newest = { ...short, name: 'Newest', duration: { fixed: 'PT1H' } };
    (conditions['group On duty'] as { conditions: Fields[] }).conditions = [
      newest,
      { ...long, status: 'ACTIVE' },
      short,
    ];
    delete conditions['app Ledger'];
    (steps[1] as Fields)['approvers'] = 'admins';
    (document.resourceSets['For a while'] as Fields)['description'] = 'all of them';
    document['webhooks'] = {
      siem: { url: 'https://siem.example.com/hooks', status: 'INACTIVE', types: ['grant.ended', 'request.asked'] },
    };
    const changes = await planned(write('asking.yaml', document));
    expect(changes.find(({ section }) => section === 'requestSequences')?.lines).toEqual([
      '~ steps.1.approvers: manager → admins',
    ]);
    expect(changes.find(({ name }) => name === 'group On duty')?.lines).toEqual(
      expect.arrayContaining([
        '~ conditions.Long.status: INACTIVE → ACTIVE',
        '~ conditions: order Short, Long → Long, Short',
      ]),
    );
    const changed = await apply(file);
    expect(changed.exitCode, changed.stderr + changed.stdout).toBe(0);
    expect(await planned(file)).toEqual([]);
    const second = await exported();
    expect(second['bundles']).toEqual({ 'Night desk': bundle });
    expect(second['requestConditions']).toMatchObject({
      'group On duty': { conditions: [{ name: 'Newest' }, { name: 'Long', status: 'ACTIVE' }, { name: 'Short' }] },
    });

    // All of it deleted and made anew, as on another server: other ids, and the same document.
    // Those that an organisation begins with stay: a sequence of two is not made where Ana is alone.
    const { 'Ana, then the manager': _, ...initial } = sequences;
    const empty = { version: 1, bundles: {}, requestConditions: {}, webhooks: {}, requestSequences: initial };
    const emptied = await apply(write('empty.yaml', empty));
    expect(emptied.exitCode, emptied.stderr + emptied.stdout).toBe(0);
    expect(await exported()).toMatchObject({
      bundles: {},
      requestConditions: {},
      webhooks: {},
      requestSequences: initial,
    });
    await create();
    const third = await exported();
    expect(ours.map((key) => third[key])).toEqual(ours.map((key) => second[key]));

    const wrong = await org.run([
      'config',
      'plan',
      write('wrong.yaml', {
        version: 1,
        requestConditions: { 'group Nowhere': { conditions: [{ ...long, sequence: 'None' }] } },
      }),
    ]);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('there is no group Nowhere');
    expect(wrong.stderr).toContain('there is no request sequence None');
    const used = await org.run([
      'config',
      'plan',
      write('used.yaml', { version: 1, requestSequences: {}, requestConditions: conditions }),
    ]);
    expect([used.exitCode, used.stderr]).toEqual([2, expect.stringContaining('which the document deletes')]);
  });

  it('asks before it changes, and changes nothing where nobody can answer', async () => {
    const document = await exported();
    document.groups['Unasked'] = {};
    const file = write('ask.yaml', document);
    const asked = await org.run(['config', 'apply', file, '--no-input']);
    expect(asked.exitCode).toBe(5);
    expect(asked.stderr).toContain('add --yes');
    expect((await org.run(['config', 'plan', file, '--check'])).exitCode).toBe(7);
  });

  it('holds the promises: nobody locks the last administrator out by a document', async () => {
    const document = await exported();
    for (const policy of Object.values(document.policies)) if (policy['type'] === 'ACCESS_POLICY') policy.rules = [];
    const refused = await apply(write('lockout.yaml', document));
    expect(refused.exitCode, refused.stdout).not.toBe(0);
    expect((await exported()).policies).not.toEqual(document.policies);
    await org.ana.signIn();
  });

  it('lets whoever may only read see what would change, and change nothing', async () => {
    const server = { ...org.server, url: org.proxy.origin };
    const ben = await enrolPerson(server, org.ana, 'ben@example.com', 'READ_ONLY_ADMIN', HOME_ADDRESS);
    const { body, text } = await ben.call('POST', '/api/v1/api-tokens', {
      name: 'drift',
      purpose: 'looks for drift',
      network: { connection: 'ANYWHERE' },
    });
    const env = { SALLYPORT_TOKEN: String(body['token']) };
    expect(env.SALLYPORT_TOKEN, text).not.toBe('undefined');
    const before = await exported();
    const document = structuredClone(before);
    document.groups['By Ben'] = {};
    const whole = write('whole.yaml', document);
    const part = await org.run(['config', 'plan', whole], env);
    expect(part.exitCode, part.stderr).toBe(0);
    const unread = 'requestSequences, requestConditions, webhooks';
    expect(part.stderr).toBe(`Not compared, for you may not read it: ${unread}.\n`);
    const nothing = await org.run(['config', 'apply', whole, '--yes'], env);
    expect([nothing.exitCode, nothing.stderr]).toEqual([3, expect.stringContaining(`you may not read ${unread}`)]);
    const left = await org.run(['config', 'export'], env);
    expect([left.exitCode, left.stderr]).toEqual([0, `Left out, for you may not read it: ${unread}.\n`]);
    expect((await org.run(['config', 'export', '--only', 'webhooks'], env)).exitCode).toBe(3);
    for (const key of unread.split(', ')) delete document[key];
    const file = write('ben.yaml', document);
    const seen = await org.run(['config', 'plan', file], env);
    expect(seen.exitCode, seen.stderr).toBe(0);
    expect(seen.stdout).toContain('+ group By Ben');
    const refused = await org.run(['config', 'apply', file, '--yes'], env);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('0 of 1 changes were made; group By Ben was not');
    expect(await exported()).toEqual(before);
  });
});
