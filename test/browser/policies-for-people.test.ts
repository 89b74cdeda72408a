/** What policies for people say on the pages of those people: of their password at a sign-in, of authenticators in the console. */
import { totpAt } from '@sallyport/testkit/soft-totp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Reply } from '../harness/person.ts';

const OLD = 'correct horse battery staple';
let console_: TestConsole;
let groupId: string;
const ok = (reply: Reply): Reply => {
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply;
};
const idOf = (reply: Reply): string => String(ok(reply).body['id']);

beforeAll(async () => {
  console_ = await openConsole();
  const { admin } = console_;
  groupId = idOf(await admin.call('POST', '/api/v1/groups', { profile: { name: 'Contractors' } }));
});
afterAll(() => console_.stop());

const policy = (type: string, settings: object): Promise<Reply> =>
  console_.admin.call('POST', '/api/v1/policies', {
    type,
    name: `${type} of contractors`,
    conditions: { people: { groups: { include: [groupId] } } },
    settings,
  });
/** Somebody without power, with a password. */
const somebody = async (login: string): Promise<string> => {
  const profile = { login, email: login, firstName: 'Kim', lastName: 'Doe' };
  const credentials = { password: { value: OLD } };
  return idOf(await console_.admin.call('POST', '/api/v1/users', { profile, groupIds: [groupId], credentials }));
};
const signInWith = async (login: string, password: string, next = ''): Promise<void> => {
  const { page, press, server } = console_;
  await console_.leave();
  await page.goto(`${server.url}/sign-in${next === '' ? '' : `?next=${encodeURIComponent(next)}`}`);
  await page.getByLabel('Your login').fill(login);
  await press('Use a password instead');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await press('Sign in');
};

describe('a policy of passwords', () => {
  it('says what it asks where an expired one is changed, and that one is locked', async () => {
    const { page, press, admin } = console_;
    const id = await somebody('kim@example.org');
    ok(
      await policy('PASSWORD', {
        password: {
          complexity: { minLength: 20, minNumber: 1, minSymbol: 1 },
          lockout: { maxAttempts: 1, showLockoutFailures: true },
        },
      }),
    );
    ok(await admin.call('POST', `/api/v1/users/${id}/lifecycle/expire_password`));
    await signInWith('kim@example.org', OLD);
    await page.getByText('At least 20 characters. With a digit, a symbol.').waitFor();
    expect(await console_.axe()).toEqual([]);
    await page.getByLabel('New password').fill('good words');
    await press('Set the password and sign in');
    await page.getByText('Use at least 20 characters.').waitFor();
    // What was typed is still there, to be made longer.
    expect(await page.getByLabel('New password').inputValue()).toBe('good words');
    await page.getByLabel('New password').fill('good words, 7 of them by now');
    await press('Set the password and sign in');
    await page.waitForURL((url) => url.pathname !== '/sign-in');

    await signInWith('kim@example.org', 'wrong');
    await page.getByText('Name or password is wrong').waitFor();
    await press('Sign in');
    await page.getByText('This password is locked after too many wrong tries.').waitFor();
    expect(await console_.axe()).toEqual([]);
    await console_.shots('sign-in-locked-out');
  });
});

