import { afterEach, describe, expect, it } from 'vitest';
import { SCREENS } from '../../packages/console/src/admin/screens.ts';
import { WEBHOOK_TYPE_NAMES, type WebhookType } from '../../packages/model/src/webhook-types.ts';
import { remindOwners } from '../../packages/server/src/api-tokens/remind-owners.ts';
import { remindKeepers } from '../../packages/server/src/break-glass/remind-keepers.ts';
import { ConfigError, loadConfig } from '../../packages/server/src/config/config.ts';
import { closeExpired } from '../../packages/server/src/grants/close-expired.ts';
import { createGrant } from '../../packages/server/src/grants/create-grant.ts';
import { remindHolders } from '../../packages/server/src/grants/remind-holders.ts';
import { runDoctor } from '../../packages/server/src/host/doctor.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../packages/server/src/notices/notice-kinds.ts';
import { escalateRequests } from '../../packages/server/src/requests/escalate-requests.ts';
import { expireRequests } from '../../packages/server/src/requests/expire-requests.ts';
import { beginApproved } from '../../packages/server/src/requests/grant-request.ts';
import { runReviews } from '../../packages/server/src/reviews/run-reviews.ts';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { breakGlass, holderOf, makeGlass } from '../harness/break-glass.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { idOf, type Person, type Reply, send, signedInAdmin } from '../harness/person.ts';
import { type ReceivedMail, type SmtpOptions, type SmtpServer, startSmtpServer } from '../harness/smtp-server.ts';
import { FIRST_ENGINE, freePort, startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let smtp: SmtpServer | null = null;
afterEach(async () => {
  await server.stop();
  await smtp?.stop();
  smtp = null;
});

const profileOf = (name: string) => ({
  profile: { firstName: name, lastName: 'Park', email: `${name}@example.org`, login: `${name}@example.org` },
});
const entries = () => server.services.store.read.selectFrom('outbox').selectAll().where('sink', '=', 'mail').execute();

/** Until the server's own job has tried all that is due. */
const tried = () =>
  expect
    .poll(
      async () =>
        (await entries()).filter(
          (row) => row.deliveredAt === null && row.deadAt === null && row.nextAttemptAt <= server.clock.now(),
        ),
      { timeout: 30_000 },
    )
    .toEqual([]);

describe.each(FIRST_ENGINE)('mail on %s', (engine) => {
  const begin = async (port: number): Promise<Person> => {
    server = await startTestServer({
      engine,
      env: { SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${port}`, SALLYPORT_MAIL_FROM: 'sallyport@example.org' },
    });
    return signedInAdmin(server);
  };

  it('tells a person what was done with their account, once a minute, and they can say that it was not them', async () => {
    smtp = await startSmtpServer();
    const ana = await begin(smtp.port);
    expect((await ana.call('POST', '/api/v1/users', profileOf('lee'))).status).toBe(200);
    expect((await ana.call('POST', '/api/v1/users', profileOf('kim'))).status).toBe(200);
    await tried();
    expect(smtp.mails).toHaveLength(1);
    const [mail] = smtp.mails;
    expect(mail).toMatchObject({
      from: 'sallyport@example.org',
      to: ['ana@example.org'],
      subject: 'Done with your account: Create a person',
    });
    expect(mail?.text).toContain('from 198.51.100.10');
    expect(mail?.text).toContain('2026-11-25 12:00 UTC');
    const [, id = ''] = /\/me\/actions\/([\w-]+)/.exec(mail?.text ?? '') ?? [];
    const shown = await ana.get(`/sallyport/v1/me/actions/${id}`);
    expect(shown.body).toMatchObject({ words: 'Create a person', address: '198.51.100.10' });
    expect(
      ((await ana.get('/sallyport/v1/me/actions')).body as unknown as { actions: unknown[] }).actions,
    ).toHaveLength(2);

    server.clock.advance(60);
    expect((await ana.call('POST', '/api/v1/users', profileOf('bea'))).status).toBe(200);
    await tried();
    expect(smtp.mails).toHaveLength(2);
    expect(new Set(smtp.mails.map(({ messageId }) => messageId)).size).toBe(2);

    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    expect((await bo.get(`/sallyport/v1/me/actions/${id}`)).status).toBe(404);
    expect((await bo.callOnce('POST', `/sallyport/v1/me/actions/${id}/not-me`)).status).toBe(404);
    const reported = await ana.callOnce('POST', `/sallyport/v1/me/actions/${id}/not-me`);
    expect(reported.body).toEqual({ ended: 1 });
    expect((await ana.get('/sallyport/v1/me')).status).toBe(401);
    await tried();
    const told = smtp.mails.find(({ to }) => to.includes('bo@example.org'));
    expect(told?.subject).toBe('ana@example.org says: that wasn’t me');
    const events = await bo.get(
      '/api/v1/logs?filter=eventType eq "user.account.report_suspicious_activity_by_enduser"',
    );
    expect(events.body).toHaveLength(1);
  });

  it('tells whoever may approve, and the person who asked what was decided', async () => {
    smtp = await startSmtpServer();
    const ana = await begin(smtp.port);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    await enrolPerson(server, ana, 'helper@example.org', 'HELP_DESK_ADMIN');
    const made = await ana.call('POST', '/api/v1/api-tokens', {
      name: 'deploy\r\nBcc: eve@example.org',
      purpose: 'x',
      network: { connection: 'ANYWHERE' },
    });
    const token = String(made.body['token']);
    const call = (name: string) =>
      send(server.url, 'POST', '/api/v1/users', { Authorization: `SSWS ${token}` }, profileOf(name));
    await tried();
    const before = smtp.mails.length;
    const refused = await call('lee');
    await tried();
    const asked = smtp.mails.slice(before);
    expect(asked.map(({ to }) => to[0]).sort()).toEqual(['ana@example.org', 'bo@example.org']);
    const { approvalId } = refused.body['sallyport'] as unknown as { approvalId: string };
    expect(asked[0]?.subject).toBe('Waits for approval: Create a person');
    expect(asked[0]?.text).toContain(`/approvals/${approvalId}`);
    expect(asked[0]?.text).not.toContain(token);
    expect(asked[0]?.text).toContain('the token deploy Bcc: eve@example.org of ana@example.org asks');
    // A token that loops fills no mailbox.
    for (let n = 0; n < 12; n++) await call(`p${n}`);
    await tried();
    expect(smtp.mails.slice(before)).toHaveLength(10);

    await ana.call('PUT', '/sallyport/v1/protected-actions', {
      actions: {
        'user.create': { isOn: true, maxAgeMinutes: 0, authenticator: 'DEVICE_BOUND', needsApproval: true },
      },
    });
    server.clock.advance(31 * 86_400);
    await ana.signIn();
    await bo.signIn();
    const ofAna = await ana.call('POST', '/api/v1/users', profileOf('lee'));
    const { approvalId: second } = ofAna.body['sallyport'] as unknown as { approvalId: string };
    await bo.callOnce('POST', `/sallyport/v1/approvals/${second}/deny`, { reason: 'Lee starts in June' });
    await tried();
    const denied = smtp.mails.find(({ subject }) => subject === 'Denied: Create a person');
    expect(denied?.to).toEqual(['ana@example.org']);
    expect(denied?.text).toContain('Lee starts in June');
  });

  it('waits for a mail server that is down, over a restart too, and then comes once', async () => {
    const port = await freePort();
    const ana = await begin(port);
    expect((await ana.call('POST', '/api/v1/users', profileOf('lee'))).status).toBe(200);
    await tried();
    expect(await entries()).toMatchObject([{ attempts: 1, deliveredAt: null, deadAt: null }]);
    await server.restart();
    smtp = await startSmtpServer({ port });
    server.clock.advance(2);
    await tried();
    expect(await entries()).toMatchObject([{ attempts: 2, deadAt: null, deliveredAt: server.clock.now() }]);
    expect(smtp.mails).toHaveLength(1);
  });

  it('for an address that is refused for good is a dead letter, and holds up nobody', async () => {
    smtp = await startSmtpServer({ refuse: (address) => (address.startsWith('bo') ? '550 no such box' : null) });
    const ana = await begin(smtp.port);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    await tried();
    const before = smtp.mails.length;
    await bo.call('POST', '/api/v1/users', profileOf('lee'));
    server.clock.advance(60);
    await ana.call('POST', '/api/v1/users', profileOf('kim'));
    await tried();
    expect(smtp.mails.slice(before).map(({ to }) => to[0])).toEqual(['ana@example.org']);
    expect((await entries()).filter(({ deadAt }) => deadAt !== null)).toHaveLength(1);
  });

  it.each([
    ['an address that is refused for now', { refuse: (to: string) => (to.startsWith('bo') ? '450 later' : null) }],
    [
      'a mail that a filter refuses',
      { refuseMail: ({ to }: ReceivedMail) => (to[0]?.startsWith('bo') ? '554 spam' : null) },
    ],
  ])('for %s is tried again, and holds up nobody', async (_, options) => {
    let isRefusing = true;
    const whileRefusing =
      <A>(ask: ((asked: A) => string | null) | undefined) =>
      (asked: A) =>
        isRefusing ? (ask?.(asked) ?? null) : null;
    const { refuse, refuseMail } = options as SmtpOptions;
    smtp = await startSmtpServer({ refuse: whileRefusing(refuse), refuseMail: whileRefusing(refuseMail) });
    const ana = await begin(smtp.port);
    const bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    await tried();
    const before = smtp.mails.length;
    await bo.call('POST', '/api/v1/users', profileOf('lee'));
    server.clock.advance(60);
    await ana.call('POST', '/api/v1/users', profileOf('kim'));
    await tried();
    const told = () => (smtp?.mails ?? []).slice(before).map(({ to }) => to[0]);
    expect(told()).toEqual(['ana@example.org']);
    isRefusing = false;
    server.clock.advance(3600);
    await tried();
    expect(told()).toContain('bo@example.org');
    expect((await entries()).filter(({ deadAt }) => deadAt !== null)).toEqual([]);
  });

  it('waits where the server does not take the sender: it is no fault of the mail', async () => {
    let answer: string | null = '550 not you';
    smtp = await startSmtpServer({ refuseSender: () => answer });
    const ana = await begin(smtp.port);
    await ana.call('POST', '/api/v1/users', profileOf('kim'));
    await expect.poll(async () => (await entries())[0]?.attempts, { timeout: 30_000 }).toBeGreaterThan(0);
    expect((await entries()).filter(({ deadAt }) => deadAt !== null)).toEqual([]);
    answer = null;
    server.clock.advance(3600);
    await tried();
    expect(smtp.mails.length).toBeGreaterThan(0);
  });

  it('is neither sent nor kept where none is configured', async () => {
    server = await startTestServer({ engine });
    const ana = await signedInAdmin(server);
    expect((await ana.call('POST', '/api/v1/users', profileOf('lee'))).status).toBe(200);
    expect(await entries()).toEqual([]);
  });

  it('of a change that fails is not written', async () => {
    smtp = await startSmtpServer();
    const ana = await begin(smtp.port);
    const taken = await ana.call('POST', '/api/v1/users', {
      profile: { ...profileOf('ana').profile, firstName: 'Another' },
    });
    expect(taken.status).toBe(400);
    expect(await entries()).toEqual([]);
  });
});

describe('the configuration of mail', () => {
  it('is both variables or none, and never prints the password', async () => {
    server = await startTestServer();
    expect(() => loadConfig({ SALLYPORT_SMTP_URL: 'smtp://mail.example.org' })).toThrow(ConfigError);
    expect(() => loadConfig({ SALLYPORT_MAIL_FROM: 'a@example.org' })).toThrow(ConfigError);
    const wrong = (): unknown => loadConfig({ SALLYPORT_SMTP_URL: 'http://user:hunter2@mail.example.org' });
    expect(wrong).toThrow(/SALLYPORT_SMTP_URL: must be/);
    expect(wrong).not.toThrow(/hunter2/);
    const env = { SALLYPORT_DATA_DIR: server.dataDir };
    const off = (await runDoctor(env)).find(({ check }) => check === 'mail');
    expect(off?.sentence).toMatch(/^off/);
    const on = await runDoctor({
      ...env,
      SALLYPORT_SMTP_URL: 'smtps://user:hunter2@mail.example.org',
      SALLYPORT_MAIL_FROM: 'sallyport@example.org',
    });
    expect(on.find(({ check }) => check === 'mail')?.sentence).toBe(
      'through mail.example.org, from sallyport@example.org',
    );
    expect(JSON.stringify(on)).not.toContain('hunter2');
  });
});

/** A name, a reason, a comment of somebody who means harm: links, a header, another line, markup, another direction. */
const HOSTILE = 'evil.example/x https://evil.example/y <b>hi</b>\r\nBcc: eve@example.org\u202eabc';
/** The same where the server takes one line only. */
const HOSTILE_LINE = 'evil.example/x https://evil.example/y <b>hi</b>';
const DAY = 86_400;

/** What was written for people, as it stands in the outbox. */
interface Written {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}
/** What was written for a webhook. */
interface Notice {
  readonly type: string;
  readonly data: Partial<Record<'requestId' | 'approvalId' | 'grantId' | 'campaignId' | 'link', string>>;
}
interface Occasion {
  readonly what: string;
  readonly act: () => Promise<unknown>;
  /** Every mail that comes of it but those about the doing itself: whom each kind goes to. */
  readonly told: () => Partial<Record<NoticeKind, readonly string[]>>;
  /** The page that they lead to, and what the server must tell whoever opens it. */
  readonly page: () => string;
  readonly shows: () => string;
  /** What shows the same to whom the console does not let in. */
  readonly verb?: () => string;
  /** Whether Lee, who is no administrator, is let into the console by then. */
  readonly isLetIn?: true;
}

describe('each kind of mail', () => {
  it('goes to who can act and to nobody else, once, in plain text, with one link and no word that harms', async () => {
    smtp = await startSmtpServer();
    server = await startTestServer({
      env: {
        SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
        SALLYPORT_MAIL_FROM: 'sallyport@example.org',
        SALLYPORT_KEY_SET_RANGES: '127.0.0.1/32',
      },
    });
    const { services } = server;
    const db = services.store.read;
    const ana = await signedInAdmin(server);
    // Before there are others, who would have to approve it.
    const glass = await makeGlass(ana);
    const hook = await ana.call('POST', '/sallyport/v1/webhooks', {
      ...{ name: 'siem', url: `http://127.0.0.1:${await freePort()}/hook` },
    });
    const tickets = await ana.call('POST', '/sallyport/v1/webhooks', {
      ...{ name: 'tickets', url: `http://127.0.0.1:${await freePort()}/hook` },
      // In whatever order, and twice.
      types: [...WEBHOOK_TYPE_NAMES, 'grant.given'].filter((type) => type !== 'break_glass.use').toReversed(),
    });
    expect(tickets.body['types'], tickets.text).toEqual(WEBHOOK_TYPE_NAMES.slice(1));
    const secrets = new Set([
      ...['correct horse battery staple', glass.secret],
      ...[hook, tickets].map(({ body }) => String(body['secret'])),
    ]);
    const enrol = (name: string, role: string | null) => enrolPerson(server, ana, `${name}@example.org`, role);
    const [bo, bo2, chi] = [
      await enrol('bo', 'SUPER_ADMIN'),
      await enrol('bo2', 'SUPER_ADMIN'),
      await enrol('chi', 'SUPER_ADMIN'),
    ];
    const [dan, eve] = [await enrol('dan', 'READ_ONLY_ADMIN'), await enrol('eve', 'READ_ONLY_ADMIN')];
    const [gone, lee] = [await enrol('gone', 'SUPER_ADMIN'), await enrol('lee', null)];
    const robot = await enrol('robot', null);
    const idOfPerson = async ({ login }: Person) =>
      (await db.selectFrom('users').select('id').where('login', '=', login).executeTakeFirstOrThrow()).id;
    const ids = new Map<Person, string>();
    for (const person of [ana, bo, bo2, chi, dan, eve, gone, lee, robot]) ids.set(person, await idOfPerson(person));
    const the = (person: Person): string => ids.get(person) ?? '';
    // As an import from elsewhere might have left them: the doors of this server take no such name.
    await services.store.transaction(async (tx) => {
      const change = (person: Person, profile: object) =>
        tx
          .updateTable('users')
          .set({ profile: JSON.stringify({ login: person.login, email: person.login, ...profile }) })
          .where('id', '=', the(person))
          .execute();
      await change(lee, { firstName: HOSTILE, lastName: 'Park' });
      await change(bo, { employeeNumber: '7' });
      await change(bo2, { employeeNumber: '7' });
      await change(robot, { managerId: eve.login });
      await tx
        .updateTable('org')
        .set({ name: `Example ${HOSTILE}` })
        .execute();
    });
    const ok = (reply: Reply): Reply => {
      expect(reply.status, reply.text).toBeLessThan(300);
      return reply;
    };
    // Nobody is in anybody's hand any more.
    const later = async (seconds: number, ...people: readonly Person[]): Promise<void> => {
      server.clock.advance(seconds);
      for (const person of people) ok(await person.signIn());
    };
    await later(61 * DAY, ana, bo, bo2, chi, dan, eve, lee);
    const sequence = async (name: string, steps: readonly object[]) =>
      idOf(await ana.call('POST', '/sallyport/v1/request-sequences', { name, steps }));
    const people = (...named: readonly Person[]) => ({ by: 'people', ids: named.map(the) });
    const two = await sequence('Two', [
      { approvers: people(bo, bo2, gone), count: 1, escalateAfter: 'PT1H', escalateTo: people(eve) },
      { approvers: people(chi, gone), count: 1 },
    ]);
    const one = await sequence('One', [{ approvers: people(chi), count: 1 }]);
    const [first, second, third] = [
      await makeAskableGroup(ana, two, HOSTILE_LINE),
      await makeAskableGroup(ana, one, 'Second'),
      await makeAskableGroup(ana, one, 'Third'),
    ];
    ok(await ana.call('POST', `/api/v1/users/${the(gone)}/lifecycle/suspend`));
    const ofRobot = `/governance/api/v2/resources/${the(robot)}/request-conditions`;
    ok(await ana.call('PUT', `/sallyport/v1/users/${the(robot)}/service-account`, { isServiceAccount: true }));
    const asking = await ana.call('POST', ofRobot, {
      name: HOSTILE_LINE,
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
      accessDurationSettings: { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: 'PT2H' },
      approvalSequenceId: two,
    });
    ok(await ana.call('POST', `${ofRobot}/${idOf(asking)}/activate`));
    // Of one human with two accounts the first is told; alarms reach both.
    const [boFirst] = [bo, bo2].toSorted((a, b) => (the(a) < the(b) ? -1 : 1)) as [Person];

    const seen = { id: '', approval: '', campaign: '', grant: '', items: [] as string[] };
    const ask = async (groupId: string, startsIn?: number): Promise<void> => {
      server.clock.advance(601);
      ok(await lee.signIn());
      const made = await lee.call('POST', '/sallyport/v1/requests', {
        entitlement: { kind: 'group', id: groupId },
        duration: 'PT2H',
        reason: HOSTILE,
        ticket: HOSTILE_LINE,
        ...(startsIn === undefined ? {} : { startsAt: new Date(server.clock.now() + startsIn * 1000).toISOString() }),
      });
      seen.id = idOf(made);
    };
    const approve = async (person: Person) => {
      ok(await person.signIn());
      const { digest } = (await person.get(`/sallyport/v1/requests/${seen.id}`)).body;
      ok(await person.call('POST', `/sallyport/v1/requests/${seen.id}/approve`, { digest }));
    };
    const request = { page: () => `/requests/${seen.id}`, shows: () => `/sallyport/v1/requests/${seen.id}` };
    const approval = {
      page: () => `/approvals/${seen.approval}`,
      shows: () => `/sallyport/v1/approvals/${seen.approval}`,
    };
    const review = {
      page: () => `/reviews/${seen.campaign}`,
      shows: () => `/sallyport/v1/campaigns/${seen.campaign}/items`,
    };
    const access = { page: () => '/me/access', shows: () => '/sallyport/v1/me/delegation' };
    const glassPage = {
      page: () => `/break-glass/${glass.id}`,
      shows: () => `/sallyport/v1/break-glass/${glass.id}`,
    };
    const action = { page: () => `/me/actions/${seen.id}`, shows: () => `/sallyport/v1/me/actions/${seen.id}` };
    const newest = async () => {
      const { actions } = (await ana.get('/sallyport/v1/me/actions')).body as unknown as { actions: { id: string }[] };
      seen.id = actions[0]?.id ?? '';
    };
    const delegate = (login: string | null) => {
      const endTime = new Date(server.clock.now() + DAY * 1000).toISOString();
      const named = { delegate: { type: 'OKTA_USER', externalId: login }, endTime, note: HOSTILE };
      return { delegates: { appointments: login === null ? [] : [named] } };
    };
    const keepers = () => [ana, bo, bo2, chi].map(({ login }) => login);
    const open = async (): Promise<Person> => {
      const holder = holderOf(server.url, glass, '198.51.100.10');
      ok(await breakGlass(holder, glass.secret));
      return holder;
    };

    /** Who may ask to sign in as what has a role is let in, so it has one in the middle alone. */
    const holds = (type: 'ORG_ADMIN' | null): Promise<void> =>
      services.store.transaction(async (tx) => {
        await tx.deleteFrom('roleAssignments').where('principalId', '=', the(robot)).execute();
        if (type === null) return;
        const holder = { principalKind: 'user', principalId: the(robot), scope: 'EVERYTHING' } as const;
        const made = { createdAt: 0, lastUpdatedAt: 0, createdBy: 'host' };
        await tx
          .insertInto('roleAssignments')
          .values({ id: `ra${the(robot)}`, type, roleId: '', resourceSetId: '', ...holder, ...made })
          .execute();
      });

    const OCCASIONS: readonly Occasion[] = [
      {
        what: 'a drill of a break-glass account is announced',
        act: async () => {
          ok(await ana.call('POST', `/sallyport/v1/break-glass/${glass.id}/drill`));
        },
        told: () => ({ 'break-glass.drill': keepers() }),
        ...glassPage,
      },
      {
        what: 'it is used',
        act: async () => {
          await later(DAY);
          await open();
        },
        // With its secret, and with its key.
        told: () => ({ 'break-glass.alarm': [...keepers(), ...keepers()] }),
        ...glassPage,
      },
      {
        what: 'whoever is in says why',
        act: async () => {
          const holder = await open();
          ok(await holder.callOnce('PUT', '/sallyport/v1/break-glass-in-use/reason', { reason: HOSTILE }));
        },
        told: () => ({ 'break-glass.alarm': [...keepers(), ...keepers(), ...keepers()] }),
        ...glassPage,
      },
      {
        what: 'nobody has looked at it since',
        act: () => later(DAY, ana),
        told: () => ({ 'break-glass.due': keepers() }),
        ...glassPage,
      },
      {
        what: 'a protected action is done',
        act: async () => {
          // Of the account enough is heard.
          await services.store.transaction((tx) =>
            tx.updateTable('breakGlassAccounts').set({ remindedAt: Number.MAX_SAFE_INTEGER }).execute(),
          );
          ok(await ana.call('POST', '/api/v1/users', profileOf('kim')));
          await newest();
        },
        told: () => ({ 'use.done': [ana.login] }),
        ...action,
      },
      {
        what: 'its owner says that it was not them',
        act: async () => {
          ok(await ana.callOnce('POST', `/sallyport/v1/me/actions/${seen.id}/not-me`));
          await later(61, ana);
        },
        told: () => ({ 'use.not-me': [bo, bo2, chi].map(({ login }) => login) }),
        page: () => `/admins/${the(ana)}`,
        shows: () => `/sallyport/v1/admins/${the(ana)}`,
      },
      {
        what: 'a protected action waits for approval',
        act: async () => {
          const rule = { isOn: true, maxAgeMinutes: 0, authenticator: 'DEVICE_BOUND', needsApproval: true };
          ok(await ana.call('PUT', '/sallyport/v1/protected-actions', { actions: { 'user.create': rule } }));
          const { body } = await ana.call('POST', '/api/v1/users', profileOf('pat'));
          seen.approval = (body['sallyport'] as unknown as { approvalId: string }).approvalId;
        },
        told: () => ({ 'approval.waits': [boFirst.login, chi.login] }),
        ...approval,
      },
      {
        what: 'it is denied',
        act: async () =>
          ok(await chi.callOnce('POST', `/sallyport/v1/approvals/${seen.approval}/deny`, { reason: HOSTILE })),
        told: () => ({ 'approval.decided': [ana.login] }),
        ...approval,
      },
      {
        what: 'somebody asks for access',
        act: () => ask(first.groupId),
        told: () => ({ 'request.waits': [boFirst.login] }),
        ...request,
      },
      {
        what: 'they ask once more',
        act: async () => ok(await lee.call('POST', `/sallyport/v1/requests/${seen.id}/nudge`)),
        told: () => ({ 'request.nudge': [boFirst.login] }),
        ...request,
      },
      {
        what: 'nobody answers',
        act: () => later(3600),
        told: () => ({ 'request.passed-on': [eve.login] }),
        ...request,
      },
      {
        what: 'it is given to somebody',
        act: async () => {
          ok(await ana.signIn());
          ok(await ana.call('POST', `/sallyport/v1/requests/${seen.id}/reassign`, { assignees: [dan.login], step: 0 }));
        },
        told: () => ({ 'request.reassigned': [dan.login] }),
        ...request,
      },
      {
        what: 'the first step says yes',
        act: () => approve(dan),
        told: () => ({ 'request.next-step': [chi.login] }),
        ...request,
      },
      {
        what: 'the last step says yes',
        act: () => approve(chi),
        told: () => ({ 'request.approved': [lee.login] }),
        ...request,
      },
      {
        what: 'another one is denied',
        act: async () => {
          await ask(second.groupId);
          ok(await chi.callOnce('POST', `/sallyport/v1/requests/${seen.id}/deny`, { comment: HOSTILE }));
        },
        told: () => ({ 'request.waits': [chi.login], 'request.denied': [lee.login] }),
        ...request,
      },
      {
        what: 'one is answered by nobody',
        act: async () => {
          await ask(second.groupId);
          await later(2 * DAY);
        },
        told: () => ({ 'request.waits': [chi.login], 'request.expired': [lee.login] }),
        ...request,
      },
      {
        what: 'one for later is approved, and taken back',
        act: async () => {
          await ask(second.groupId, DAY);
          await approve(chi);
          ok(await lee.call('POST', `/sallyport/v1/requests/${seen.id}/cancel`));
        },
        told: () => ({
          'request.waits': [chi.login],
          'request.approved': [lee.login],
          'request.canceled': [lee.login],
        }),
        ...request,
      },
      {
        what: 'one for later is approved, and begins',
        act: async () => {
          await ask(second.groupId, DAY);
          await approve(chi);
          await later(DAY);
        },
        told: () => ({ 'request.waits': [chi.login], 'request.approved': [lee.login], 'request.begun': [lee.login] }),
        ...request,
      },
      {
        what: 'one for later is approved, and cannot be given',
        act: async () => {
          await ask(third.groupId, DAY);
          await approve(chi);
          await services.store.transaction((tx) =>
            tx.deleteFrom('requestConditions').where('id', '=', third.conditionId).execute(),
          );
          await later(DAY);
        },
        told: () => ({
          'request.waits': [chi.login],
          'request.approved': [lee.login],
          'request.not-granted': [lee.login],
        }),
        ...request,
      },
      {
        what: 'what somebody was given for a while ends soon',
        act: async () => {
          const startsAt = server.clock.now();
          const { id } = await services.store.transaction((tx) =>
            createGrant(services, tx, 'system', {
              userId: the(eve),
              entitlement: { kind: 'group', id: second.groupId },
              ...{ startsAt, expiresAt: startsAt + 8 * 3_600_000, reason: HOSTILE },
              source: { kind: 'request', id: seen.id },
            }),
          );
          seen.grant = id;
          await later(8 * 3600 - 1800);
        },
        told: () => ({ 'grant.ending': [eve.login] }),
        page: () => `/requests?extend=${seen.grant}`,
        shows: () => `/sallyport/v1/grants/${seen.grant}`,
      },
      {
        what: 'a service account may be signed in to for a while',
        act: async () => {
          server.clock.advance(601);
          ok(await lee.signIn());
          seen.id = idOf(
            await lee.call('POST', '/sallyport/v1/requests', {
              entitlement: { kind: 'service-account', id: the(robot) },
              ...{ duration: 'PT2H', reason: HOSTILE, ticket: HOSTILE_LINE },
            }),
          );
          await approve(boFirst);
          await approve(chi);
        },
        // It reads no mail itself.
        told: () => ({
          'request.waits': [boFirst.login],
          'request.next-step': [chi.login],
          'request.approved': [lee.login],
        }),
        ...request,
      },
      {
        what: 'somebody signs in as it',
        act: async () => {
          ok(await ana.signIn());
          const [policy] = (await ana.get('/api/v1/policies?type=OKTA_SIGN_ON')).body as unknown as { id: string }[];
          ok(
            await ana.call('POST', `/api/v1/policies/${policy?.id}/rules`, {
              name: 'maintenance',
              type: 'SIGN_ON',
              conditions: { people: { users: { include: [the(robot)] } } },
              actions: { signon: { access: 'ALLOW', requireFactor: true } },
            }),
          );
          const apps = (await ana.get('/api/v1/apps?limit=200')).body as unknown as {
            name: string;
            _links: { accessPolicy: { href: string } };
          }[];
          const own = new URL(apps.find(({ name }) => name === 'saasure')?._links.accessPolicy.href ?? '').pathname;
          const [rule] = (await ana.get(`${own}/rules`)).body as unknown as { actions: unknown }[];
          const conditions = { people: { users: { include: [the(robot)] } } };
          ok(await ana.call('POST', `${own}/rules`, { name: 'maintenance', conditions, actions: rule?.actions }));
          server.clock.advance(1);
          ok(await ana.signIn());
          ok(await ana.call('POST', '/sallyport/v1/policies/confirmation', {}));
          const shown = (await lee.get('/sallyport/v1/grants?status=OPEN')).body as unknown as {
            id: string;
            entitlement: { kind: string };
          }[];
          seen.grant = shown.find(({ entitlement: { kind } }) => kind === 'service-account')?.id ?? '';
          ok(await robot.signIn());
          // Who proves the key once more is in already.
          server.clock.advance(60);
          ok(await robot.signIn());
        },
        told: () => ({ 'service-account.signed-in': [lee.login, eve.login] }),
        page: () => '/me/access',
        shows: () => '/sallyport/v1/grants?status=OPEN',
        verb: () => `grant end ${seen.grant}`,
      },
      {
        what: 'what they want to do there waits for approval',
        act: async () => {
          await holds('ORG_ADMIN');
          ok(await robot.signIn());
          const { body, text } = await robot.call('POST', '/api/v1/users', profileOf('max'));
          expect(text).toContain('approvalId');
          seen.approval = (body['sallyport'] as unknown as { approvalId: string }).approvalId;
        },
        told: () => ({ 'approval.waits': [ana.login, boFirst.login, chi.login] }),
        ...approval,
      },
      {
        what: 'it is denied',
        act: async () => {
          ok(await chi.signIn());
          ok(await chi.callOnce('POST', `/sallyport/v1/approvals/${seen.approval}/deny`, { reason: HOSTILE }));
        },
        told: () => ({ 'approval.decided': [lee.login, eve.login] }),
        isLetIn: true,
        page: () => '/me/access',
        shows: () => `/sallyport/v1/grants/${seen.grant}`,
        verb: () => `grant show ${seen.grant}`,
      },
      {
        what: 'what needs no approval is done there',
        act: async () => {
          const made = ok(await robot.call('POST', '/api/v1/groups', { profile: { name: `${HOSTILE_LINE} 2` } }));
          ok(await robot.call('DELETE', `/api/v1/groups/${idOf(made)}`));
        },
        told: () => ({ 'use.done': [lee.login, eve.login] }),
        isLetIn: true,
        page: () => '/me/access',
        shows: () => `/sallyport/v1/grants/${seen.grant}`,
        verb: () => `grant end ${seen.grant}`,
      },
      {
        what: 'somebody is to decide in another’s stead',
        act: async () => {
          await holds(null);
          ok(await dan.signIn());
          ok(await dan.call('PATCH', '/governance/api/v1/my/settings', delegate(eve.login)));
        },
        told: () => ({ 'delegation.begun': [dan.login, eve.login] }),
        ...access,
      },
      {
        what: 'that ends with the account of one of them',
        act: async () => {
          ok(await ana.signIn());
          ok(await ana.call('POST', `/api/v1/users/${the(dan)}/lifecycle/deactivate`));
        },
        told: () => ({ 'delegation.ended': [eve.login] }),
        ...access,
      },
      {
        what: 'a review begins',
        act: async () => {
          const level = (person: Person, onDay: number) => ({
            type: 'USER',
            reviewerId: the(person),
            startReview: { onDay },
          });
          const made = ok(
            await ana.call('POST', '/governance/api/v1/campaigns', {
              name: HOSTILE_LINE,
              scheduleSettings: {
                type: 'ONE_OFF',
                startDate: '2099-01-01T09:00:00Z',
                durationInDays: 8,
                timeZone: 'Europe/Oslo',
              },
              reviewerSettings: { type: 'MULTI_LEVEL', reviewerLevels: [level(bo, 0), level(chi, 1)] },
              remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'NO_ACTION', noResponse: 'NO_ACTION' },
              notificationSettings: {
                notifyReviewerWhenReviewAssigned: true,
                notifyReviewerAtCampaignEnd: true,
                notifyReviewerDuringMidpointOfReview: true,
                remindersReviewerBeforeCampaignCloseInSecs: [DAY],
              },
              sallyport: { kinds: ['ROLE'] },
              principalScopeSettings: { userIds: [the(ana), the(eve)] },
            }),
          );
          seen.campaign = String(made.body['id']);
          ok(await ana.call('POST', `/governance/api/v1/campaigns/${seen.campaign}/launch`));
          ok(await bo.signIn());
        },
        told: () => ({ 'review.assigned': [bo.login] }),
        ...review,
      },
      {
        what: 'its first level answers, and nobody can answer at the second yet',
        act: async () => {
          const items = (await bo.get(`/sallyport/v1/campaigns/${seen.campaign}/items?show=all`)).body;
          seen.items = (items as unknown as { id: string }[]).map(({ id }) => id);
          expect(seen.items).toHaveLength(2);
          const decisions = seen.items.map((reviewId) => ({ reviewId, decision: 'APPROVE', note: HOSTILE }));
          ok(await bo.call('POST', `/sallyport/v1/campaigns/${seen.campaign}/decisions`, { decisions }));
        },
        told: () => ({}),
        ...review,
      },
      {
        what: 'its second level begins',
        act: () => later(DAY),
        told: () => ({ 'review.assigned': [chi.login] }),
        ...review,
      },
      {
        what: 'an item is given to somebody',
        act: async () => {
          ok(await ana.signIn());
          const [about] = await db
            .selectFrom('reviewItems')
            .select('id')
            .where('campaignId', '=', seen.campaign)
            .where('subjectId', '=', the(ana))
            .execute();
          const body = { reviewerId: the(eve), reviewIds: [about?.id], reviewerLevel: 'SECOND', note: HOSTILE };
          ok(await ana.call('POST', `/governance/api/v1/campaigns/${seen.campaign}/reviews/reassign`, body));
        },
        told: () => ({ 'review.reassigned': [eve.login] }),
        ...review,
      },
      {
        what: 'half of its time is over',
        act: () => later(3 * DAY),
        told: () => ({ 'review.midpoint': [chi.login, eve.login] }),
        ...review,
      },
      {
        what: 'its end is near, and one has answered',
        act: async () => {
          const items = await db
            .selectFrom('reviewItems')
            .select('id')
            .where('campaignId', '=', seen.campaign)
            .where('subjectId', '=', the(eve))
            .execute();
          ok(await chi.signIn());
          const decisions = items.map(({ id }) => ({ reviewId: id, decision: 'APPROVE', note: 'in use' }));
          ok(await chi.call('POST', `/sallyport/v1/campaigns/${seen.campaign}/decisions`, { decisions }));
          await later(3 * DAY);
        },
        told: () => ({ 'review.reminder': [eve.login] }),
        ...review,
      },
      {
        what: 'it is over',
        act: () => later(DAY),
        told: () => ({ 'review.over': [eve.login] }),
        ...review,
      },
      {
        what: 'a token grows old',
        act: async () => {
          ok(await ana.signIn());
          const made = ok(
            await ana.call('POST', '/api/v1/api-tokens', {
              ...{ name: HOSTILE_LINE, purpose: HOSTILE, network: { connection: 'ANYWHERE' } },
            }),
          );
          const token = String(made.body['token']);
          secrets.add(token);
          for (let days = 0; days < 90; days += 18) {
            server.clock.advance(18 * DAY);
            ok(await send(server.url, 'GET', '/api/v1/users', { Authorization: `SSWS ${token}` }));
          }
          ok(await ana.signIn());
        },
        told: () => ({ 'token.old': [ana.login] }),
        page: () => '/tokens?show=old',
        shows: () => '/api/v1/api-tokens',
      },
    ];

    const written = async (): Promise<Written[]> =>
      (await db.selectFrom('outbox').select('payload').where('sink', 'in', ['mail', 'mail:alarms']).execute()).map(
        ({ payload }) => JSON.parse(payload) as Written,
      );
    /** As two nodes would at the same moment. */
    const runJobs = async (): Promise<void> => {
      const run = async (): Promise<void> => {
        const s = server.services;
        for (const job of [
          ...[expireRequests, escalateRequests, beginApproved],
          ...[remindOwners, remindKeepers, remindHolders, runReviews],
        ])
          await job(s);
      };
      await Promise.all([run(), run()]);
    };
    /** As whoever follows a link does: with a sign-in, where it is needed. */
    const visit = async (person: Person, path: string): Promise<number> => {
      const { status } = await person.get(path);
      if (status !== 401) return status;
      ok(await person.signIn());
      return (await person.get(path)).status;
    };
    const everybody = new Map([ana, bo, bo2, chi, dan, eve, gone, lee].map((person) => [person.login, person]));
    const told = new Map<string, NoticeKind>();
    const { origin } = services.config.publicUrl;
    for (const { what, act, told: expected, page, shows, verb, isLetIn = false } of OCCASIONS) {
      const before = new Set((await written()).map(({ id }) => id));
      await act();
      await runJobs();
      const isAsked = (kind: NoticeKind): boolean => kind !== 'use.done' || 'use.done' in expected();
      const fresh = (await written()).filter(({ id, kind }) => !before.has(id) && isAsked(kind));
      const byKind = Object.fromEntries(
        [...Map.groupBy(fresh, ({ kind }) => kind)].map(([kind, mails]) => [
          kind,
          mails.map(({ to }) => to).toSorted(),
        ]),
      );
      expect(byKind, what).toEqual(
        Object.fromEntries(Object.entries(expected()).map(([kind, to]) => [kind, to.toSorted()])),
      );
      // A page of the console, or one that everybody has.
      const pattern = (path: string) => new RegExp(`^${path.replace(/\$\w+/g, '[^/]+')}$`);
      const paths = [...SCREENS.map(({ path }) => path), '/me/actions/$id'];
      if (fresh.length > 0)
        expect(
          paths.some((path) => pattern(path).test(page().split('?')[0] ?? '')),
          what,
        ).toBe(true);
      for (const { id, kind, to, text } of fresh) {
        told.set(id, kind);
        const person = everybody.get(to);
        // Lee is no administrator: a link to a page that does not let them in would be none.
        const isOutside = person === lee && !isLetIn;
        const link = isOutside ? [] : [`${origin}${page()}`];
        expect(text.match(/\w+:\/\/\S+/g), `${what}\n${text}`).toEqual([...link, origin]);
        const shownBy = verb?.() ?? `request show ${seen.id}`;
        if (isOutside) expect(text, what).toContain(`    sallyport ${shownBy}\n`);
        expect(await visit(person as Person, shows()), `${what}: ${to} opens ${page()}`).toBe(200);
      }
    }
    // A kind that is new is none of these.
    expect([...new Set(told.values())].toSorted()).toEqual(Object.keys(NOTICE_KINDS).toSorted());

    while ((await closeExpired(services)) > 0);
    const all = await written();
    const rows = await db.selectFrom('outbox').select(['id', 'sink', 'payload']).execute();
    for (const { payload } of rows) for (const secret of secrets) expect(payload).not.toContain(secret);
    const hooks = rows
      .filter(({ sink }) => sink.startsWith(`webhook:${String(hook.body['id'])}`))
      .map(({ payload }) => JSON.parse((JSON.parse(payload) as { body: string }).body) as { type: string });
    // One beside each mail of a break-glass account but the reminders.
    const ofGlass = all.filter(({ to, kind }) => to === ana.login && /^break-glass\.(alarm|drill)$/.test(kind));
    expect(hooks.map(({ type }) => type)).toEqual(ofGlass.map(() => 'break_glass.use'));
    // Whoever chose the rest is told of each thing of these once, by its id and nobody's words, and of no alarm.
    const notices = rows
      .filter(({ sink }) => sink.startsWith(`webhook:${String(tickets.body['id'])}`))
      .map(({ payload }) => JSON.parse((JSON.parse(payload) as { body: string }).body) as Notice);
    const requests = await db.selectFrom('requests').selectAll().execute();
    const grants = await db.selectFrom('grants').selectAll().execute();
    const asks = await db.selectFrom('actionProofs').selectAll().where('needsApproval', '=', 1).execute();
    const reviews = await db.selectFrom('campaigns').selectAll().execute();
    const ofRequest = (...outcomes: readonly (string | null)[]) =>
      requests.flatMap(({ id, outcome }) => (outcomes.includes(outcome) ? [id] : []));
    const about: Readonly<Record<Exclude<WebhookType, 'break_glass.use'>, readonly string[]>> = {
      'request.asked': requests.map(({ id }) => id),
      // What was approved for later and taken back was both.
      'request.decided': [...ofRequest('APPROVED', 'DENIED'), ...ofRequest('CANCELED')],
      'request.expired': ofRequest('EXPIRED'),
      'request.canceled': ofRequest('CANCELED'),
      'approval.asked': asks.map(({ id }) => id),
      'approval.decided': asks.flatMap(({ id, decision }) => (decision === null ? [] : [id])),
      'grant.given': grants.map(({ id }) => id),
      'grant.ended': grants.flatMap(({ id, endedAt }) => (endedAt === null ? [] : [id])),
      'review.launched': reviews.map(({ id }) => id),
      'review.ended': reviews.flatMap(({ id, closedAt }) => (closedAt === null ? [] : [id])),
    };
    for (const [type, expected] of Object.entries(about)) {
      expect(expected.length, type).toBeGreaterThan(0);
      const toldIds = notices
        .filter((notice) => notice.type === type)
        .map(({ data }) => data.requestId ?? data.approvalId ?? data.grantId ?? data.campaignId);
      expect(toldIds.toSorted(), type).toEqual(expected.toSorted());
    }
    expect(notices.some(({ type }) => type === 'break_glass.use')).toBe(false);
    for (const { data } of notices) {
      expect(data.link?.startsWith(`${origin}/`)).toBe(true);
      const said = JSON.stringify(data);
      expect(said).not.toMatch(/evil|hi<|example\.org"|@|Second|Third|in use/);
    }
    for (const mail of all) {
      expect(Object.keys(mail).filter((key) => key !== 'about')).toEqual(['id', 'kind', 'to', 'subject', 'text']);
      expect(mail.subject).not.toMatch(/[\p{Cc}\u202e]|evil\.example|:\/\//u);
      expect(mail.text).not.toMatch(/^Bcc:|\u202e|evil\.example/mu);
    }
    expect(all.some(({ text }) => text.includes('evil[.]example'))).toBe(true);

    await server.restart();
    await runJobs();
    expect((await server.services.store.read.selectFrom('outbox').select('id').execute()).length).toBe(rows.length);
    await tried();
    const { mails } = smtp;
    expect(mails.map(({ messageId }) => messageId).toSorted()).toEqual(
      all.map(({ id }) => `<${id}@example.org>`).toSorted(),
    );
    for (const { head, to } of mails) {
      expect(head).toMatch(/^Content-Type: text\/plain/im);
      expect(head.match(/^(?:to|cc|bcc):.*$/gim)).toEqual([`To: ${to[0]}`]);
    }
  }, 240_000);
});
