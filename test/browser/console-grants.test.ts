/** Power that ends while somebody works with it: the page says so at that moment, and what they typed is still there. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGrant } from '../../packages/server/src/grants/create-grant.ts';
import { publishGrant } from '../../packages/server/src/grants/end-grant.ts';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;
let leeId = '';
let bundles = 0;

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', null, '127.0.0.1');
  leeId = String((await lee.get('/api/v1/users/me')).body['id']);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

const give = async (name: string, role: string, seconds: number): Promise<string> => {
  const { services: s } = console_.server;
  const made = await console_.admin.call('POST', '/api/v1/iam/governance/bundles', {
    name: `${name}${bundles++ === 0 ? '' : ` ${bundles}`}`,
    entitlements: [{ role }],
  });
  expect(made.status, made.text).toBe(200);
  const now = s.clock.now();
  const row = await s.store.transaction((tx) =>
    createGrant(s, tx, 'system', {
      userId: leeId,
      entitlement: { kind: 'bundle', id: String(made.body['id']) },
      startsAt: now,
      expiresAt: now + seconds * 1000,
      source: { kind: 'request', id: 'req1' },
      reason: 'INC-7: disk full on the mail host',
    }),
  );
  publishGrant(s, row);
  return row.id;
};

describe('access for a while', () => {
  it('shows in the header of whoever has it, and ends by their hand', async () => {
    const { page } = console_;
    await give('Tier 0', 'ORG_ADMIN', 3600);
    // What is given now is given to an administrator, who signs in with a key.
    expect((await lee.signIn()).status).toBe(200);
    await console_.as(lee);
    await console_.open('/me/access');
    await page.getByRole('banner').getByText('Tier 0').waitFor();
    await page.getByText('INC-7: disk full on the mail host').waitFor();
    await page.getByText('None. What you need you get for a while.').waitFor();
    await console_.settled();
    await console_.shots('my-access');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('banner').getByRole('button', { name: 'End now: Tier 0…' }).click();
    const dialog = page.getByRole('dialog', { name: 'End Tier 0 now?' });
    await dialog.waitFor();
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'End now' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('ended by whoever had it').waitFor();
    expect(await page.getByRole('banner').getByText('Tier 0').count()).toBe(0);
    expect((await lee.get('/api/v1/groups')).status).toBe(403);
  });

  it('is gone at its instant, the screen says why, and nothing typed is lost', async () => {
    const { page } = console_;
    await give('Incident', 'ORG_ADMIN', 20);
    await console_.as(lee);
    await console_.open('/groups');
    await page.getByRole('button', { name: /New group/ }).click();
    const name = page.getByRole('dialog').getByLabel('Name');
    await name.fill('On call in March');
    // It says so by itself: nothing is pressed.
    await page.getByText('Your access for a while has ended: Incident 2.').waitFor({ timeout: 40_000 });
    expect(await name.inputValue()).toBe('On call in March');
    expect(await page.getByText('Your session has ended').count()).toBe(0);
    expect((await lee.get('/api/v1/groups')).status).toBe(403);
    // Saving is refused, and the form is still there.
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('dialog')
      .getByRole('alert')
      .or(page.getByRole('dialog').locator('.sp-state'))
      .first()
      .waitFor();
    expect(await name.inputValue()).toBe('On call in March');
    // What the browser itself writes about requests that are refused by now.
    for (const fault of console_.faults.splice(0)) expect(fault).toContain('403');
  });

  it('is listed to whoever sees who holds roles, and a super admin ends it', async () => {
    const { page, admin } = console_;
    await give('Mail', 'REPORT_ADMIN', 3600);
    await console_.as(admin);
    await console_.open('/grants');
    await page.getByRole('button', { name: 'End now: Mail 3 of lee Example…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
    await page.getByText('Nobody has anything for a while').waitFor();
    await page.getByLabel('Show').selectOption('ended');
    await page.getByText('ended by an administrator (ana@example.org)').waitFor();
    await page.getByText('ran out').waitFor();
    await console_.settled();
    await console_.shots('grants');
    expect(await console_.axe()).toEqual([]);
  });
});
