/** Trusted origins in a real browser. */
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

/** What a page of that origin is told about itself: who is trusted may read the answer. */
const allowedTo = async (origin: string): Promise<string | null> =>
  (await fetch(`${console_.server.url}/.well-known/okta-organization`, { headers: { Origin: origin } })).headers.get(
    'access-control-allow-origin',
  );

describe('trusted origins', () => {
  it('are made, changed, turned off and deleted by the keyboard; a refusal keeps what was typed', async () => {
    const { page } = console_;
    const site = 'https://status.example.com';
    await console_.open('/trusted-origins');
    await page.getByRole('heading', { name: 'No other site is trusted' }).waitFor();
    await console_.look('trusted-origins-none');
    await console_.push('Trust another site…');
    let dialog = page.getByRole('dialog', { name: 'Trust another site' });
    await dialog.getByLabel('Name').fill('Status page');
    await dialog.getByLabel('Origin').fill(`${site}/page`);
    await page.keyboard.press('Enter');
    await dialog.getByText('without a path or a placeholder').waitFor();
    await console_.look('trusted-origin-refused');
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Status page');
    await dialog.getByLabel('Origin').fill(site);
    await dialog.getByLabel('its pages may call the API').focus();
    await page.keyboard.press('Space');
    expect(await dialog.getByRole('button', { name: 'Trust it' }).isDisabled()).toBe(true);
    await page.keyboard.press('Space');
    await dialog.getByLabel('Origin').focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    const row = page.getByRole('table', { name: 'Trusted origins' }).getByRole('row', { name: /Status page/ });
    await row.getByText(site).waitFor();
    expect(await allowedTo(site)).toBe(site);
    await console_.push('Change Status page…');
    dialog = page.getByRole('dialog', { name: 'Change Status page' });
    await dialog.getByLabel('embedding, kept for clients').check();
    await dialog.getByLabel('Name').fill('Status');
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('row', { name: /embedding/ }).waitFor();
    await console_.look('trusted-origins');
    await console_.push('Turn off Status');
    await console_.prove();
    await page.getByRole('button', { name: 'Turn on Status' }).waitFor();
    expect(await allowedTo(site)).toBeNull();
    await console_.as(lee);
    await console_.open('/trusted-origins');
    await page.getByText(site).waitFor();
    expect(await page.getByRole('button', { name: /Trust|Turn|Change|Delete/ }).count()).toBe(0);
    await console_.as(console_.admin);
    await console_.open('/trusted-origins');
    await console_.push('Delete Status…');
    await console_.look('trusted-origin-delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('heading', { name: 'No other site is trusted' }).waitFor();
  });
});
