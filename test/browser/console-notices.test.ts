/** Mails that can be switched off, and those that cannot, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';
import { type SmtpServer, startSmtpServer } from '../harness/smtp-server.ts';

let smtp: SmtpServer;
let console_: TestConsole;
let bo: Person;
let lee: Person;

beforeAll(async () => {
  smtp = await startSmtpServer();
  console_ = await openConsole({
    env: { SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, SALLYPORT_MAIL_FROM: 'sallyport@example.org' },
  });
  bo = await console_.person('bo@example.org', 'SUPER_ADMIN');
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  await console_.giveKey(console_.admin);
});
afterAll(async () => {
  await console_.stop();
  await smtp.stop();
});
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

const statusOf = async (person: Person): Promise<unknown> =>
  (await person.get('/api/v1/users/me/subscriptions/REPORT_SUSPICIOUS_ACTIVITY')).body['status'];

describe('mails', () => {
  it('of one’s own are switched off and on; those that always come have no switch, and say why', async () => {
    const { page, admin } = console_;
    await console_.open('/me/notices');
    await page.getByRole('table', { name: 'Mails that you can be without' }).getByText('that wasn’t me').waitFor();
    await page.getByRole('row', { name: /waits for your approval.*before you answer/ }).waitFor();
    expect(await page.getByRole('button', { name: /^Switch/ }).count()).toBe(1);
    await console_.look('notices');
    await console_.push(/^Switch off: /);
    await page.getByRole('button', { name: /^Switch on: / }).waitFor();
    expect(await statusOf(admin)).toBe('unsubscribed');
    await console_.push(/^Switch on: /);
    await page.getByRole('button', { name: /^Switch off: / }).waitFor();
    expect(await statusOf(admin)).toBe('subscribed');
  });

  it('of a role are switched by a super admin with a key, for all who hold it, whatever they chose', async () => {
    const { page, admin } = console_;
    await bo.call('POST', '/api/v1/users/me/subscriptions/REPORT_SUSPICIOUS_ACTIVITY/subscribe');
    await console_.open('/roles/SUPER_ADMIN');
    await console_.push(/^Switch off for all: /);
    await page.getByRole('dialog').getByText('undoes what they chose for themselves').waitFor();
    await console_.look('role-notices-asked');
    await page.getByRole('dialog').getByRole('button', { name: 'Switch it off' }).focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('button', { name: /^Switch on for all: / }).waitFor();
    expect([await statusOf(admin), await statusOf(bo)]).toEqual(['unsubscribed', 'unsubscribed']);
    await console_.look('role-notices');
  });

  it('are none where none are sent, and nobody is shown a switch that would be refused', async () => {
    const { page } = console_;
    await console_.as(lee);
    await console_.open('/me/notices');
    await page.getByText('such mails go to super admins only').waitFor();
    await console_.open('/roles/SUPER_ADMIN');
    await page.getByRole('table', { name: 'Mails its holders get' }).waitFor();
    expect(await page.getByRole('button', { name: /^Switch/ }).count()).toBe(0);
    await console_.open('/roles/READ_ONLY_ADMIN');
    await page.getByText('such mails go to super admins only').waitFor();
  });
});
