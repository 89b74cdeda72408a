/** Keys in the console: one's own, those of another administrator, and the way back in; then passwords on the plain pages. */

import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;

const idOf = async (person: Person): Promise<string> => String((await person.get('/api/v1/users/me')).body['id']);

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  const { admin, server } = console_;
  await console_.giveKey(admin);
  const begun = await admin.call('POST', '/api/v1/users/me/factors', {
    factorType: 'webauthn',
    profile: { authenticatorName: 'Spare' },
  });
  const { id, _embedded } = begun.body as unknown as {
    id: string;
    _embedded: { activation: { challenge: string; user: { id: string } } };
  };
  const { challenge, user } = _embedded.activation;
  const made = createSoftAuthenticator().register({
    challenge,
    rpId: 'localhost',
    origin: server.url,
    userId: user.id,
  });
  const { attestation, clientData } = made;
  const done = await admin.call('POST', `/api/v1/users/me/factors/${id}/lifecycle/activate`, {
    attestation,
    clientData,
  });
  expect(done.status, done.text).toBe(200);
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

describe('my keys', () => {
  it('are added with proof of one, renamed and removed by keyboard; what was typed stays when the key says no', async () => {
    const { page } = console_;
    await console_.open('/me/keys');
    const rows = page.locator('.sp-table tbody tr');
    await expect.poll(() => rows.count()).toBe(3);
    await console_.shots('my-keys');
    expect(await console_.axe()).toEqual([]);

    const name = page.getByLabel('Name', { exact: true });
    await name.fill('Blue one, at home');
    await page.keyboard.press('Enter');
    await console_.prove();
    // The only key that is plugged in is one that the account has.
    await page.getByText('This key is registered already. Use another one.').waitFor();
    expect(await name.inputValue()).toBe('Blue one, at home');
    expect(await console_.axe()).toEqual([]);

    await page.getByRole('button', { name: 'Rename Spare…' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('security KEY 1');
    await page.keyboard.press('Enter');
    await dialog.getByText('Another authenticator of this person has this name').first().waitFor();
    await dialog.getByLabel('Name').fill('Red one');
    await page.keyboard.press('Enter');
    await rows.filter({ hasText: 'Red one' }).waitFor();

    await page.getByRole('button', { name: 'Remove Red one…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('your other sessions that it opened end at once').waitFor();
    expect(await console_.axe()).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await console_.prove();
    await expect.poll(() => rows.count()).toBe(2);
  });
});

describe('of another administrator', () => {
  it('a reset says what it ends, and the way back is an enrolment link', async () => {
    const { page } = console_;
    await console_.open(`/admins/${await idOf(lee)}`);
    await page.getByRole('button', { name: 'Reset all authenticators…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This removes their one authenticator: Security key 1. It ends 1 session').waitFor();
    expect(await console_.axe()).toEqual([]);
    await console_.shots('admin-reset');
    const reset = dialog.getByRole('button', { name: 'Reset all authenticators' });
    expect(await reset.isDisabled()).toBe(true);
    await dialog
      .getByLabel(/^Type .+ to confirm$/)
      .fill((await dialog.getByText(/^Type .+ to confirm$/).innerText()).split(' ')[1] ?? '');
    await reset.click();
    await console_.prove();
    await page.getByText('No authenticator is enrolled').waitFor();
    await page.getByRole('button', { name: 'Make an enrolment link' }).waitFor();
    await console_.shots('admin-without-keys');
    expect((await lee.get('/api/v1/users/me')).status).toBe(401);
  });

  it('a password is reset by a link, chosen on its page, and an expired one is changed at sign-in', async () => {
    const { page } = console_;
    await console_.open(`/admins/${String((await console_.admin.get('/api/v1/users/lee@example.org')).body['id'])}`);
    await page.getByRole('button', { name: 'Reset password…' }).click();
    const dialog = page.getByRole('dialog');
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Reset the password' }).click();
    await console_.prove();
    const link = await dialog.locator('code').textContent();
    await dialog.getByRole('button', { name: 'Close' }).filter({ hasText: 'Close' }).click();
    await page.goto(String(link));
    expect(page.url()).not.toContain('code=');
    await page.getByLabel('New password').fill('short');
    await console_.press('Set the password');
    await page.getByText('Use at least 12 characters.').waitFor();
    expect(await console_.axe()).toEqual([]);
    await page.getByLabel('New password').fill('another good pass phrase');
    await console_.press('Set the password');
    await page.getByText('Sign in as lee@example.org').waitFor();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();

    await console_.admin.call('POST', '/api/v1/users/lee@example.org/lifecycle/expire_password');
    await console_.leave();
    await page.goto(`${console_.server.url}/sign-in`);
    await page.getByLabel('Your login').fill('lee@example.org');
    await console_.press('Use a password instead');
    await page.getByLabel('Password', { exact: true }).fill('another good pass phrase');
    await console_.press('Sign in');
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    expect(await console_.axe()).toEqual([]);
    await page.getByLabel('New password').fill('yet another good phrase');
    await console_.press('Set the password and sign in');
    // Signed in: a password alone opens no console for somebody with a role.
    await page.getByRole('heading', { name: /open the Admin Console/ }).waitFor();
  });
});
