/** Accounts of people and of programs in the console: the list, the page of one, and the mark, by keyboard. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { Person } from '../harness/person.ts';

const PASSWORD = 'correct horse battery staple';
let console_: TestConsole;
let lee: Person;
let max: Person;
let chi: Person;
let robotId: string;

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  max = await console_.person('max@example.org', 'ORG_ADMIN');
  chi = await console_.person('chi@example.org', 'READ_ONLY_ADMIN');
  const made = await console_.admin.call('POST', '/api/v1/users', {
    profile: { login: 'robot@example.org', email: 'robot@example.org', firstName: 'Mail', lastName: 'Robot' },
    credentials: { password: { value: PASSWORD } },
  });
  robotId = String(made.body['id']);
  await console_.giveKey(console_.admin, 'only');
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

const looked = async (name: string): Promise<void> => {
  await console_.settled();
  await console_.shots(name);
  expect(await console_.axe()).toEqual([]);
};

it('an account is made a service account, found by the filter, and opened to people again', async () => {
  const { page } = console_;
  await console_.open('/people?q=robot');
  const name = page.getByRole('link', { name: 'Mail Robot' });
  await name.waitFor();
  await name.focus();
  await page.keyboard.press('Enter');
  await page.getByText('A person. If only programs use it').waitFor();
  await looked('person');
  await page.getByRole('button', { name: 'Make it a service account…' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Make Mail Robot a service account?' });
  await dialog.getByText('Nobody signs in as robot@example.org from then on').waitFor();
  await looked('service-account-ask');
  await dialog.getByRole('button', { name: 'Make it a service account' }).click();
  await console_.prove();
  await page.getByText('Nobody signs in as it').waitFor();
  await dialog.waitFor({ state: 'detached' });
  const robot = new Person(console_.server.url, 'robot@example.org', '127.0.0.1');
  const refused = await robot.call('POST', '/api/v1/authn', { username: robot.login, password: PASSWORD });
  expect([refused.status, refused.body['errorCode']]).toEqual([403, 'E0000085']);
  await looked('person-service-account');
  await page.getByRole('link', { name: 'Sign-ins that were refused' }).click();
  await page.locator('.sp-table tbody tr, [role=row]').getByText('robot@example.org').first().waitFor();

  await console_.open('/people');
  await page.getByLabel('Accounts of').selectOption('service-account');
  await page.waitForURL(/kind=service-account/);
  await expect.poll(() => page.locator('.sp-table tbody tr').count()).toBe(1);
  await page.getByText('service account', { exact: true }).waitFor();
  await looked('people-service-accounts');
  await page.getByLabel('Accounts of').selectOption('person');
  await page.getByRole('link', { name: 'Mail Robot' }).waitFor({ state: 'detached' });

  await console_.open(`/people/${robotId}`);
  await page.getByRole('button', { name: 'Let people sign in…' }).click();
  const back = page.getByRole('dialog', { name: 'Let people sign in as Mail Robot again?' });
  await back.getByRole('button', { name: 'Let people sign in' }).click();
  await console_.prove();
  await page.getByText('A person. If only programs use it').waitFor();
  expect(
    (await robot.call('POST', '/api/v1/authn', { username: robot.login, password: PASSWORD })).body['status'],
  ).toBe('SUCCESS');
});

it('a super admin makes a token of it, for a network and a purpose, and sees its secret once', async () => {
  const { page } = console_;
  const account = `/sallyport/v1/users/${robotId}/service-account`;
  expect((await max.call('PUT', account, { isServiceAccount: true })).status).toBe(200);
  await console_.open(`/people/${robotId}`);
  const token = page.getByRole('button', { name: 'New token…' });
  await token.focus();
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'New API token of Mail Robot' });
  await form.getByText('It has robot@example.org’s rights at each call').waitFor();
  await form.getByLabel('Name').fill('nightly');
  await form.getByLabel('What it is for').fill('Sends the mails of the night.');
  await form.getByLabel('Works from').selectOption('ANYWHERE');
  await form.getByText('Whoever reads this token can use it from any network').waitFor();
  expect(await form.getByRole('button', { name: 'Create', exact: true }).isDisabled()).toBe(true);
  await looked('service-account-token');
  await form.getByLabel('Works from').selectOption('LOOPBACK');
  await form.getByRole('button', { name: 'Create', exact: true }).click();
  await console_.prove();
  await form.getByText('It is shown this once').waitFor();
  await looked('service-account-token-made');
  const tokens = await console_.admin.get('/sallyport/v1/api-tokens?q=robot@example.org');
  expect(tokens.body).toMatchObject([
    {
      name: 'nightly',
      purpose: 'Sends the mails of the night.',
      owner: { id: robotId },
      network: { connection: 'LOOPBACK' },
    },
  ]);
  await form.getByRole('button', { name: 'I have put it away' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'API tokens', exact: true }).last().click();
  await page.waitForURL(/\/tokens\?q=robot/);
  await page.getByText('Sends the mails of the night.').waitFor();
});

it('is offered to nobody who would be refused, and says why', async () => {
  const { page } = console_;
  const ownId = String((await console_.admin.get('/api/v1/users/me')).body['id']);
  await console_.open(`/admins/${ownId}`);
  await page.getByText('the last super admin able to sign in now').waitFor();
  expect(await page.getByRole('button', { name: 'Make it a service account…' }).count()).toBe(0);
  await console_.as(lee);
  await console_.open(`/people/${robotId}`);
  await page.getByText('You cannot change this: No role of the principal holds the permission.').waitFor();
  expect(await page.getByRole('button', { name: 'Make it a service account…' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'New token…' }).count()).toBe(0);
  await looked('person-read-only');
});

it('the sign-in page says what it is to whoever has its password', async () => {
  const { page } = console_;
  const marked = await max.call('PUT', `/sallyport/v1/users/${robotId}/service-account`, {
    isServiceAccount: true,
  });
  expect(marked.status, marked.text).toBe(200);
  // Who may mark it is not who gets its secret.
  await console_.as(max);
  await console_.open(`/people/${robotId}`);
  await page
    .getByText('You cannot make a token of it: A token of a service account is made by a super admin')
    .waitFor();
  expect(await page.getByRole('button', { name: 'New token…' }).count()).toBe(0);
  await console_.leave();
  await page.goto(`${console_.server.url}/sign-in`);
  await page.getByRole('button', { name: 'Use a password instead' }).click();
  await page.locator('#username').fill('robot@example.org');
  await page.locator('#password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('This is a service account: nobody signs in as it.').waitFor();
  await page.getByText('Sign in with an account of your own.').waitFor();
  await console_.shots('sign-in-service-account');
  // The refusal is what was looked for.
  console_.faults.splice(0);
});

it('is signed in to for a while: set up, asked for, judged, and ended by whoever asked', async () => {
  const { page } = console_;
  await console_.open('/request-conditions');
  await console_.push('Let something be asked for…');
  const form = page.getByRole('dialog', { name: 'Let something be asked for' });
  await form.getByLabel('Whose yes it takes').waitFor();
  await form.getByLabel(/^Name/).fill('Licence of the mail robot');
  await form.getByLabel('What can be asked for').selectOption('to sign in as a service account');
  await form.getByRole('button', { name: '+ robot@example.org' }).press('Enter');
  await form.getByLabel('Who may ask').selectOption('everybody');
  // What takes the yes of one alone is not offered.
  const yes = form.getByLabel('Whose yes it takes');
  expect(await yes.locator('option').allTextContents()).toContain('Two fellow admins');
  expect(await yes.locator('option').allTextContents()).not.toContain('One fellow admin');
  await form.getByText('with the yes of two people').waitFor();
  await console_.look('request-condition-service-account');
  await form.getByRole('button', { name: 'Create' }).press('Enter');
  await console_.prove();
  await form.waitFor({ state: 'detached' });
  await console_.push('Turn on Licence of the mail robot');
  await console_.prove();
  await page.getByRole('button', { name: 'Turn off Licence of the mail robot' }).waitFor();
  await page.getByRole('row', { name: /Service account robot@example\.org/ }).waitFor();

  await console_.as(lee);
  await console_.open('/requests');
  await console_.push('Ask for access…');
  const ask = page.getByRole('dialog', { name: 'Ask for access' });
  await ask.getByText('Nobody signs in as it otherwise').waitFor();
  await ask.getByLabel('Why').fill('Accept the licence');
  await console_.look('ask-service-account');
  await ask.getByRole('button', { name: 'Ask', exact: true }).press('Enter');
  await ask.waitFor({ state: 'detached' });
  await page.waitForURL(/\/requests\/req/);
  const path = `/sallyport/v1${new URL(page.url()).pathname}`;
  await console_.as(max);
  await console_.open(new URL(page.url()).pathname);
  await page
    .getByRole('heading', { name: 'Sign in as robot@example.org, for 1 h, asked by lee@example.org' })
    .waitFor();
  await page.getByText('Whoever has its key or password signs in as it').waitFor();
  await console_.look('request-service-account');
  for (const person of [max, chi]) {
    const { digest } = (await person.get(path)).body;
    const said = await person.call('POST', `${path}/approve`, { digest });
    expect(said.status, said.text).toBe(200);
  }

  await console_.as(lee);
  await console_.open('/me/access');
  await page.getByRole('link', { name: 'Extend: robot@example.org…' }).waitFor();
  await console_.look('my-access-service-account');
  await console_.push('End now: signing in as robot@example.org…');
  const end = page.getByRole('dialog', { name: 'End signing in as robot@example.org now?' });
  await end.getByText('is out with the next click').waitFor();
  await console_.look('end-service-account');
  await end.getByRole('button', { name: 'End now' }).press('Enter');
  await end.waitFor({ state: 'detached' });
  await page.getByText('ended by whoever asked for it').waitFor();
});
