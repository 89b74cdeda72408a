/** What is said about the organisation, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { type Person, send } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(async () => {
  // A refusal that a test provokes is told by the browser, too.
  expect(console_.faults.splice(0).filter((fault) => !fault.includes('status of 400'))).toEqual([]);
  await console_.as(console_.admin);
});

const signInPage = async (): Promise<string> => (await send(console_.server.url, 'GET', '/sign-in', {})).text;

describe('the organisation', () => {
  it('is changed by the keyboard after a look at before and after; a refusal keeps what was typed', async () => {
    const { page } = console_;
    await console_.open('/settings/organisation');
    await page.getByText('pages name nobody').waitFor();
    await console_.look('organisation');
    await console_.push('Change…');
    const dialog = page.getByRole('dialog', { name: 'Change what is said about the organisation' });
    await dialog.getByLabel('Name').fill(' ');
    await page.keyboard.press('Enter');
    await dialog.getByText('Every page is headed by it.').waitFor();
    await dialog.getByLabel('Name').fill('Example & Daughters');
    await dialog.getByLabel('Support phone').fill('+47 22 00 00 00');
    await dialog.getByLabel('Help page').fill('javascript:alert(1)');
    await page.keyboard.press('Enter');
    await dialog.getByRole('row', { name: 'Name Example Example & Daughters' }).waitFor();
    await dialog.getByRole('row', { name: 'Support phone nothing +47 22 00 00 00' }).waitFor();
    await console_.look('organisation-review');
    await dialog.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('must be the address of a page').waitFor();
    await dialog.getByRole('button', { name: 'Back' }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('must be the address of a page').waitFor();
    await console_.look('organisation-refused');
    expect(await dialog.getByLabel('Support phone').inputValue()).toBe('+47 22 00 00 00');
    await dialog.getByLabel('Help page').fill('help.example.org');
    // In the meantime somebody else says where it is: saving this does not undo it.
    await console_.admin.call('POST', '/api/v1/org', { city: 'Oslo' });
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByText('Need help? Call +47 22 00 00 00 or open the help page.').waitFor();
    expect((await console_.admin.get('/api/v1/org')).body).toMatchObject({
      companyName: 'Example & Daughters',
      endUserSupportHelpURL: 'help.example.org',
      city: 'Oslo',
    });
    expect(await signInPage()).toContain('Need help?');
    await console_.look('organisation-said');
  });

  it('hides and shows the line about help, and names contacts', async () => {
    const { page } = console_;
    await console_.admin.call('POST', '/api/v1/org', { supportPhoneNumber: '112' });
    await console_.open('/settings/organisation');
    await console_.push('Hide it…');
    await page.getByRole('dialog').getByText('is not told any more whom to call').waitFor();
    await console_.look('organisation-footer');
    await page.getByRole('dialog').getByRole('button', { name: 'Hide it' }).focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('button', { name: 'Show it…' }).waitFor();
    expect(await signInPage()).not.toContain('Need help?');
    await console_.push('Choose the contact: Billing…');
    const dialog = page.getByRole('dialog', { name: 'Contact for: Billing' });
    await dialog.getByText('Named now: nobody.').waitFor();
    await dialog.getByRole('button', { name: '+ lee@example.org' }).focus();
    await page.keyboard.press('Enter');
    await console_.look('organisation-contact');
    await dialog.getByRole('button', { name: 'Name them' }).focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('row', { name: /^Billing lee@example\.org/ }).waitFor();
    await console_.as(lee);
    await console_.open('/settings/organisation');
    await page.getByRole('row', { name: /^Billing lee@example\.org/ }).waitFor();
    expect(await page.getByRole('button', { name: /Change|Hide|Show it|Choose/ }).count()).toBe(0);
  });
});
