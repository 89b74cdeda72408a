/** Policies of passwords: as objects, and what they do to those whom they are for, wherever a password is set or tried. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const OLD = 'correct horse battery staple';
const NEW = 'another good pass phrase';
const DAY = 86_400;
const CHANGE = { passwordChange: { access: 'ALLOW' } };

interface Policy {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly system: boolean;
}

describe.each(FIRST_ENGINE)('policies of passwords on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let ordinal = 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  beforeEach(async () => {
    server.clock.advance(60);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterAll(() => server.stop());

  const fresh = (word: string): string => `${word} ${ordinal++}`;
  const code = (reply: Reply): [number, unknown] => [reply.status, reply.body['errorCode']];
  const ok = (reply: Reply): Reply => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply;
  };
  const idOf = (reply: Reply): string => String(ok(reply).body['id']);
  const list = async <T>(path: string): Promise<readonly T[]> => (await ana.get(path)).body as unknown as T[];
  const passwordPolicies = (): Promise<readonly Policy[]> => list<Policy>('/api/v1/policies?type=PASSWORD');

  interface Given {
    readonly id: string;
    readonly path: string;
    readonly person: Person;
  }
  /** Somebody with a password, in a group of their own; then a policy with these settings that is for it. */
  const under = async (
    password: object,
    rules: readonly object[] = [],
  ): Promise<Given & Record<'policyId', string>> => {
    const groupId = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: fresh('group') } }));
    const given = await somebody([groupId]);
    const policyId = idOf(
      await ana.call('POST', '/api/v1/policies', {
        type: 'PASSWORD',
        name: fresh('policy'),
        priority: 1,
        conditions: { people: { groups: { include: [groupId] } } },
        settings: { password },
      }),
    );
    for (const rule of rules)
      ok(await ana.call('POST', `/api/v1/policies/${policyId}/rules`, { name: fresh('rule'), ...rule }));
    return { ...given, policyId };
  };
  const somebody = async (groupIds: readonly string[] = [], value = OLD): Promise<Given> => {
    const login = `somebody${ordinal++}@example.org`;
    const profile = { login, email: login, firstName: 'Some', lastName: 'Body' };
    const made = await ana.call('POST', '/api/v1/users', { profile, groupIds, credentials: { password: { value } } });
    const id = idOf(made);
    return { id, path: `/api/v1/users/${id}`, person: new Person(server.url, login) };
  };
  const authn = (person: Person, password: string): Promise<Reply> =>
    person.call('POST', '/api/v1/authn', { username: person.login, password });
  const signIn = async (person: Person, password = OLD): Promise<Reply> => {
    const begun = await authn(person, password);
    return begun.body['status'] === 'SUCCESS'
      ? person.call('POST', '/api/v1/sessions', { sessionToken: begun.body['sessionToken'] })
      : begun;
  };
  const change = (person: Person, oldPassword: string, newPassword: string): Promise<Reply> =>
    person.call('POST', '/api/v1/users/me/credentials/change_password', {
      oldPassword: { value: oldPassword },
      newPassword: { value: newPassword },
    });
  const statusOf = async (path: string): Promise<unknown> => (await ana.get(path)).body['status'];

  describe('as objects', () => {
    it('there is a default one that says what holds for everybody, for good', async () => {
      const [policy, ...others] = await passwordPolicies();
      expect(others).toEqual([]);
      const path = `/api/v1/policies/${policy?.id}`;
      expect((await ana.get(path)).body).toMatchObject({
        type: 'PASSWORD',
        name: 'Default Policy',
        system: true,
        status: 'ACTIVE',
        conditions: { people: { groups: { include: [expect.any(String)] } }, authProvider: { provider: 'OKTA' } },
        settings: {
          password: {
            complexity: {
              minLength: 12,
              minSymbol: 0,
              excludeUsername: true,
              dictionary: { common: { exclude: true } },
            },
            age: { maxAgeDays: 0, historyCount: 0 },
            lockout: { maxAttempts: 10, autoUnlockMinutes: 0, showLockoutFailures: false },
          },
          recovery: { factors: { okta_email: { status: 'INACTIVE' } } },
        },
      });
      const [rule] = await list<{ id: string }>(`${path}/rules`);
      expect(rule).toMatchObject({
        type: 'PASSWORD',
        system: true,
        actions: { ...CHANGE, selfServicePasswordReset: { access: 'DENY' }, selfServiceUnlock: { access: 'DENY' } },
      });
      for (const [method, at] of [
        ['DELETE', path],
        ['POST', `${path}/lifecycle/deactivate`],
        ['DELETE', `${path}/rules/${rule?.id}`],
        ['POST', `${path}/rules/${rule?.id}/lifecycle/deactivate`],
      ] as const)
        expect(code(await ana.call(method, at)), at).toEqual([403, 'E0000111']);
      // Its settings can be changed; for whom it is, and that it is last, cannot.
      const settings = { password: { complexity: { minLength: 14 } } };
      const body = { type: 'PASSWORD', name: 'Default Policy', priority: 1, conditions: {}, settings };
      expect(ok(await ana.call('PUT', path, body)).body).toMatchObject({
        conditions: { authProvider: { provider: 'OKTA' } },
        settings: { password: { complexity: { minLength: 14 } } },
      });
      const usual = { ...body, settings: { password: {} } };
      expect(ok(await ana.call('PUT', path, usual)).body).toMatchObject({
        settings: { password: { complexity: { minLength: 12 } } },
      });
    });

    it('live from creation to deletion with an event for each step, in an order with the default one last', async () => {
      const before = (await passwordPolicies()).length;
      const [first, second] = [fresh('first'), fresh('second')];
      const id = idOf(await ana.call('POST', '/api/v1/policies', { type: 'PASSWORD', name: first }));
      const other = idOf(await ana.call('POST', '/api/v1/policies', { type: 'PASSWORD', name: second, priority: 1 }));
      const names = async () => (await passwordPolicies()).map(({ name }) => name);
      expect((await names()).filter((name) => [first, second, 'Default Policy'].includes(name))).toEqual([
        second,
        first,
        'Default Policy',
      ]);
      ok(await ana.call('PUT', `/api/v1/policies/${id}`, { type: 'PASSWORD', name: first, priority: 1 }));
      expect((await names())[0]).toBe(first);
      expect((await names()).at(-1)).toBe('Default Policy');
      const rules = `/api/v1/policies/${id}/rules`;
      const rule = idOf(await ana.call('POST', rules, { type: 'PASSWORD', name: 'all', actions: CHANGE }));
      expect((await ana.get(`${rules}/${rule}`)).body).toMatchObject({
        type: 'PASSWORD',
        conditions: { people: { users: { exclude: [] } }, network: { connection: 'ANYWHERE' } },
      });
      const denied = { name: 'none', actions: { passwordChange: { access: 'DENY' } } };
      expect(ok(await ana.call('PUT', `${rules}/${rule}`, denied)).body).toMatchObject({ actions: denied.actions });
      for (const verb of ['deactivate', 'activate']) {
        expect((await ana.call('POST', `${rules}/${rule}/lifecycle/${verb}`)).status).toBe(204);
        expect((await ana.call('POST', `/api/v1/policies/${id}/lifecycle/${verb}`)).status).toBe(204);
      }
      // Of another policy it is none of this one's.
      expect((await ana.get(`/api/v1/policies/${other}/rules/${rule}`)).status).toBe(404);
      expect((await ana.call('DELETE', `${rules}/${rule}`)).status).toBe(204);
      for (const gone of [id, other]) expect((await ana.call('DELETE', `/api/v1/policies/${gone}`)).status).toBe(204);
      expect((await passwordPolicies()).length).toBe(before);
      const events = await list<{ eventType: string }>(
        `/api/v1/logs?filter=${encodeURIComponent(`target.id eq "${id}"`)}&limit=100`,
      );
      const types = events.map(({ eventType }) => eventType).filter((type) => type.startsWith('policy.'));
      expect(types.toSorted()).toEqual([
        'policy.lifecycle.activate',
        'policy.lifecycle.create',
        'policy.lifecycle.deactivate',
        'policy.lifecycle.delete',
        'policy.lifecycle.update',
        'policy.rule.activate',
        'policy.rule.add',
        'policy.rule.deactivate',
        'policy.rule.delete',
        'policy.rule.update',
      ]);
    });

    it.each([
      [{ complexity: { minLength: 11 } }, 'minLength', 'at least 12 characters'],
      [{ complexity: { minLength: 73 } }, 'minLength', ''],
      [{ complexity: { minNumber: 2 } }, 'minNumber', 'must be 0 or 1'],
      [{ complexity: { excludeUsername: false } }, 'excludeUsername', 'no password holds the login'],
      [{ complexity: { excludeAttributes: [] } }, 'excludeAttributes', 'no password holds the name'],
      [{ complexity: { dictionary: { common: { exclude: false } } } }, 'exclude', 'always refused'],
      [{ complexity: { oelStatement: 'x' } }, 'complexity', ''],
      [{ age: { historyCount: 31 } }, 'historyCount', ''],
      [{ age: { maxAgeDays: -1 } }, 'maxAgeDays', ''],
      [{ age: { maxAgeDays: 5, expireWarnDays: 6 } }, 'expireWarnDays', 'nothing to warn of'],
      [{ age: { maxAgeDays: 1, minAgeMinutes: 1440 } }, 'minAgeMinutes', 'less than maxAgeDays'],
      [{ lockout: { maxAttempts: 0 } }, 'maxAttempts', 'no guessing without an end'],
      [{ lockout: { maxAttempts: 11 } }, 'maxAttempts', 'number 10 locks'],
      [{ lockout: { autoUnlockMinutes: 14 } }, 'autoUnlockMinutes', 'at least 15'],
      [
        { lockout: { userLockoutNotificationChannels: ['EMAIL'] } },
        'userLockoutNotificationChannels',
        'nobody is mailed',
      ],
      [{ breachedProtection: { logoutEnabled: true } }, 'logoutEnabled', 'no breaches'],
    ])('nothing weaker than the floor, and nothing that does nothing: %j', async (password, field, words) => {
      const settings = { password };
      const reply = await ana.call('POST', '/api/v1/policies', { type: 'PASSWORD', name: fresh('weak'), settings });
      expect(code(reply), reply.text).toEqual([400, 'E0000001']);
      expect(String(reply.body['errorSummary'])).toContain(field);
      expect(reply.text).toContain(words);
    });

    it('refuse what else this server has not: other providers, self-service, groups that are gone', async () => {
      const body = { type: 'PASSWORD', name: fresh('wrong') };
      const wrong: [object, string][] = [
        [{ conditions: { authProvider: { provider: 'LDAP' } } }, 'all people are of this server'],
        [{ conditions: { people: { groups: { include: ['00gGone'] } } } }, '00gGone does not exist'],
        [{ conditions: { people: { users: { include: [] } } } }, 'conditions.people'],
        [{ settings: { recovery: { factors: { okta_email: { status: 'ACTIVE' } } } } }, 'nobody resets a password'],
        [{ settings: { delegation: { options: { skipUnlock: true } } } }, 'of this server alone'],
        [{ settings: { authenticators: [] } }, 'settings'],
      ];
      for (const [more, words] of wrong) {
        const reply = await ana.call('POST', '/api/v1/policies', { ...body, ...more });
        expect(code(reply), reply.text).toEqual([400, 'E0000001']);
        expect(reply.text).toContain(words);
      }
      const policyId = idOf(await ana.call('POST', '/api/v1/policies', body));
      const rules = `/api/v1/policies/${policyId}/rules`;
      const wrongRules: [object, string][] = [
        [{ actions: { ...CHANGE, selfServicePasswordReset: { access: 'ALLOW' } } }, 'Only DENY'],
        [{ actions: { ...CHANGE, selfServiceUnlock: { access: 'ALLOW' } } }, 'Only DENY'],
        [{ actions: { appSignOn: { access: 'ALLOW' } } }, 'actions'],
        [{ actions: CHANGE, conditions: { riskScore: { level: 'LOW' } } }, 'conditions'],
        [{ actions: CHANGE, conditions: { network: { connection: 'ZONE', include: ['nzoGone'] } } }, 'nzoGone'],
        [{ actions: CHANGE, type: 'SIGN_ON' }, 'of the type PASSWORD'],
      ];
      for (const [more, words] of wrongRules) {
        const reply = await ana.call('POST', rules, { name: 'wrong', ...more });
        expect(code(reply), reply.text).toEqual([400, 'E0000001']);
        expect(reply.text).toContain(words);
      }
      expect(await list(rules)).toEqual([]);
      // Of what opens no door there is nothing to prove, to replay or to simulate.
      expect((await ana.get(`/sallyport/v1/policies/${policyId}/proof`)).status).toBe(400);
      const dry = await ana.call('POST', `${rules}?dryRun=true`, { name: 'dry', actions: CHANGE });
      expect(code(dry)).toEqual([400, 'E0000001']);
      expect((await ana.call('POST', `/api/v1/policies/${policyId}/clone`)).status).toBe(400);
      expect((await ana.call('DELETE', `/api/v1/policies/${policyId}`)).status).toBe(204);
    });

    it('are a super admin’s to change, with the proof that power asks', async () => {
      const lee = await enrolPerson(server, ana, `lee${ordinal++}@example.org`, 'ORG_ADMIN');
      const [policy] = (await passwordPolicies()).filter(({ system }) => system);
      const path = `/api/v1/policies/${policy?.id}`;
      const body = { type: 'PASSWORD', name: 'Default Policy', settings: { password: {} } };
      expect((await lee.get(path)).status).toBe(200);
      expect((await lee.call('PUT', path, body)).status).toBe(403);
      expect((await lee.call('POST', '/api/v1/policies', { ...body, name: fresh('policy') })).status).toBe(403);
      expect((await lee.call('POST', `${path}/rules`, { name: 'rule', actions: CHANGE })).status).toBe(403);
      const asked = await ana.callOnce('PUT', path, body);
      expect(asked.body['sallyport']).toMatchObject({ action: 'admin-policy-rule.update' });
      // Whoever deletes the group that a policy is for takes its members out of it.
      const { policyId } = await under({ complexity: { minLength: 20 } });
      const groups = (await ana.get(`/api/v1/policies/${policyId}`)).body['conditions'] as unknown as {
        people: { groups: { include: string[] } };
      };
      const groupId = groups.people.groups.include[0] ?? '';
      expect((await lee.call('DELETE', `/api/v1/groups/${groupId}`)).status).toBe(403);
    });
  });

  describe('at work', () => {
    const SHORT = 'Horse 7, stapled';
    const LONG = 'Correct horse 7, battery';
    const asked = { minLength: 24, minUpperCase: 1, minNumber: 1, minSymbol: 1 };

    it('ask those whom they are for, and nobody else, for length and classes; at every door', async () => {
      const { person, path } = await under({ complexity: asked });
      const free = await somebody();
      for (const each of [person, free.person]) expect((await signIn(each)).status).toBe(200);
      expect((await change(free.person, OLD, NEW)).status).toBe(200);
      // By themselves.
      for (const [wanted, words] of [
        [SHORT, 'Use at least 24 characters.'],
        ['correct horse 7, battery', 'Use an upper case letter.'],
        ['Correct horse x, battery', 'Use a digit.'],
        ['Correct horse 7  battery', 'Use a symbol, such as ! or #.'],
      ] as const) {
        const reply = await change(person, OLD, wanted);
        expect(code(reply)).toEqual([403, 'E0000080']);
        expect(reply.text).toContain(words);
      }
      // By an administrator: more than the usual length is asked there, too.
      const set = (value: string) => ana.call('POST', path, { credentials: { password: { value } } });
      expect(code(await set(SHORT))).toEqual([403, 'E0000080']);
      // By the link that an administrator made.
      const reset = await ana.call('POST', `${path}/lifecycle/reset_password?sendEmail=false`);
      const link = String(reset.body['resetPasswordUrl']).split('=')[1] ?? '';
      const choose = (newPassword: string) =>
        person.call('POST', '/sallyport/v1/password-resets', { code: link, newPassword });
      expect(code(await choose(SHORT))).toEqual([403, 'E0000080']);
      expect((await choose(LONG)).status).toBe(200);
      // At a sign-in with an expired one, which says what is asked.
      ok(await ana.call('POST', `${path}/lifecycle/expire_password`));
      const begun = await authn(person, LONG);
      expect(begun.body).toMatchObject({
        status: 'PASSWORD_EXPIRED',
        _embedded: { policy: { complexity: { minLength: 24, minSymbol: 1 } } },
      });
      const goOn = (newPassword: string) =>
        person.call('POST', '/api/v1/authn/credentials/change_password', {
          stateToken: begun.body['stateToken'],
          oldPassword: LONG,
          newPassword,
        });
      expect(code(await goOn(SHORT))).toEqual([403, 'E0000080']);
      expect((await goOn(`${LONG}!`)).body['status']).toBe('SUCCESS');
    });

    it('hold for somebody who is made, by the groups they are made in', async () => {
      const groupId = idOf(await ana.call('POST', '/api/v1/groups', { profile: { name: fresh('group') } }));
      const conditions = { people: { groups: { include: [groupId] } } };
      const settings = { password: { complexity: asked } };
      const policy = { type: 'PASSWORD', name: fresh('policy'), priority: 1, conditions, settings };
      const policyId = idOf(await ana.call('POST', '/api/v1/policies', policy));
      const make = (groupIds: readonly string[]) => {
        const login = `made${ordinal++}@example.org`;
        const profile = { login, email: login, firstName: 'Some', lastName: 'Body' };
        return ana.call('POST', '/api/v1/users', { profile, groupIds, credentials: { password: { value: SHORT } } });
      };
      expect(code(await make([groupId]))).toEqual([403, 'E0000080']);
      expect((await make([])).status).toBe(200);
      // Switched off it asks nothing, at once; and so does one behind another.
      ok(await ana.call('POST', `/api/v1/policies/${policyId}/lifecycle/deactivate`));
      expect((await make([groupId])).status).toBe(200);
      ok(await ana.call('POST', `/api/v1/policies/${policyId}/lifecycle/activate`));
      expect(code(await make([groupId]))).toEqual([403, 'E0000080']);
      const before = { ...policy, name: fresh('before'), settings: {} };
      ok(await ana.call('POST', '/api/v1/policies', before));
      expect((await make([groupId])).status).toBe(200);
    });

    it('expire a password to the second, though nothing was written when that came', async () => {
      const { person, path } = await under({ age: { maxAgeDays: 30, expireWarnDays: 3 } });
      server.clock.advance(27 * DAY - 61);
      const early = await authn(person, OLD);
      expect([early.body['status'], (early.body['_embedded'] as { policy?: unknown }).policy]).toEqual([
        'SUCCESS',
        undefined,
      ]);
      server.clock.advance(61);
      expect((await authn(person, OLD)).body).toMatchObject({
        status: 'SUCCESS',
        _embedded: { policy: { expiration: { passwordExpireDays: 3 } } },
      });
      await signIn(person);
      const told = (await person.get('/sallyport/v1/me')).body['banners'];
      expect(told).toEqual([expect.objectContaining({ kind: 'password-expires' })]);
      server.clock.advance(3 * DAY - 1);
      expect((await authn(person, OLD)).body['status']).toBe('SUCCESS');
      server.clock.advance(1);
      const begun = await authn(person, OLD);
      expect(begun.body['status']).toBe('PASSWORD_EXPIRED');
      const { stateToken } = begun.body;
      expect((await person.call('POST', '/api/v1/sessions', { sessionToken: stateToken })).status).toBe(401);
      const body = { stateToken, oldPassword: OLD, newPassword: NEW };
      const changed = await person.call('POST', '/api/v1/authn/credentials/change_password', body);
      expect(changed.body['status'], changed.text).toBe('SUCCESS');
      expect((await authn(person, NEW)).body['status']).toBe('SUCCESS');
      expect((await ana.signIn()).status).toBe(200);
      expect(await statusOf(path)).toBe('ACTIVE');
    });

    it('are not changed so that the last super admin’s password, which the way in needs, is too old at once', async () => {
      const lee = await enrolPerson(server, ana, `lee${ordinal++}@example.org`, 'SUPER_ADMIN', '198.51.100.10');
      const [global] = await list<{ id: string }>('/api/v1/policies?type=OKTA_SIGN_ON');
      const rules = `/api/v1/policies/${global?.id}/rules`;
      const signon = { access: 'ALLOW', primaryFactor: 'PASSWORD_IDP' };
      // Ana has no password: with this rule Lee alone comes in.
      const rule = idOf(await ana.call('POST', rules, { name: 'password first', actions: { signon } }));
      const withBoth = async (): Promise<Reply> => {
        const proved = await lee.prove(await authn(lee, OLD));
        return lee.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] });
      };
      // It counts for good once somebody who signed in by it says so.
      const confirm = (who: Person): Promise<Reply> => who.call('POST', '/sallyport/v1/policies/confirmation', {});
      server.clock.advance(1);
      ok(await withBoth());
      ok(await confirm(lee));
      server.clock.advance(5 * DAY);
      ok(await withBoth());
      const all = (await lee.get('/api/v1/policies?type=PASSWORD')).body as unknown as Policy[];
      const path = `/api/v1/policies/${all.find(({ system }) => system)?.id}`;
      const save = (maxAgeDays: number): Promise<Reply> =>
        lee.call('PUT', path, {
          type: 'PASSWORD',
          name: 'Default Policy',
          settings: { password: { age: { maxAgeDays } } },
        });
      const refused = await save(5);
      expect(code(refused)).toEqual([403, 'E0000006']);
      expect(refused.text).toContain('last super admin');
      expect((await save(6)).status).toBe(200);
      expect((await save(0)).status).toBe(200);
      ok(await lee.call('DELETE', `${rules}/${rule}`));
      server.clock.advance(1);
      ok(await ana.signIn());
      ok(await confirm(ana));
    });

    it('keep a password for a while; one that is expired goes at once', async () => {
      const { person, path } = await under({ age: { minAgeMinutes: 60 } });
      await signIn(person);
      server.clock.advance(3599);
      const early = await change(person, OLD, NEW);
      expect(code(early)).toEqual([403, 'E0000014']);
      expect(early.text).toContain('too new to be changed');
      server.clock.advance(1);
      expect((await change(person, OLD, NEW)).status).toBe(200);
      expect(code(await change(person, NEW, OLD))).toEqual([403, 'E0000014']);
      expect((await ana.signIn()).status).toBe(200);
      ok(await ana.call('POST', `${path}/lifecycle/expire_password`));
      const { stateToken } = (await authn(person, NEW)).body;
      const body = { stateToken, oldPassword: NEW, newPassword: LONG };
      expect((await person.call('POST', '/api/v1/authn/credentials/change_password', body)).status).toBe(200);
    });

    it('take none of the last passwords again, by whichever way they went', async () => {
      const { id, person, path } = await under({ age: { historyCount: 3 } });
      const each = [0, 1, 2, 3, 4].map((n) => `${NEW} number ${n}`);
      await signIn(person);
      expect((await change(person, OLD, each[0] ?? '')).status).toBe(200);
      // One that an administrator takes counts as well: of it no hash is in the row.
      const reset = ok(await ana.call('POST', `${path}/lifecycle/reset_password?sendEmail=false`));
      const link = String(reset.body['resetPasswordUrl']).split('=')[1] ?? '';
      const choose = (newPassword: string) =>
        person.call('POST', '/sallyport/v1/password-resets', { code: link, newPassword });
      for (const used of [OLD, each[0] ?? '']) {
        const reply = await choose(used);
        expect(code(reply)).toEqual([403, 'E0000014']);
        expect(reply.text).toContain('one of your last 3 passwords');
      }
      expect((await choose(each[1] ?? '')).status).toBe(200);
      // One that an administrator sets is remembered, too; whether it was used before is not told.
      const set = (value: string) => ana.call('POST', path, { credentials: { password: { value } } });
      expect((await set(each[2] ?? '')).status).toBe(200);
      await signIn(person, each[2]);
      for (const used of [each[0], each[1], each[2]])
        expect(code(await change(person, each[2] ?? '', used ?? '')), used).toEqual([403, 'E0000014']);
      // The fourth from the end is free again.
      expect((await change(person, each[2] ?? '', OLD)).status).toBe(200);
      const kept = () =>
        server.services.store.read
          .selectFrom('passwordHistory')
          .select('passwordHash')
          .where('userId', '=', id)
          .execute();
      expect((await kept()).map(({ passwordHash }) => passwordHash.split('$')[1])).toEqual(Array(3).fill('argon2id'));
      expect((await set(each[0] ?? '')).status).toBe(200);
      // With the person it is gone.
      for (let i = 0; i < 2; i += 1) expect((await ana.call('DELETE', path)).status).toBe(204);
      expect(await kept()).toEqual([]);
    });

    it('keep no history where none is asked for', async () => {
      const { id, person } = await somebody();
      await signIn(person);
      expect((await change(person, OLD, NEW)).status).toBe(200);
      const rows = await server.services.store.read
        .selectFrom('passwordHistory')
        .selectAll()
        .where('userId', '=', id)
        .execute();
      expect(rows).toEqual([]);
    });

    it('lock after as many tries as they say, and unlock by time where they say so', async () => {
      const { person, path } = await under({ lockout: { maxAttempts: 3, autoUnlockMinutes: 15 } });
      const free = await somebody();
      for (let tries = 0; tries < 3; tries += 1)
        for (const each of [person, free.person]) expect(code(await authn(each, 'wrong'))).toEqual([401, 'E0000004']);
      expect(await statusOf(path)).toBe('LOCKED_OUT');
      expect(await statusOf(free.path)).toBe('ACTIVE');
      // Not told, as nobody said that it should be.
      expect(code(await authn(person, OLD))).toEqual([401, 'E0000004']);
      server.clock.advance(15 * 60 - 1);
      expect(code(await authn(person, OLD))).toEqual([401, 'E0000004']);
      const found = async () => {
        const search = encodeURIComponent(`status eq "LOCKED_OUT" and profile.login eq "${person.login}"`);
        return (await list<unknown>(`/api/v1/users?search=${search}`)).length;
      };
      expect(await found()).toBe(1);
      server.clock.advance(1);
      expect([await statusOf(path), await found()]).toEqual(['ACTIVE', 0]);
      expect(code(await ana.call('POST', `${path}/lifecycle/unlock`))).toEqual([403, 'E0000032']);
      // It is counted anew: two more do not lock it, and not even when they come at once.
      await Promise.all([authn(person, 'wrong'), authn(person, 'wrong')]);
      expect(await statusOf(path)).toBe('ACTIVE');
      await authn(person, 'wrong');
      expect(await statusOf(path)).toBe('LOCKED_OUT');
      ok(await ana.call('POST', `${path}/lifecycle/unlock`));
      expect((await authn(person, OLD)).body['status']).toBe('SUCCESS');
    });

    it('tell of the lock where they say so, whatever was typed', async () => {
      const { person } = await under({ lockout: { maxAttempts: 1, showLockoutFailures: true } });
      expect(code(await authn(person, 'wrong'))).toEqual([401, 'E0000004']);
      for (const typed of ['wrong', OLD]) {
        const reply = await authn(person, typed);
        expect([reply.status, reply.body]).toEqual([200, { status: 'LOCKED_OUT' }]);
      }
      const nobody = new Person(server.url, 'nobody@example.org');
      expect(code(await authn(nobody, 'wrong'))).toEqual([401, 'E0000004']);
    });

    it('say from where somebody changes their own; the first rule that matches decides, else the default policy', async () => {
      const gateways = [{ type: 'CIDR', value: '203.0.113.0/24' }];
      const zone = idOf(await ana.call('POST', '/api/v1/zones', { type: 'IP', name: fresh('zone'), gateways }));
      const elsewhere = { network: { connection: 'ZONE', include: [zone] } };
      const { person, policyId } = await under({}, [
        { conditions: elsewhere, actions: { passwordChange: { access: 'DENY' } } },
      ]);
      person.address = '203.0.113.5';
      await signIn(person);
      const refused = await change(person, OLD, NEW);
      expect(code(refused)).toEqual([403, 'E0000014']);
      expect(refused.text).toContain('The policy lets nobody change this password from here.');
      const near = new Person(server.url, person.login);
      await signIn(near);
      expect((await change(near, OLD, NEW)).status).toBe(200);
      const denied = { name: 'nobody', actions: { passwordChange: { access: 'DENY' } } };
      ok(await ana.call('POST', `/api/v1/policies/${policyId}/rules`, denied));
      expect(code(await change(near, NEW, OLD))).toEqual([403, 'E0000014']);
    });

    it('are not changed so that a clock shuts the last super admin out: what grows too old is renewed from somewhere', async () => {
      const lee = await enrolPerson(server, ana, `lee${ordinal++}@example.org`, 'SUPER_ADMIN', '198.51.100.10');
      const { token } = await createApiToken(server.services, hostPrincipal(server.services.random), {
        name: fresh('token'),
        ownerId: String((await lee.get('/api/v1/users/me')).body['id']),
        purpose: 'test',
        ttlSeconds: 3600,
        network: { connection: 'ANYWHERE' },
        protectedActions: 'all',
      });
      const call = (method: string, path: string, body?: unknown): Promise<Reply> =>
        send(server.url, method, path, { Authorization: `SSWS ${token}` }, body);
      const refused = (reply: Reply): void =>
        expect([...code(reply), reply.text.includes('last super admin')]).toEqual([403, 'E0000006', true]);
      const ipZone = (...ranges: string[]) => ({
        type: 'IP',
        name: fresh('zone'),
        gateways: ranges.map((value) => ({ type: 'CIDR', value })),
      });
      const [global] = await list<{ id: string }>('/api/v1/policies?type=OKTA_SIGN_ON');
      const globalRules = `/api/v1/policies/${global?.id}/rules`;
      const signon = { access: 'ALLOW', primaryFactor: 'PASSWORD_IDP' };
      const path = `/api/v1/policies/${(await passwordPolicies()).find(({ system }) => system)?.id}`;
      const [own] = await list<{ id: string; name: string }>(`${path}/rules`);
      const settings = (maxAgeDays: number) => ({
        type: 'PASSWORD',
        name: 'Default Policy',
        settings: { password: { age: { maxAgeDays } } },
      });
      const anywhere = (access: string) => ({ name: own?.name, actions: { passwordChange: { access } } });

      // Ana has no password: from now on Lee alone comes in.
      const first = idOf(await call('POST', globalRules, { name: 'password first', actions: { signon } }));
      ok(await call('PUT', `${path}/rules/${own?.id}`, anywhere('DENY')));
      refused(await call('PUT', path, settings(90)));
      ok(await call('PUT', `${path}/rules/${own?.id}`, anywhere('ALLOW')));
      ok(await call('PUT', path, settings(90)));
      refused(await call('PUT', `${path}/rules/${own?.id}`, anywhere('DENY')));
      // One place is enough, as long as it is one.
      const office = ipZone('203.0.113.0/24');
      const zone = idOf(await call('POST', '/api/v1/zones', office));
      const network = { network: { connection: 'ZONE', include: [zone] } };
      const inOffice = { name: fresh('office'), conditions: network, actions: CHANGE };
      const atOffice = idOf(await call('POST', `${path}/rules`, { ...inOffice, priority: 1 }));
      ok(await call('PUT', `${path}/rules/${own?.id}`, anywhere('DENY')));
      refused(await call('DELETE', `${path}/rules/${atOffice}`));
      refused(await call('POST', '/api/v1/zones', { ...ipZone('203.0.113.0/24'), usage: 'BLOCKLIST' }));

      server.clock.advance(91 * DAY);
      const renew = async (): Promise<Reply> => {
        const { status, stateToken } = (await authn(lee, OLD)).body;
        expect(status).toBe('PASSWORD_EXPIRED');
        const body = { stateToken, oldPassword: OLD, newPassword: NEW };
        return lee.call('POST', '/api/v1/authn/credentials/change_password', body);
      };
      lee.cookie = null;
      expect(code(await renew())).toEqual([403, 'E0000014']);
      lee.address = '203.0.113.5';
      ok(await renew());
      lee.address = '198.51.100.10';
      const proved = await lee.prove(await authn(lee, NEW));
      ok(await lee.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] }));

      ok(await lee.call('PUT', path, settings(0)));
      ok(await lee.call('PUT', `${path}/rules/${own?.id}`, anywhere('ALLOW')));
      ok(await lee.call('DELETE', `${path}/rules/${atOffice}`));
      ok(await lee.call('DELETE', `${globalRules}/${first}`));
      server.clock.advance(1);
      ok(await ana.signIn());
      ok(await ana.call('POST', '/sallyport/v1/policies/confirmation', {}));
    });
  });
});
