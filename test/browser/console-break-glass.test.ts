/** Break-glass in the console: made and equipped by keyboard and key, used with the paper, seen by everybody, and sealed anew. */
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { registerSealedKey } from '../harness/break-glass.ts';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;
let secret = '';
const LOGIN = 'glass@example.org';

beforeAll(async () => {
  console_ = await openConsole();
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

it('is made in a form that loses nothing, and its secret is shown once', async () => {
  const { page } = console_;
  await console_.open('/break-glass');
  await page.getByText('There is no break-glass account').waitFor();
  expect(await console_.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Create an account…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Login').fill(LOGIN);
  await dialog.getByLabel('Primary network').fill('127.0.0.1\nsomewhere');
  expect(await console_.axe()).toEqual([]);
  await dialog.getByRole('button', { name: 'Create, and show its secret' }).click();
  await dialog.getByText('somewhere is no CIDR').first().waitFor();
  expect(await dialog.getByLabel('Login').inputValue()).toBe(LOGIN);
  await dialog.getByLabel('Primary network').fill('127.0.0.1');
  await dialog.getByRole('button', { name: 'Create, and show its secret' }).click();
  await console_.prove();
  const sealed = page.getByRole('dialog', { name: `The sealed secret of ${LOGIN}` });
  await sealed.waitFor();
  const text = (await sealed.textContent()) ?? '';
  secret = /(?:[2-9A-HJKMNP-Z]{5}-){6}[2-9A-HJKMNP-Z]{5}/.exec(text)?.[0] ?? '';
  expect(secret).not.toBe('');
  expect(await console_.axe()).toEqual([]);
  // Escape does not throw it away.
  await page.keyboard.press('Escape');
  await sealed.getByRole('button', { name: 'It is sealed' }).click();
  await page.getByRole('cell', { name: 'not ready', exact: true }).waitFor();
  expect(await page.locator('body').textContent()).not.toContain(secret);
  await console_.shots('break-glass');
});

it('gets two keys in the browser of its keeper, and says what is missing', async () => {
  const { page } = console_;
  await page.getByRole('link', { name: LOGIN }).click();
  const name = page.getByLabel('Name of another key');
  await name.fill('Bo');
  await page.keyboard.press('Enter');
  await console_.prove();
  await page.getByRole('cell', { name: 'Bo', exact: true }).waitFor();
  await page.getByText('Register one more hardware key for it.').waitFor();
  // The only key that is plugged in is one that it has.
  await name.fill('Safe in Oslo');
  await page.keyboard.press('Enter');
  await console_.prove();
  await page.getByText('This key is registered already. Use another one.').waitFor();
  expect(await name.inputValue()).toBe('Safe in Oslo');
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  expect((await registerSealedKey(console_.admin, id, 'Safe in Oslo', createSoftAuthenticator())).status).toBe(200);
  await page.reload();
  await page.getByRole('cell', { name: 'Safe in Oslo', exact: true }).waitFor();
  await page.getByText('Nobody is told when it is used').waitFor();
  await page.getByRole('button', { name: 'Test the alarm' }).click();
  await page.getByText('Nobody was told: neither mail nor a webhook is set up.').waitFor();
  expect(await console_.axe()).toEqual([]);
  await console_.shots('break-glass-account');
});

it('signs in with the secret from paper and a key, and says why; everybody sees it, and it is sealed anew', async () => {
  const { page, admin } = console_;
  await console_.leave();
  await page.goto(`${console_.server.url}/sign-in`);
  await page.getByLabel('Your login').fill(LOGIN);
  await page.getByRole('button', { name: 'Use a password instead' }).click();
  const [first = '', ...others] = secret.split('-');
  const typo = [...others, first].join('-');
  await page.getByLabel('Password', { exact: true }).fill(typo);
  await page.keyboard.press('Enter');
  await page.getByText('group 1 of its seven is mistyped').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(secret.toLowerCase().replaceAll('-', ' '));
  await page.keyboard.press('Enter');
  await page.getByText('You are in as a break-glass account').first().waitFor();
  expect(await console_.axe()).toEqual([]);
  await console_.open('/break-glass');
  const reason = page.getByLabel('Reason');
  await reason.fill('Everybody is on a plane, and the proxy burns');
  await page.getByRole('button', { name: 'Write it down' }).click();
  await page.getByText('You said why: “Everybody is on a plane, and the proxy burns”').waitFor();
  expect(await console_.axe()).toEqual([]);

  // Everybody reads it; nobody is led where they would be refused, and whoever goes there is told what to do.
  await console_.as(await console_.person('rea@example.org', 'READ_ONLY_ADMIN'));
  await console_.open('/');
  await page.locator('.sp-banner').getByText(`The break-glass account ${LOGIN} is in use`).waitFor();
  expect(await page.locator('.sp-banner').getByRole('link').count()).toBe(0);
  await console_.open('/break-glass');
  await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
  await page.getByRole('link', { name: 'See what you can ask for' }).waitFor();
  await console_.look('break-glass-refused');

  await console_.as(admin);
  await console_.open('/');
  await page.locator('.sp-banner').getByText(`The break-glass account ${LOGIN} is in use`).waitFor();
  await page.locator('[data-kind^=break-glass-in-use]').waitFor();
  await page.locator('.sp-banner').getByRole('link', { name: 'Look' }).click();
  await page.getByText('Why: “Everybody is on a plane, and the proxy burns”').waitFor();
  await console_.shots('break-glass-in-use');
  await page.getByRole('button', { name: 'Give it a new secret…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
  await console_.prove();
  const sealed = page.getByRole('dialog', { name: `The sealed secret of ${LOGIN}` });
  await sealed.waitFor();
  expect(await sealed.textContent()).not.toContain(secret);
  await sealed.getByRole('button', { name: 'It is sealed' }).click();

  await page.getByRole('button', { name: 'Sign the review…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign the review' });
  await dialog.getByLabel('What you found').fill('We looked at each of its events.');
  expect(await console_.axe()).toEqual([]);
  await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
  await console_.prove();
  await page.getByText('Signed by 1 of 2.').waitFor();
  await page.getByText('You signed it already; another person signs it now.').waitFor();
  expect(await page.getByRole('button', { name: 'Sign the review…' }).count()).toBe(0);
});

it('is sealed in three shares, each on a page of its own, and opened with two of them on the sign-in page', async () => {
  const { page } = console_;
  await page.getByRole('button', { name: 'Give it a new secret…' }).click();
  const form = page.getByRole('dialog', { name: 'Give it a new secret?' });
  await form.getByLabel('Print it as').selectOption('3 shares, any 2 of which open it');
  expect(await console_.axe()).toEqual([]);
  await form.getByRole('button', { name: 'Make a new secret' }).click();
  await console_.prove();
  const sealed = page.getByRole('dialog', { name: `The sealed secret of ${LOGIN}` });
  await sealed.getByRole('heading', { name: 'Share C, 3 of 3' }).waitFor();
  const text = (await sealed.textContent()) ?? '';
  const shares = [...text.matchAll(/(?:[2-9A-HJKMNP-Z]{5}-){7}[2-9A-HJKMNP-Z]{5}/g)].map(([share]) => share);
  expect(shares.map((share) => share[0])).toEqual(['A', 'B', 'C']);
  expect(await console_.axe()).toEqual([]);
  const pdf = (await page.pdf()).toString('latin1');
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(3);
  await sealed.getByRole('button', { name: 'They are sealed' }).click();
  await page.getByText('sealed in 3 shares, any 2 of which open it').waitFor();

  await console_.leave();
  await page.goto(`${console_.server.url}/sign-in`);
  await page.getByLabel('Your login').fill(LOGIN);
  await page.getByRole('button', { name: 'Use a password instead' }).click();
  await page.getByRole('button', { name: 'Use shares of a secret' }).click();
  expect(await console_.axe()).toEqual([]);
  await console_.shots('sign-in-shares');
  const [, b = '', c = ''] = shares;
  await page.getByLabel('Share 1').fill(c);
  await page.getByLabel('Share 2').fill(`${b.slice(0, -1)}${b.endsWith('2') ? '3' : '2'}`);
  await page.keyboard.press('Enter');
  await page.getByText('in share 2, group 8 of its eight is mistyped').waitFor();
  await page.getByLabel('Share 2').fill(b.toLowerCase());
  // A third field may stay empty, and what stands between the groups may be anything.
  await page.getByRole('button', { name: 'Another share' }).click();
  await page.getByLabel('Share 1').fill(c.replaceAll('-', ' – '));
  await page.getByLabel('Share 3').press('Enter');
  await page.getByText('You are in as a break-glass account').first().waitFor();
});
