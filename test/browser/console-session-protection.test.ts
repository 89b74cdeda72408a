/** Settings → Session protection: a preset as a difference before it is saved, and two people who edit at once. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

const BINDING = '/sallyport/v1/session-binding';
const SCREEN = '/settings/session-protection';
let console_: TestConsole;
let rita: Person;
let rex: Person;

const modes = async (): Promise<string> => {
  const { body } = await console_.admin.get(BINDING);
  return `${body['asnBinding']}/${body['ipBinding']}`;
};
const save = (asnBinding: string, ipBinding: string) => console_.admin.call('PUT', BINDING, { asnBinding, ipBinding });

beforeAll(async () => {
  console_ = await openConsole();
  await console_.giveKey(console_.admin);
  rita = await console_.person('rita@example.org', 'READ_ONLY_ADMIN');
  rex = await console_.person('rex@example.org', 'REPORT_ADMIN');
  // Kim moves within her network, which is observed and feeds the report.
  const kim = await console_.person('kim@example.org', 'ORG_ADMIN', '198.51.100.11');
  kim.address = '198.51.100.77';
  expect((await kim.get('/api/v1/users?limit=1')).status).toBe(200);
});
afterAll(() => console_.stop());
afterEach(async () => {
  await console_.page.setViewportSize({ width: 1440, height: 900 });
  expect(console_.faults.splice(0)).toEqual([]);
});

describe('session protection', () => {
  it('shows modes in words, what they would have cost, lifetimes with their reason, and who is excepted', async () => {
    const { page } = console_;
    await console_.open(SCREEN);
    await page.getByText('Had this been on for 14 days, 1 person and 1 session would have ended.').waitFor();
    await page.getByRole('row').filter({ hasText: 'kim@example.org' }).waitFor();
    await page.getByText('NIST SP 800-63B, AAL3').waitFor();
    await page.getByText('nobody is excepted').waitFor();
    await page.getByLabel('Looking back').selectOption('30');
    await page.waitForURL(/days=30/);
    await page.getByText('Had this been on for 30 days').waitFor();
    await console_.settled();
    await console_.shots('session-protection');
    expect(await console_.axe()).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await console_.axe()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  });

  it('changes a preset by keyboard alone: the difference first, then saved, exactly that', async () => {
    const { page } = console_;
    const key = (name: string): Promise<void> => page.keyboard.press(name);
    const focused = (): Promise<unknown> => page.evaluate(`document.activeElement?.textContent`);
    const tabTo = async (text: string): Promise<void> => {
      for (let i = 0; i < 40 && (await focused()) !== text; i += 1) await key('Tab');
      expect(await focused()).toBe(text);
    };
    await console_.open('/');
    await key('g');
    await key('b');
    await page.waitForURL(`**${SCREEN}`);
    await page.getByLabel('Network (ASN)', { exact: true }).waitFor();
    await tabTo('Show “Strict” below');
    await key('Enter');
    const draft = page.getByRole('table', { name: 'What would change' });
    await draft.waitFor();
    expect(await draft.locator('tbody').textContent()).toBe('The orgAddress (IP)Only observedEnforced');
    expect(await modes()).toBe('ENFORCED/MONITOR');
    await tabTo('Review and save…');
    await console_.shots('session-protection-draft');
    expect(await console_.axe()).toEqual([]);
    await key('Enter');
    const dialog = page.getByRole('dialog', { name: 'Save the session binding?' });
    await dialog.getByText('1 active session of kim@example.org will end if used again').waitFor();
    expect(await dialog.getByText('This ends your own session.').count()).toBe(0);
    await console_.shots('session-protection-save');
    expect(await console_.axe()).toEqual([]);
    await page.locator('button:focus', { hasText: 'Cancel' }).waitFor();
    await key('Tab');
    await key('Enter');
    await console_.proofDialog.getByText('Change how sessions are bound to their network').waitFor();
    await page.locator('button:focus', { hasText: 'Use your key' }).waitFor();
    await key('Enter');
    await page.getByRole('status').getByText('Saved. It counts from the next request').waitFor();
    expect(await modes()).toBe('ENFORCED/ENFORCED');
    await page.getByText('Changed by Ana Admin').waitFor();
    expect((await save('ENFORCED', 'MONITOR')).status).toBe(200);
  });

  it('sets a mode for one app, explains it, and takes it back', async () => {
    const { page, press } = console_;
    await console_.open(SCREEN);
    await page.getByLabel('Address (IP)', { exact: true }).selectOption('PROVE');
    await page.getByText('the page answers with a key that cannot be copied').waitFor();
    await page.getByLabel('Network (ASN) of Admin Console').selectOption('MONITOR');
    const draft = page.getByRole('table', { name: 'What would change' });
    expect(await draft.locator('tbody').getByRole('row').count()).toBe(2);
    await page.getByLabel('Network (ASN) of Admin Console').selectOption('');
    await page.getByLabel('Address (IP)', { exact: true }).selectOption('MONITOR');
    await draft.waitFor({ state: 'detached' });
    await page.getByLabel('Network (ASN)', { exact: true }).selectOption('MONITOR');
    await press('Discard');
    expect(await page.getByLabel('Network (ASN)', { exact: true }).inputValue()).toBe('ENFORCED');
  });

  it('warns before one’s own session would end', async () => {
    const { page, press } = console_;
    await page.route(`**${BINDING}?dryRun=true`, async (route) => {
      // The browser cannot move; the server is asked as if it had, by another session of the same person.
      const moved = console_.admin.thief('127.0.0.1');
      moved.cookie = null;
      await moved.signIn();
      moved.address = '127.0.0.9';
      const reply = await moved.call('PUT', `${BINDING}?dryRun=true`, route.request().postDataJSON());
      await route.fulfill({ status: reply.status, body: reply.text, contentType: 'application/json' });
    });
    await console_.open(SCREEN);
    await press('Show “Strict” below');
    await press('Review and save…');
    const dialog = page.getByRole('dialog', { name: 'Save the session binding?' });
    await dialog.getByRole('alert').getByText('This ends your own session.').waitFor();
    await dialog.getByText('The address differs from the one the session began with.').waitFor();
    await console_.shots('session-protection-own');
    expect(await console_.axe()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.unroute(`**${BINDING}?dryRun=true`);
    expect(await modes()).toBe('ENFORCED/MONITOR');
  });

  it('shows both versions when somebody else saved meanwhile, and puts one’s own on top', async () => {
    const { page, press } = console_;
    await console_.open(SCREEN);
    await press('Show “Strict” below');
    await press('Review and save…');
    const dialog = page.getByRole('dialog', { name: 'Save the session binding?' });
    await dialog.getByRole('table').waitFor();
    expect((await save('PROVE', 'MONITOR')).status).toBe(200);
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByText('Somebody else changed these settings since you read them.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'The session binding was changed while you were editing' }).waitFor();
    expect(await page.getByRole('table', { name: 'What somebody else saved' }).locator('tbody').textContent()).toBe(
      'The orgNetwork (ASN)EnforcedProve and continue',
    );
    await console_.shots('session-protection-stale');
    expect(await console_.axe()).toEqual([]);
    await press('Put my change on top');
    await press('Review and save…');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await console_.prove();
    await page.getByRole('status').getByText('Saved. It counts from the next request').waitFor();
    expect(await modes()).toBe('PROVE/ENFORCED');
    expect((await save('ENFORCED', 'MONITOR')).status).toBe(200);
  });

  it('judges lifetimes while they are typed, keeps them when the server refuses, and saves what was shown', async () => {
    const { page, press } = console_;
    await console_.open(SCREEN);
    const idle = page.getByLabel('Ends after so many minutes without a touch');
    await idle.fill('900');
    await page.getByText('A number of minutes from 5 to 720').waitFor();
    expect(await page.getByRole('button', { name: 'Save the lifetimes…' }).isDisabled()).toBe(true);
    expect(await console_.axe()).toEqual([]);
    await idle.fill('30');
    await page.getByText('Longer than AAL3 allows.').waitFor();
    await page.route('**/first-party-app-settings/**', (route) =>
      route.request().method() === 'PUT'
        ? route.fulfill({ status: 500, json: { errorSummary: 'It is broken.' } })
        : route.continue(),
    );
    await press('Save the lifetimes…');
    const dialog = page.getByRole('dialog', { name: 'Save the lifetimes?' });
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByText('It is broken. Nothing was changed.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await idle.inputValue()).toBe('30');
    await page.unroute('**/first-party-app-settings/**');
    await press('Save the lifetimes…');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await console_.prove();
    await page.getByRole('status').getByText('Saved. Sessions that begin from now on').waitFor();
    const { body } = await console_.admin.get('/api/v1/first-party-app-settings/admin-console');
    expect(body).toEqual({ sessionIdleTimeoutMinutes: 30, sessionMaxLifetimeMinutes: 720 });
  });

  it('says that it failed, with a way on', async () => {
    const { page, press } = console_;
    await page.route('**/sallyport/v1/session-protection', (route) =>
      route.fulfill({ status: 500, json: { errorSummary: 'It is broken.' } }),
    );
    await console_.open(SCREEN);
    await page.getByRole('alert').getByText('It is broken.').waitFor();
    expect(await console_.axe()).toEqual([]);
    await page.unroute('**/sallyport/v1/session-protection');
    await press('Try again');
    await page.getByLabel('Network (ASN)', { exact: true }).waitFor();
  });

  it('is readable, and nothing more, to whoever may only read; and not at all to others', async () => {
    const { page } = console_;
    await console_.as(rita);
    await console_.open(SCREEN);
    await page.getByText('Changing it needs the permission').waitFor();
    expect(await page.getByRole('button', { name: /save|show “/i }).count()).toBe(0);
    expect(await page.getByLabel('Network (ASN)', { exact: true }).count()).toBe(0);
    await console_.settled();
    await console_.shots('session-protection-readonly');
    expect(await console_.axe()).toEqual([]);
    const tried = await rita.call('PUT', `${BINDING}?dryRun=true`, { asnBinding: 'DISABLED', ipBinding: 'DISABLED' });
    expect(tried.status).toBe(403);
    await console_.as(rex);
    await console_.open(SCREEN);
    await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
    expect(await console_.axe()).toEqual([]);
    expect((await rex.get('/sallyport/v1/session-protection')).status).toBe(403);
    await console_.as(console_.admin);
  });
});

