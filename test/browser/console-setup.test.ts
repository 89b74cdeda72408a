/** The first run, from the claimed server to the end: by keyboard alone, left and taken up again. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { Person } from '../harness/person.ts';

const FILE = join(tmpdir(), `sallyport-setup-${process.pid}.jsonl`);
let console_: TestConsole;

beforeAll(async () => {
  console_ = await openConsole({ env: { SALLYPORT_CHECKPOINT_FILE: FILE } });
  await console_.giveKey(console_.admin, 'only');
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

/** Goes to a control with the Tab key, as somebody without a mouse does, and presses a key on it. */
const tabTo = async (name: RegExp, key: string | null = 'Enter'): Promise<void> => {
  const { page } = console_;
  for (let i = 0; i < 80; i += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator('*:focus');
    if ((await focused.count()) === 0) continue;
    const label = await focused.evaluate(
      (one: {
        labels?: Iterable<{ textContent: string }> | null;
        textContent: string;
        getAttribute(name: string): string | null;
      }) =>
        [...(one.labels ?? [])].map((words) => words.textContent).join(' ') ||
        (one.getAttribute('aria-label') ?? one.textContent),
    );
    if (!name.test(label)) continue;
    if (key !== null) await page.keyboard.press(key);
    return;
  }
  throw new Error(`no control ${name} on the way of the Tab key`);
};
const step = async (title: string): Promise<void> => {
  await console_.page.getByRole('heading', { name: title, level: 2 }).waitFor();
};
/** Proves what the page asks, by keyboard too. */
const prove = async (words: string): Promise<void> => {
  const { page, proofDialog } = console_;
  await proofDialog.getByText(words).waitFor();
  await page.locator('button:focus', { hasText: 'Use your key' }).waitFor();
  await page.keyboard.press('Enter');
  await proofDialog.getByText(words).waitFor({ state: 'detached' });
};
const look = async (name: string): Promise<void> => {
  await console_.shots(name);
  expect(await console_.axe()).toEqual([]);
};

