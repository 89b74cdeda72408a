/** Zones, the address test and policies in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

const look = async (name: string): Promise<void> => {
  await console_.shots(name);
  expect(await console_.axe()).toEqual([]);
};

describe('network zones', () => {
  it('are made with what was typed kept until every line is right', async () => {
    const { page, press } = console_;
    await console_.open('/zones');
    await page.locator('.sp-table tbody tr').nth(2).waitFor();
    await look('zones');
    await press('New zone…');
    const dialog = page.getByRole('dialog', { name: 'New zone' });
    await dialog.getByLabel('Name').fill('Office');
    await dialog.getByLabel(/^Addresses/).fill('192.0.2.0/24\n\n192.0.2.0/33');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Line 3: 192.0.2.0/33 is not an address or a CIDR').waitFor();
    await look('zone-form-error');
    expect(await dialog.getByLabel(/^Addresses/).inputValue()).toBe('192.0.2.0/24\n\n192.0.2.0/33');
    await dialog.getByLabel(/^Addresses/).fill('192.0.2.0/24');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Office', level: 1 }).waitFor();
    await page.getByText('192.0.2.0/24').waitFor();
    await look('zone');
  });

  it('of networks, places and services are made too, and say of what there is no data', async () => {
    const { page, press } = console_;
    await console_.open('/zones');
    await press('New zone…');
    const dialog = page.getByRole('dialog', { name: 'New zone' });
    await dialog.getByLabel('Name').fill('Hidden');
    await dialog.getByLabel('Made of').selectOption('DYNAMIC_V2');
    await dialog.getByLabel(/^AS numbers, one a line/).fill('64500\nten');
    await dialog.getByLabel(/^Countries and regions, one a line/).fill('DE\nUS-CA');
    const services = dialog.getByRole('group', { name: 'Services', exact: true });
    await services.getByRole('searchbox').fill('anonymisers but');
    await services.getByRole('button', { name: /All anonymisers but Tor/ }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Line 2: ten is not an AS number like 64500').waitFor();
    await look('zone-form-dynamic');
    // Another kind is looked at, and nothing that was typed is lost.
    await dialog.getByLabel('Made of').selectOption('DYNAMIC');
    await dialog.getByLabel('Made of').selectOption('DYNAMIC_V2');
    expect(await dialog.getByLabel(/^AS numbers, one a line/).inputValue()).toBe('64500\nten');
    await dialog.getByLabel(/^AS numbers, one a line/).fill('64500');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Hidden', level: 1 }).waitFor();
    await page.getByText(/^No data for VPN, PROXY, regions of countries/).waitFor();
    await page.getByText('All anonymisers but Tor').waitFor();
    await look('zone-dynamic');
    await console_.open('/zones');
    await page.locator('.sp-table tbody tr').filter({ hasText: 'Hidden' }).getByText('no data for all of it').waitFor();
    await look('zones-of-all-types');
  });

  it('that would lock their author out are refused in words, and nothing is lost', async () => {
    const { page, press } = console_;
    await console_.open('/zones');
    await page.locator('.sp-table tbody tr').nth(2).waitFor();
    await press('New zone…');
    const dialog = page.getByRole('dialog', { name: 'New zone' });
    await dialog.getByLabel('Name').fill('Bad');
    await dialog.getByLabel('Use').selectOption('BLOCKLIST');
    await dialog.getByLabel(/^Addresses/).fill('127.0.0.0/8');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('it would lock you out').waitFor();
    await look('zone-lockout');
    await page.keyboard.press('Escape');
    expect((await console_.admin.get('/api/v1/users/me')).status).toBe(200);
  });

  it('are deleted after a question, but not the built-in ones', async () => {
    const { page, press } = console_;
    await console_.open('/zones');
    await page.getByRole('link', { name: 'Office' }).click();
    await press('Delete the zone…');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await console_.prove();
    await page.waitForURL(`${console_.server.url}/zones`);
    await page.getByRole('link', { name: 'BlockedIpZone' }).click();
    await page.getByText('A built-in zone is not deleted.').waitFor();
    expect(await page.getByRole('button', { name: 'Delete the zone…' }).isDisabled()).toBe(true);
  });

  it('are read by a reader, who is offered nothing else', async () => {
    const { page } = console_;
    await console_.as(lee);
    await console_.open('/zones');
    await page.getByRole('link', { name: 'BlockedIpZone' }).click();
    await page.getByRole('heading', { name: 'Used by' }).waitFor();
    for (const name of [/Edit/, /Delete/, /New zone/]) expect(await page.getByRole('button', { name }).count()).toBe(0);
  });
});

describe('the address test', () => {
  it('tells what an address is, and which hop of a header counts', async () => {
    const { page, press } = console_;
    await console_.open('/ip-test');
    await page.getByRole('heading', { name: '127.0.0.1' }).waitFor();
    await page.getByLabel('Address').fill('127.0.0.1');
    await page.getByLabel(/^Forwarding header/).fill('192.0.2.1, 203.0.113.7');
    await press('Test');
    await page.getByRole('heading', { name: '203.0.113.7' }).waitFor();
    await page.getByText('AS64500 Example Hosting').waitFor();
    const hops = page.getByRole('table', { name: /^Hops of/ });
    expect(await hops.locator('tbody tr').allTextContents()).toEqual([
      expect.stringContaining('not read'),
      expect.stringContaining('the client'),
      expect.stringContaining('trusted proxy'),
    ]);
    await look('ip-test');
    // The question is in the address: it can be mailed.
    await page.reload();
    await page.getByRole('heading', { name: '203.0.113.7' }).waitFor();
    await page.getByLabel(/^Forwarding header/).fill('unknown');
    await press('Test');
    await page.getByRole('heading', { name: 'The client is unknown' }).waitFor();
    await look('ip-test-unknown');
    await page.getByLabel(/^Forwarding header/).fill('');
    await page.getByLabel('Address').fill('nowhere');
    await press('Test');
    await page.getByRole('alert').getByText('nowhere is not an IPv4 or IPv6 address').waitFor();
    await look('ip-test-error');
  });
});

describe('policies', () => {
  it('are read rule by rule in words, the catch-all last', async () => {
    const { page } = console_;
    await console_.as(lee);
    await console_.open('/policies');
    const rows = page.locator('.sp-table tbody tr');
    await rows.nth(2).waitFor();
    await rows
      .filter({ hasText: 'Admin Console' })
      .getByText(/^\d+ match(es)? in 7 days, last/)
      .waitFor();
    await rows.filter({ hasText: 'Default Policy' }).getByText('no refusal in 7 days').waitFor();
    await look('policies-read');
    await page.getByRole('link', { name: 'Admin Console', exact: true }).first().click();
    await page.getByText('two factors').waitFor();
    const rules = await page.locator('.sp-rules h3').allTextContents();
    expect(rules.at(-1)).toMatch(/Catch-all/);
    await page.locator('.sp-rules .sp-word.bad').getByText('denied').waitFor();
    await look('policy-read');
  });
});