// The last: what was tried counts until the server starts anew.
describe('an address that a client can choose', () => {
  it('is found by trying, and sessions are not held to it: the reason stands where somebody would save that', async () => {
    const { page, press } = console_;
    await console_.as(console_.admin);
    expect((await save('ENFORCED', 'MONITOR')).status).toBe(200);
    await console_.open(SCREEN);
    const part = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Whose word counts' }) });
    await part.getByText('It was not tried whether X-Forwarded-For can be spoofed').waitFor();
    // The browser of these tests comes from the very address that the server trusts as a proxy.
    await press('Try to spoof an address from here');
    await part.getByText(/claimed in X-Forwarded-For to come from 192\.0\.2\.\d+ was believed/).waitFor();
    await console_.shots('client-address');
    expect(await console_.axe()).toEqual([]);
    // The lie was told without the session: it lives on.
    expect((await console_.admin.get('/api/v1/users/me')).status).toBe(200);
    await press('Show “Strict” below');
    await press('Review and save…');
    const dialog = page.getByRole('dialog', { name: 'Save the session binding?' });
    await dialog.getByText('anybody can choose their address').waitFor();
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog
      .getByRole('alert')
      .getByText(/cannot be enforced while a client can choose its address/)
      .waitFor();
    await console_.shots('client-address-refused');
    expect(await console_.axe()).toEqual([]);
    expect(await modes()).toBe('ENFORCED/MONITOR');
  });
});