describe('the first run', () => {
  it('begins at what is open, and skips only with a note', async () => {
    const { page } = console_;
    await console_.open('/setup/continue');
    await step('Two keys');
    await page.getByText('Step 2 of 8').waitFor();
    await look('setup-2-second-key');
    await tabTo(/^Skip this step/);
    const skip = page.getByRole('button', { name: 'Skip', exact: true });
    expect(await skip.isDisabled()).toBe(true);
    await tabTo(/^Why, and until when/, null);
    await page.keyboard.type('The second key comes on Friday');
    await tabTo(/^Skip$/);
    await step('A second administrator');
    // The focus went along, so that a screen reader reads where one is.
    expect(await page.locator('*:focus').textContent()).toBe('A second administrator');
    await page.getByText('Step 3 of 8').waitFor();
  });

  it('makes a second administrator, whose link is shown once and works', async () => {
    const { page, server } = console_;
    // By an address that names no step: it stays at this one until its link was handed over.
    await console_.open('/setup/continue');
    await step('A second administrator');
    await look('setup-3-second-admin');
    await tabTo(/^First name/, null);
    await page.keyboard.type('Lee');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Park');
    await page.keyboard.press('Tab');
    await page.keyboard.type('lee@example.org');
    await page.keyboard.press('Enter');
    await prove('Create a person');
    await prove('Give Lee Park an admin role');
    await page.getByText('has not enrolled a key yet').waitFor();
    await tabTo(/^Make an enrolment link$/);
    await prove('Let a key be registered for administrator Lee Park');
    await page.getByText('Whoever opens it first').waitFor();
    const link = (await page.locator('.sp-waiting code').textContent()) ?? '';
    expect(link).toMatch(new RegExp(`^${server.url}/setup#code=\\w{32}$`));
    await look('setup-3-link');
    // Left in the middle: nothing is lost but the link, which was shown once.
    await page.reload();
    await page.getByText('has not enrolled a key yet').waitFor();
    expect(await page.locator('body').textContent()).not.toContain(link);
    const lee = new Person(server.url, 'lee@example.org', '127.0.0.1');
    const begun = await lee.call('POST', '/sallyport/v1/setup/claim', { code: link.split('#code=')[1] });
    expect(begun.status, begun.text).toBe(200);
    const stateToken = String(begun.body['stateToken']);
    expect((await lee.registerKey(stateToken, lee.key)).status).toBe(200);
    await lee.call('POST', '/sallyport/v1/setup/finish', { stateToken, secondKeySkipped: true });
    expect((await lee.signIn()).status).toBe(200);
    await tabTo(/^Look again$/);
    await page.getByText('2 super admins are able to sign in.').waitFor();
  });

  it('is taken up where it was left: the network check, answered', async () => {
    const { page } = console_;
    await console_.open('/setup/continue');
    await step('Network check');
    await page.getByText('I see you as').waitFor();
    await tabTo(/^No$/);
    await page.getByText('SALLYPORT_TRUSTED_PROXIES=').waitFor();
    await look('setup-4-network');
    await page.reload();
    await step('Network check');
    await tabTo(/^Yes, that is right$/);
    await step('Session protection');
  });

  it('sets a posture, with the exact settings before it counts', async () => {
    const { page, admin } = console_;
    await page.getByText('You stay in').waitFor();
    // One Tab to the group, then arrows.
    await tabTo(/^Recommended/, 'ArrowDown');
    const row = page.locator('.sp-table tr', { hasText: 'Address (IP) binding' });
    await row.getByText('ENFORCED').waitFor();
    await look('setup-5-posture');
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await page.setViewportSize({ width: 1440, height: 900 });
    await tabTo(/^Set strict$/);
    await prove('Change how sessions are bound to their network');
    await prove('Change the lifetimes of admin sessions');
    await step('The log leaves the host');
    expect((await admin.get('/sallyport/v1/session-binding')).body).toMatchObject({ ipBinding: 'ENFORCED' });
    expect((await admin.get('/api/v1/first-party-app-settings/admin-console')).body).toMatchObject({
      sessionIdleTimeoutMinutes: 10,
    });
  });

  it('writes a checkpoint that must arrive', async () => {
    const { page } = console_;
    await tabTo(/^Write a test checkpoint$/);
    await page.getByText('It arrived').waitFor();
    const last = readFileSync(FILE, 'utf8').trim().split('\n').at(-1) ?? '{}';
    const { seq } = JSON.parse(last) as { seq: number };
    await page.getByText(`up to event ${seq}`).waitFor();
    await look('setup-6-checkpoint');
    await tabTo(/^Next$/);
  });

  it('shows who stands with all power, what would change, and why it is refused', async () => {
    const { page } = console_;
    await step('Zero standing privilege');
    await page.getByText('people hold super admin all the time.').waitFor();
    await page.getByText('Super admin would stand with').waitFor();
    await look('setup-8-zero-standing');
    await tabTo(/\(you\)/, 'Space');
    await tabTo(/^Lee Park/, 'Space');
    await page.getByText('no break-glass account is ready').waitFor();
    expect(await page.getByRole('button', { name: 'Take super admin from 2 people' }).isDisabled()).toBe(true);
    await look('setup-8-refused');
    await tabTo(/^Later$/);
  });

  it('ends with what is left, and the overview keeps the note of what was skipped', async () => {
    const { page } = console_;
    await step('What is left');
    await page.locator('.sp-finding').first().waitFor();
    await look('setup-9-left');
    await tabTo(/^Finish$/);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page
      .locator('[data-kind=setup-skipped-second-key]')
      .getByText('“The second key comes on Friday”')
      .first()
      .waitFor();
    expect(await page.locator('[data-kind=setup-open]').count()).toBe(0);
    await console_.open('/setup/continue');
    await page.getByText(/^Finished/).waitFor();
  });

  it('cannot be finished by whoever could not come back, and says why', async () => {
    const { page, server, admin } = console_;
    const me = String((await admin.get('/api/v1/users/me')).body['id']);
    const setKeys = (status: 'ACTIVE' | 'PENDING_ACTIVATION') =>
      server.services.store.transaction((tx) =>
        tx.updateTable('factors').set({ status }).where('userId', '=', me).execute(),
      );
    await setKeys('PENDING_ACTIVATION');
    await console_.open('/setup/continue?step=what-is-left');
    await page.getByText('you could not sign in again').waitFor();
    expect(await page.getByRole('button', { name: /^Finish/ }).isDisabled()).toBe(true);
    await look('setup-9-locked-out');
    await setKeys('ACTIVE');
  });
});
