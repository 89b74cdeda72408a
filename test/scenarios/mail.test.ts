import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../packages/server/src/config/config.ts';
import { runDoctor } from '../../packages/server/src/host/doctor.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, send, signedInAdmin } from '../harness/person.ts';
import { type ReceivedMail, type SmtpOptions, type SmtpServer, startSmtpServer } from '../harness/smtp-server.ts';
import { ENGINES, freePort, startTestServer, type TestServer } from '../harness/test-server.ts';

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

describe.each(ENGINES)('mail on %s', (engine) => {
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
