/** Overview, administrators, people and API tokens, as people of different power see them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { type Person, send } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;
let kim: Person;

const token = async (owner: string, name: string, connection: 'ANYWHERE' | 'LOOPBACK'): Promise<string> => {
  const { services } = console_.server;
  const made = await createApiToken(services, hostPrincipal(services.random), {
    name,
    ownerId: owner,
    purpose: 'nightly export of the directory',
    ttlSeconds: connection === 'ANYWHERE' ? 3600 : 90 * 86_400,
    network: { connection },
    protectedActions: [],
  });
  return made.token;
};

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  kim = await console_.person('kim@example.org', 'REPORT_ADMIN');
  await console_.giveKey(console_.admin, 'only');
  await token('ana@example.org', 'deploy', 'ANYWHERE');
  await token('lee@example.org', 'export', 'LOOPBACK');
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

const ready = async (): Promise<void> => {
  await console_.page.locator('.sp-findings, .sp-finding-none').waitFor();
};

const onlyRow = (): Promise<unknown> => expect.poll(() => console_.page.locator('.sp-table tbody tr').count()).toBe(1);

describe('the overview', () => {
  it('says what is wrong, the worst first, and each number is a link to the list that is that long', async () => {
    const { page } = console_;
    await console_.open('/');
    await ready();
    const severities = await page.locator('.sp-finding > .sp-word').allTextContents();
    expect(severities.map((text) => text.replace(/\W/g, ''))).toEqual(
      [...severities.map((text) => text.replace(/\W/g, ''))].sort(
        (a, b) => ['critical', 'warning', 'note'].indexOf(a) - ['critical', 'warning', 'note'].indexOf(b),
      ),
    );
    const kinds = await page
      .locator('.sp-finding')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-kind')));
    for (const kind of ['single-super-admin', 'second-key-missing', 'tokens-anywhere', 'no-checkpoint-outside'])
      expect(kinds).toContain(kind);
    await page.getByText('ASN enforced, IP observed').waitFor();
    await console_.shots('overview');
    expect(await console_.axe()).toEqual([]);
    for (const what of [
      'hold an admin role all the time',
      'with one key only',
      'work now',
      'usable from anywhere',
      'never signed in',
    ]) {
      await console_.open('/');
      await ready();
      const tile = page.locator('.sp-tile', { hasText: what });
      const n = Number(await tile.locator('.sp-tile-number').textContent());
      await tile.getByRole('link').click();
      const rows = page.locator('.sp-table tbody tr');
      if (n === 0) await page.getByRole('heading', { name: /^No / }).waitFor();
      else await rows.nth(n - 1).waitFor();
      expect([what, await rows.count()]).toEqual([what, n]);
    }
  });

  it('says how many super admins are able to sign in, and the list by which way', async () => {
    const { page } = console_;
    await console_.open('/');
    await ready();
    const tile = page.locator('.sp-tile', { hasText: /super admins? able to sign in/ });
    const n = Number(await tile.locator('.sp-tile-number').textContent());
    await tile.getByRole('link').click();
    const rows = page.getByRole('table', { name: 'Super admins', exact: true }).locator('tbody tr');
    await rows.first().waitFor();
    expect(await rows.filter({ hasText: /“.+” of .+From anywhere; the session by/s }).count()).toBe(n);
    await console_.look('ways-in');
  });

  it('opens what a finding means, by keyboard', async () => {
    const { page } = console_;
    await console_.open('/');
    await ready();
    const finding = page.locator('.sp-finding', { hasText: 'usable from anywhere' });
    await finding.locator('summary').focus();
    await page.keyboard.press('Enter');
    await finding.getByText('For people').waitFor();
    await finding.getByText('--show anywhere').waitFor();
    expect(await console_.axe()).toEqual([]);
  });

  it('shows a role its part, and says which parts are missing', async () => {
    const { page } = console_;
    await console_.as(kim);
    await console_.open('/');
    await ready();
    await page.getByText('Your role does not show administrators').waitFor();
    expect(await page.getByRole('heading', { name: 'Who is admin right now' }).count()).toBe(0);
    await page.getByText('ended by binding in 24 h').waitFor();
    await console_.shots('overview-report-admin');
    expect(await console_.axe()).toEqual([]);
  });
});

describe('administrators', () => {
  it('are found by name and role in the address, opened by keyboard, and revoked after a question', async () => {
    const { page } = console_;
    await console_.open('/admins');
    const rows = page.locator('.sp-table tbody tr');
    await rows.nth(2).waitFor();
    await console_.shots('admins');
    expect(await console_.axe()).toEqual([]);
    await page.keyboard.press('/');
    await page.keyboard.type('lee');
    await page.waitForURL(/[?&]q=lee/);
    await onlyRow();
    await page.reload();
    await onlyRow();
    await rows.first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Power and proof' }).waitFor();
    await page.getByText('stays on the device').waitFor();
    await console_.shots('admin');
    expect(await console_.axe()).toEqual([]);
    await console_.press('Revoke all sessions…');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This ends 1 session').waitFor();
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('status').getByText('All sessions of lee Example revoked.').waitFor();
    expect((await lee.get('/api/v1/users/me')).status).toBe(401);
    expect((await lee.signIn()).status).toBe(200);
  });

  it('by a filter that nobody matches: says so, and takes it back', async () => {
    const { page, press } = console_;
    await console_.open('/admins?q=nobody&role=APP_ADMIN');
    await page.getByRole('heading', { name: 'No administrators match' }).waitFor();
    await console_.shots('admins-none');
    expect(await console_.axe()).toEqual([]);
    await press('Clear the filters');
    await page.locator('.sp-table tbody tr').nth(2).waitFor();
    expect(page.url()).toBe(`${console_.server.url}/admins`);
  });

  it('offer nothing to a reader that would be refused', async () => {
    const { page } = console_;
    await console_.as(lee);
    await console_.open('/admins?q=ana');
    await page.locator('.sp-table tbody tr').first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sessions now' }).waitFor();
    for (const name of [/Revoke/, /enrolment/]) expect(await page.getByRole('button', { name }).count()).toBe(0);
    await console_.open('/tokens');
    await page.locator('.sp-table tbody tr').nth(1).waitFor();
    expect(await page.getByRole('button', { name: /Revoke/ }).count()).toBe(0);
  });

  it('are not there for a role that may not see them', async () => {
    const { page } = console_;
    await console_.as(kim);
    await console_.open('/admins');
    await page.getByText('It needs the permission').waitFor();
    expect(await page.getByRole('link', { name: 'Administrators' }).count()).toBe(0);
    expect(await console_.axe()).toEqual([]);
  });
});

describe('a new person', () => {
  it('gets an account by name and address, and then a link for a first key; a refusal keeps what was typed', async () => {
    const { page } = console_;
    await console_.open('/people');
    await console_.push('New person…');
    const dialog = page.getByRole('dialog', { name: 'New person' });
    await dialog.getByLabel('First name').fill('Mia');
    await dialog.getByLabel('Last name').fill('Roth');
    expect(await dialog.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Login').fill('lee@example.org');
    await console_.look('people-new');
    // Refused before a key is asked for.
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText(/already/).waitFor();
    expect(await dialog.getByLabel('First name').inputValue()).toBe('Mia');
    await dialog.getByLabel('Login').fill('mia@example.org');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Mia Roth', level: 1 }).waitFor();
    await page.getByText('nothing to sign in with yet').waitFor();
    await console_.push('Make an enrolment link');
    await console_.prove();
    await page.getByText('Whoever opens it first becomes Mia Roth').waitFor();
    await console_.look('person-link');
    expect(console_.faults.splice(0)).toEqual([]);
  });

  it('is made by nobody who may only read', async () => {
    const { page } = console_;
    await console_.as(lee);
    await console_.open('/people');
    await page.getByRole('link', { name: 'Mia Roth' }).click();
    await page.getByText('nothing to sign in with yet').waitFor();
    expect(await page.getByRole('button', { name: 'Make an enrolment link' }).count()).toBe(0);
    await console_.open('/people');
    await page.getByRole('link', { name: 'Mia Roth' }).waitFor();
    expect(await page.getByRole('button', { name: 'New person…' }).count()).toBe(0);
  });
});

describe('API tokens', () => {
  it('flag the ones usable from anywhere, and are revoked after a question', async () => {
    const { page } = console_;
    await console_.open('/tokens');
    const rows = page.locator('.sp-table tbody tr');
    await rows.nth(1).waitFor();
    await console_.shots('tokens');
    expect(await console_.axe()).toEqual([]);
    await page.getByLabel('Show').selectOption('anywhere');
    await page.waitForURL(/show=anywhere/);
    await onlyRow();
    await console_.press('Revoke deploy…');
    const dialog = page.getByRole('dialog', { name: 'Revoke deploy?' });
    await dialog.getByText('stops working at once').waitFor();
    await console_.shots('token-revoke');
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'No API tokens match' }).waitFor();
    await console_.press('Clear the filters');
    await onlyRow();
  });

  it('say when one was used from two networks within the hour', async () => {
    const { page, server } = console_;
    const secret = await token('lee@example.org', 'copied', 'ANYWHERE');
    for (const address of ['198.51.100.10', '203.0.113.9']) {
      const headers = { 'X-Forwarded-For': address, Authorization: `SSWS ${secret}` };
      expect((await send(server.url, 'GET', '/api/v1/users?limit=1', headers)).status).toBe(200);
    }
    await console_.open('/tokens?q=copied');
    await page.getByText('two networks within the hour').waitFor();
    await console_.shots('token-two-networks');
    await page.getByRole('button', { name: 'Details copied…' }).click();
    const details = page.getByRole('dialog', { name: 'copied' });
    await details.getByText('Somebody may have copied its secret.').waitFor();
    await console_.shots('token-two-networks-details');
    expect(await console_.axe()).toEqual([]);
    await details.getByRole('link', { name: 'From where to where' }).click();
    await page.getByText('second network within the hour').first().waitFor();
    expect((await console_.admin.get('/sallyport/v1/api-tokens?q=copied')).text).toContain('as64500');
  });

  it('are made with a reason where they work from anywhere, and get a new secret with an overlap', async () => {
    const { page } = console_;
    await console_.open('/tokens');
    await page.getByRole('button', { name: 'New token…' }).click();
    const form = page.getByRole('dialog', { name: 'New API token' });
    const create = form.getByRole('button', { name: 'Create', exact: true });
    await form.getByRole('textbox', { name: 'Name' }).fill('crawler');
    await form.getByLabel('What it is for').fill('checks links at night');
    // Without a zone, and from anywhere without a reason, there is nothing to press.
    expect(await create.isDisabled()).toBe(true);
    await form.getByLabel('Works from').selectOption('ANYWHERE');
    expect(await create.isDisabled()).toBe(true);
    await form.getByLabel('Why it must work from anywhere').fill('runs at a provider without fixed addresses');
    await console_.shots('token-new');
    expect(await console_.axe()).toEqual([]);
    await create.click();
    await console_.prove();
    await form.getByText('It is shown this once').waitFor();
    const secret = (await form.locator('.sp-line code').textContent()) ?? '';
    expect(secret).toMatch(/^00\S{30,}$/);
    // A slip does not lose it.
    await page.keyboard.press('Escape');
    await form.getByText('It is shown this once').waitFor();
    await console_.shots('token-secret');
    await form.getByRole('button', { name: 'I have put it away' }).click();
    await page.getByText('runs at a provider without fixed addresses').waitFor();

    await page.getByRole('button', { name: 'Rotate crawler…' }).click();
    const rotate = page.getByRole('dialog', { name: 'A new secret for crawler' });
    await rotate.getByLabel('How long the old secret').selectOption('1');
    await console_.shots('token-rotate');
    expect(await console_.axe()).toEqual([]);
    await rotate.getByRole('button', { name: 'Make a new secret' }).click();
    await console_.prove();
    await rotate.getByText('The old secret works until').waitFor();
    expect(await rotate.locator('.sp-line code').textContent()).not.toBe(secret);
    await rotate.getByRole('button', { name: 'I have put it away' }).click();
    await page.getByText('not used since').waitFor();
    await page.getByRole('button', { name: 'Details crawler…' }).click();
    const details = page.getByRole('dialog', { name: 'crawler' });
    await details.getByText('It was not used yet.').waitFor();
    await console_.shots('token-details');
    expect(await console_.axe()).toEqual([]);
    await details.getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.getByRole('button', { name: 'End old secret crawler…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
    await page.getByText('not used since').waitFor({ state: 'detached' });
    await console_.shots('tokens-full');
  });
});
