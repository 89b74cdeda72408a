/**
 * A week in the life of an organisation, told to the server over its own API by people with keys and addresses of
 * their own: nothing is written into the store behind its back, so every event and every verdict is a real one.
 */

import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { createApiToken } from '../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../packages/server/src/host/host-principal.ts';
import type { Services } from '../packages/server/src/services.ts';
import { createSetupCode } from '../packages/server/src/setup/setup-code.ts';
import { writeCheckpoint } from '../packages/server/src/system-log/checkpoint.ts';
import { makeMachine } from '../test/harness/machine.ts';
import { Person, type Reply, send } from '../test/harness/person.ts';
import { prepareAccess } from './access.ts';
import { must } from './must.ts';
import { type DemoPerson, EVERYBODY_ELSE, OWNER, STAFF, VISITOR } from './people.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PASSWORD = 'four words nobody would guess';

export interface DemoClock {
  now(): number;
  /** Goes on to an instant; never back. */
  goTo(at: number): void;
}

export interface DemoWeek {
  readonly people: ReadonlyMap<string, Person>;
  readonly visitorId: string;
}

/** The same "chance" each time, so that two demos tell the same story. */
const dice = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
};

export const liveThroughAWeek = async (
  s: Services,
  url: string,
  clock: DemoClock,
  endsAt: number,
): Promise<DemoWeek> => {
  const startsAt = endsAt - 7 * DAY;
  const roll = dice(20_261);
  clock.goTo(startsAt);
  const people = new Map<string, Person>();
  const enrol = async (who: DemoPerson, userId: string): Promise<Person> => {
    const person = new Person(url, who.login, who.address);
    const code = await s.store.transaction((tx) => createSetupCode(s, tx, 'enrol', userId));
    const begun = must(await person.call('POST', '/sallyport/v1/setup/claim', { code }), 'enrol');
    const stateToken = String(begun.body['stateToken']);
    must(await person.registerKey(stateToken, person.key), 'key');
    must(await person.call('POST', '/sallyport/v1/setup/finish', { stateToken, secondKeySkipped: true }), 'finish');
    people.set(who.login, person);
    return person;
  };

  const ana = new Person(url, OWNER.login, OWNER.address);
  const claim = await s.store.transaction((tx) => createSetupCode(s, tx, 'claim', null));
  await ana.claim(claim, [ana.key, createSoftAuthenticator()], 'Contoso');
  must(await ana.signIn(), 'first sign-in');
  people.set(OWNER.login, ana);
  must(
    await ana.call('POST', `/api/v1/users/${String((await ana.get('/api/v1/users/me')).body['id'])}`, {
      profile: { firstName: OWNER.firstName, lastName: OWNER.lastName },
    }),
    'name',
  );
  const hire = async (who: DemoPerson): Promise<string> => {
    clock.goTo(clock.now() + 40_000);
    const made = must(
      await ana.call('POST', '/api/v1/users?activate=true', {
        profile: { login: who.login, email: who.login, firstName: who.firstName, lastName: who.lastName },
        credentials: { password: { value: PASSWORD } },
      }),
      who.login,
    );
    const id = String(made.body['id']);
    if (who.role !== null) must(await ana.call('POST', `/api/v1/users/${id}/roles`, { type: who.role }), 'role');
    return id;
  };
  const ids = new Map<string, string>();
  for (const who of STAFF) {
    const id = await hire(who);
    ids.set(who.login, id);
    await enrol(who, id);
  }
  const visitorId = await hire(VISITOR);
  const group = async (name: string): Promise<string> =>
    String(must(await ana.call('POST', '/api/v1/groups', { profile: { name } }), name).body['id']);
  const groups = [await group('Payroll'), await group('Platform engineering'), await group('Contractors')];
  const staffIds: string[] = [];
  for (const [i, name] of EVERYBODY_ELSE.entries()) {
    const [firstName = '', ...rest] = name.split(' ');
    const login = `${firstName.toLowerCase()}@contoso.example`;
    const id = await hire({ login, firstName, lastName: rest.join(' '), role: null, address: '', beginsAtHour: 9 });
    staffIds.push(id);
    must(await ana.call('PUT', `/api/v1/groups/${groups[i % groups.length]}/users/${id}`), 'member');
  }
  must(
    await ana.call('POST', '/api/v1/zones', {
      type: 'IP',
      name: 'Contoso office',
      status: 'ACTIVE',
      usage: 'POLICY',
      gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }],
      proxies: [],
    }),
    'zone',
  );
  // A small role in place of a big one: it sees and suspends contractors, and nobody else.
  must(
    await ana.call('POST', '/api/v1/iam/roles', {
      label: 'Contractor desk',
      description: 'Looks after contractors: who they are, and whether they may come in',
      permissions: ['okta.users.read', 'okta.users.lifecycle.suspend', 'okta.users.lifecycle.unsuspend'],
    }),
    'role',
  );
  must(
    await ana.call('POST', '/api/v1/iam/resource-sets', {
      label: 'Contractors',
      description: 'The people in the group Contractors',
      resources: [`/api/v1/groups/${groups[2]}/users`],
    }),
    'resource set',
  );
  must(
    await ana.call('POST', '/api/v1/iam/resource-sets/Contractors/bindings', {
      role: 'Contractor desk',
      members: [`/api/v1/users/${ids.get('dana.weiss@contoso.example')}`],
    }),
    'binding',
  );
  const inventory = await makeMachine({ url, clock }, ana, {
    label: 'Nightly inventory',
    scopes: ['okta.users.read', 'okta.groups.read'],
    roles: ['READ_ONLY_ADMIN'],
  });
  inventory.address = '192.0.2.91';
  const { token } = await createApiToken(s, hostPrincipal(s.random), {
    name: 'Terraform',
    ownerId: ids.get('bo.lindqvist@contoso.example') ?? '',
    purpose: 'keeps groups and zones as code',
    ttlSeconds: 30 * 24 * 3600,
    network: { connection: 'ANYWHERE' },
    protectedActions: [],
  });
  const terraform = (path: string, address = '192.0.2.90'): Promise<Reply> =>
    send(url, 'GET', path, {
      'X-Forwarded-For': address,
      'User-Agent': 'Terraform/1.9',
      Authorization: `SSWS ${token}`,
    });

  const person = (login: string): Person => {
    const found = people.get(login);
    if (found === undefined) throw new Error(`demo: no ${login}`);
    return found;
  };
  const access = await prepareAccess(clock, ana, [...ids.values()], person);
  const all = [OWNER, ...STAFF];
  const READS: readonly string[] = [
    '/api/v1/users?limit=20',
    '/api/v1/groups',
    '/api/v1/logs?limit=20',
    '/api/v1/zones',
    '/sallyport/v1/me/sessions',
  ];

  for (let day = 0; day < 7; day += 1) {
    const midnight = startsAt - (startsAt % DAY) + day * DAY;
    const isWeekend = [0, 6].includes(new Date(midnight).getUTCDay());
    const mornings = all
      .filter(() => !isWeekend || roll() < 0.2)
      .map((who) => ({ who, at: midnight + who.beginsAtHour * HOUR + Math.floor(roll() * HOUR) }))
      .toSorted((a, b) => a.at - b.at);
    for (const { who, at } of mornings) {
      if (at < clock.now() || at > endsAt) continue;
      clock.goTo(at);
      const somebody = person(who.login);
      must(await somebody.signIn(), `${who.login} signs in`);
      for (let i = 0; i < 4; i += 1) {
        clock.goTo(clock.now() + 30_000 + Math.floor(roll() * 90_000));
        await somebody.get(READS[Math.floor(roll() * READS.length)] ?? '/api/v1/users/me');
      }
      // Somebody’s provider hands out another address: observed, because only the ASN is enforced.
      if (who.login === 'eli.moreau@contoso.example' && day % 2 === 1) {
        somebody.address = '198.51.100.44';
        await somebody.get('/api/v1/users?limit=5');
        somebody.address = who.address;
      }
      if (roll() < 0.7) must(await somebody.call('DELETE', '/api/v1/sessions/me'), 'sign-out');
    }
    await terraform('/api/v1/groups');
    await inventory.authenticate('okta.users.read okta.groups.read');
    must(await inventory.call('GET', '/api/v1/users?limit=50'), 'inventory');
    if (day === 1) {
      const guesser = new Person(url, 'priya@contoso.example', '203.0.113.9');
      for (let i = 0; i < 6; i += 1) {
        clock.goTo(clock.now() + 4_000);
        await guesser.call('POST', '/api/v1/authn', { username: 'priya@contoso.example', password: `guess ${i}` });
      }
    }
    if (day === 2) {
      const bo = person('bo.lindqvist@contoso.example');
      must(await bo.signIn(), 'bo');
      must(await bo.call('POST', `/api/v1/users/${staffIds[8]}/lifecycle/suspend`), 'suspend');
      clock.goTo(clock.now() + 3 * 60_000);
      must(await bo.call('POST', `/api/v1/users/${staffIds[8]}/lifecycle/unsuspend`), 'unsuspend');
    }
    if (day === 3) {
      const dana = person('dana.weiss@contoso.example');
      must(await dana.signIn(), 'dana');
      clock.goTo(clock.now() + 60_000);
      // A cookie that was copied from Dana’s laptop, tried from a hosting company.
      await dana.thief('203.0.113.66').get('/api/v1/users');
      clock.goTo(clock.now() + 9 * 60_000);
      must(await dana.signIn(), 'dana again');
      const own = await dana.get('/sallyport/v1/me/sessions');
      const last = own.body['lastEnded'] as { sessionId: string } | null;
      if (last !== null)
        must(
          await dana.call('POST', `/sallyport/v1/me/sessions/${last.sessionId}/acknowledge`, { answer: 'not-me' }),
          'that was not me',
        );
    }
    if (day === 4) {
      must(await ana.signIn(), 'ana');
      must(
        await ana.call('POST', '/api/v1/zones', {
          type: 'IP',
          name: 'Known bad hosts',
          status: 'ACTIVE',
          usage: 'BLOCKLIST',
          gateways: [{ type: 'CIDR', value: '203.0.113.200/29' }],
          proxies: [],
        }),
        'blocklist',
      );
      await new Person(url, OWNER.login, '203.0.113.201').call('POST', '/api/v1/authn', { username: OWNER.login });
    }
    if (day === 5) await access.yesterday();
    if (day === 5) await terraform('/api/v1/users?limit=200', '203.0.113.140');
    await s.sessions.sweep();
    await writeCheckpoint(s);
  }
  clock.goTo(endsAt - 45 * 60_000);
  await access.today();
  // Today: who is at work right now. Lee is from Harbour Mobile.
  clock.goTo(endsAt);
  for (const login of [
    'ana.ruiz@contoso.example',
    'bo.lindqvist@contoso.example',
    'lee.park@contoso.example',
    'mina.sato@contoso.example',
  ])
    must(await person(login).signIn(), `${login} today`);
  return { people, visitorId };
};
