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

const makeBundle = async (name: string, role: string): Promise<string> => {
  const made = await console_.admin.call('POST', '/api/v1/iam/governance/bundles', {
    name: `${name}${bundles++ === 0 ? '' : ` ${bundles}`}`,
    entitlements: [{ role }],
  });
  expect(made.status, made.text).toBe(200);
  return String(made.body['id']);
};
/** Gives Lee a bundle of a role, or something else that there is. */
const give = async (
  name: string,
  what: string | { readonly kind: 'group'; readonly id: string },
  seconds: number,
): Promise<string> => {
  const { services: s } = console_.server;
  const entitlement = typeof what === 'string' ? { kind: 'bundle' as const, id: await makeBundle(name, what) } : what;
  const now = s.clock.now();
  const row = await s.store.transaction((tx) =>
    createGrant(s, tx, 'system', {
      userId: leeId,
      entitlement,
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
    await page.getByRole('banner').getByText('Tier 0').waitFor({ state: 'detached' });
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
    // A group that holds no role gives no power: it is among grants, and not on the board of power.
    const group = await admin.call('POST', '/api/v1/groups', { profile: { name: 'Lunch' } });
    const standing = (await admin.get('/sallyport/v1/standing-privilege')).body;
    await give('Lunch', { kind: 'group', id: String(group.body['id']) }, 3600);
    expect((await admin.get('/sallyport/v1/standing-privilege')).body).toEqual(standing);
    expect(standing).toMatchObject({ people: 1, superAdmins: 1, forAWhile: { people: 1, grants: 1 } });
    await console_.as(admin);
    await console_.open('/admins');
    await page.locator('.sp-standing').getByText('1 person holds power all the time: 1 all of it').waitFor();
    const board = page.locator('section', { has: page.getByRole('heading', { name: 'For a while' }) });
    await board.getByText('One person holds power that ends by itself, and is not counted above.').waitFor();
    expect(await board.getByRole('row').getByText('Mail 3').count()).toBe(1);
    expect(await board.getByText('Lunch').count()).toBe(0);
    expect(await board.getByRole('link', { name: 'see the request' }).getAttribute('href')).toBe('/requests/req1');
    await console_.look('admins-for-a-while');
    await page.getByRole('link', { name: 'All access for a while' }).click();
    await page.getByRole('button', { name: 'End now: Lunch of lee Example…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'End now: Mail 3 of lee Example…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
    await page.getByText('Nobody has anything for a while').waitFor();
    await page.getByLabel('Show').selectOption('ended');
    await page.getByText('ended by an administrator (ana@example.org)').nth(1).waitFor();
    await page.getByText('ran out').waitFor();
    await console_.settled();
    await console_.shots('grants');
    expect(await console_.axe()).toEqual([]);
  });
});