describe('a policy of enrolment', () => {
  it('says in the console what somebody has to set up, and where, until they have', async () => {
    const { page, admin, press } = console_;
    const lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
    const me = String((await lee.get('/api/v1/users/me')).body['id']);
    ok(await admin.call('PUT', `/api/v1/groups/${groupId}/users/${me}`));
    ok(
      await policy('MFA_ENROLL', {
        authenticators: [
          { key: 'webauthn', enroll: { self: 'OPTIONAL' } },
          { key: 'google_otp', enroll: { self: 'REQUIRED' } },
        ],
      }),
    );
    await console_.as(lee);
    await console_.open('/log');
    await page.getByText('Your organisation asks you to set up an app for one-time codes.').waitFor();
    expect(await console_.axe()).toEqual([]);
    await console_.shots('enrolment-asked');
    await console_.giveKey(lee);
    await page.goto(`${console_.server.url}/log`);
    await page.getByRole('link', { name: 'Look' }).click();
    await page.getByRole('heading', { name: 'An app for one-time codes' }).waitFor();
    await press('Show the secret');
    await page.getByLabel('The code that the app shows now').waitFor();
    const secret = (await page.locator('#secret').textContent()) ?? '';
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    await page.getByLabel('The code that the app shows now').fill('000000');
    await press('Finish');
    await page.getByText('The code is wrong.').waitFor();
    expect(await console_.axe()).toEqual([]);
    await console_.shots('authenticators-codes');
    await page.getByLabel('The code that the app shows now').fill(totpAt(secret, Date.now()));
    await press('Finish');
    await page.getByText('You have everything that your organisation asks for.').waitFor();
    await console_.open('/log');
    expect(await page.getByText('Your organisation asks you').count()).toBe(0);
  });

  it('leads somebody without a role to the key that is asked of them, which cannot be put off, and then where they went', async () => {
    const { page, admin, press } = console_;
    const group = idOf(await admin.call('POST', '/api/v1/groups', { profile: { name: 'Staff' } }));
    const login = 'noa@example.org';
    const profile = { login, email: login, firstName: 'Noa', lastName: 'Doe' };
    const credentials = { password: { value: OLD } };
    ok(await admin.call('POST', '/api/v1/users', { profile, groupIds: [group], credentials }));
    ok(
      await admin.call('POST', '/api/v1/policies', {
        type: 'MFA_ENROLL',
        name: 'staff',
        conditions: { people: { groups: { include: [group] } } },
        settings: { authenticators: [{ key: 'webauthn', enroll: { self: 'REQUIRED' } }] },
      }),
    );
    await signInWith(login, OLD, '/me/sessions?from=mail');
    await page.getByText('No app opens for you until you have one.').waitFor();
    expect(await page.getByRole('link', { name: /Go on|Later/ }).count()).toBe(0);
    // The way out is signing out; whoever signs in again is asked again.
    await press('Sign out');
    await page.waitForURL((url) => url.pathname === '/sign-in');
    expect((await page.request.get(`${console_.server.url}/api/v1/sessions/me`)).status()).toBe(401);
    await signInWith(login, OLD, '/me/sessions?from=mail');
    await page.getByText('No app opens for you until you have one.').waitFor();
    expect(await console_.axe()).toEqual([]);
    await console_.shots('authenticators-key');
    await press('Register a key');
    await page.getByText('You have everything that your organisation asks for.').waitFor();
    await page.getByRole('link', { name: 'Go on' }).click();
    await page.waitForURL((url) => url.pathname + url.search === '/me/sessions?from=mail');
    await page.getByRole('heading', { name: 'Your sessions' }).waitFor();
    expect(await page.getByRole('link', { name: 'Set up what your organisation asks for' }).count()).toBe(0);
  });

  it('lets somebody put off until its day what is asked of them, and asks again', async () => {
    const { page, admin } = console_;
    const group = idOf(await admin.call('POST', '/api/v1/groups', { profile: { name: 'Newcomers' } }));
    const login = 'pat@example.org';
    const profile = { login, email: login, firstName: 'Pat', lastName: 'Doe' };
    const credentials = { password: { value: OLD } };
    ok(await admin.call('POST', '/api/v1/users', { profile, groupIds: [group], credentials }));
    const expiry = new Date(Date.now() + 7 * 86_400_000).toISOString();
    ok(
      await admin.call('POST', '/api/v1/policies', {
        type: 'MFA_ENROLL',
        name: 'newcomers',
        conditions: { people: { groups: { include: [group] } } },
        settings: {
          authenticators: [
            { key: 'webauthn', enroll: { self: 'REQUIRED', gracePeriod: { type: 'BY_DATE_TIME', expiry } } },
          ],
        },
      }),
    );
    for (const _ of ['at first', 'and again']) {
      await signInWith(login, OLD, '/me/sessions?from=mail');
      await page.getByText('Your organisation asks for this:').waitFor();
      expect(await page.getByText('No app opens for you until you have one.').count()).toBe(0);
      expect(await console_.axe()).toEqual([]);
      await page.getByRole('link', { name: 'Later', exact: true }).click();
      await page.waitForURL((url) => url.pathname + url.search === '/me/sessions?from=mail');
      await page.getByRole('heading', { name: 'Your sessions' }).waitFor();
    }
  });
});
