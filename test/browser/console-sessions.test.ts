/** All sessions and the story of one, in a real browser: found, filtered, read, revoked, and refused. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

const LIST = '**/sallyport/v1/sessions?**';
let console_: TestConsole;
let lee: Person;
let kim: Person;
let rita: Person;
let rex: Person;
let roamedId: string;

const idOf = async (person: Person): Promise<string> => String((await person.get('/api/v1/sessions/me')).body['id']);
/** Tables come after the answer; their first row is what a person waits for. */
const shown = (text: string): Promise<void> =>
  console_.page.getByRole('row').filter({ hasText: text }).first().waitFor();

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', 'USER_ADMIN');
  kim = await console_.person('kim@example.org', 'ORG_ADMIN', '198.51.100.11');
  rita = await console_.person('rita@example.org', 'READ_ONLY_ADMIN');
  rex = await console_.person('rex@example.org', 'REPORT_ADMIN');
  // Kim moves within her network, which is observed, and then her cookie turns up elsewhere.
  kim.address = '198.51.100.77';
  expect((await kim.get('/api/v1/users?limit=1')).status).toBe(200);
  roamedId = await idOf(kim);
  expect((await kim.thief('203.0.113.9').get('/api/v1/users?limit=1')).status).toBe(401);
  kim.address = '198.51.100.11';
  expect((await kim.signIn()).status).toBe(200);
});
afterAll(() => console_.stop());
afterEach(async () => {
  await console_.page.setViewportSize({ width: 1440, height: 900 });
  expect(console_.faults.splice(0)).toEqual([]);
});

describe('the list of all sessions', () => {
  it('shows who is inside, and under another tab who was, each with the reason', async () => {
    const { page } = console_;
    await console_.open('/sessions');
    await shown('lee@example.org');
    await console_.settled();
    await console_.shots('sessions');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('tab', { name: 'Ended' }).click();
    await page.waitForURL('**/sessions?state=ended');
    const row = page.getByRole('row').filter({ hasText: 'kim@example.org' });
    // Old rows stay until the new ones are there.
    await row.getByText(/Used from another network/).waitFor();
    expect(await row.textContent()).toMatch(/198\.51\.100\.11 → 203\.0\.113\.9/);
    await console_.settled();
    await console_.shots('sessions-ended');
    expect(await console_.axe()).toEqual([]);
  });

  it('keeps what it was asked for in its address, shows it as chips, and clears it', async () => {
    const { page, press } = console_;
    await console_.open('/sessions?state=ended&reason=client-roaming');
    await shown('kim@example.org');
    expect(await page.getByLabel('Ended because').inputValue()).toBe('client-roaming');
    await page.getByLabel('Find').fill('nobody at all');
    await page.getByRole('heading', { name: 'No ended sessions match' }).waitFor();
    expect(page.url()).toContain('q=nobody+at+all');
    await console_.settled();
    await console_.shots('sessions-none-match');
    expect(await console_.axe()).toEqual([]);
    await press('Remove filter matches nobody at all');
    await shown('kim@example.org');
    await page.getByLabel('Find').fill('198.51.100.77');
    await page.waitForURL(/q=198\.51\.100\.77/);
    await shown('kim@example.org');
    await page.reload();
    await shown('kim@example.org');
    expect(await page.getByLabel('Find').inputValue()).toBe('198.51.100.77');
    await press('Remove filter Used from another network');
    await page.waitForURL((url) => !url.search.includes('reason'));
  });

  it('says that nothing ended yet, that it is loading, and that it failed, with a way on', async () => {
    const { page, press } = console_;
    await page.route(LIST, (route) => route.fulfill({ json: [] }));
    await console_.open('/sessions?state=ended');
    await page.getByRole('heading', { name: 'No ended session' }).waitFor();
    await console_.shots('sessions-empty');
    expect(await console_.axe()).toEqual([]);
    await page.unroute(LIST);

    let letGo: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route(LIST, async (route) => {
      await held;
      await route.continue();
    });
    await console_.open('/sessions');
    await page.getByRole('status').getByText('Loading sessions…').waitFor();
    expect(await console_.axe()).toEqual([]);
    letGo();
    await shown('lee@example.org');
    await page.unroute(LIST);

    await page.route(LIST, (route) => route.fulfill({ status: 500, json: { errorSummary: 'It is broken.' } }));
    await console_.open('/sessions?state=ended');
    await page.getByRole('alert').getByText('It is broken.').waitFor();
    await console_.shots('sessions-failed');
    expect(await console_.axe()).toEqual([]);
    await page.unroute(LIST);
    await press('Try again');
    await shown('kim@example.org');
  });

  it('reads further pages when asked to', async () => {
    const { page, press } = console_;
    await page.route(LIST, async (route) => {
      const url = new URL(route.request().url());
      if (!url.searchParams.has('limit')) url.searchParams.set('limit', '2');
      await route.continue({ url: url.toString() });
    });
    await console_.open('/sessions');
    await page.getByText('2 sessions, and there are more').waitFor();
    await press('Show more');
    await page.getByText('4 sessions, and there are more').waitFor();
    await page.unroute(LIST);
  });
});

describe('the story of a session', () => {
  it('shows what it is bound to, the networks as a picture and a table, and the end with both sides', async () => {
    const { page } = console_;
    await console_.open(`/sessions/${roamedId}`);
    await page.getByRole('heading', { name: 'Networks over time' }).waitFor();
    const bound = page.getByRole('table', { name: 'What the session is bound to' });
    expect(await bound.textContent()).toMatch(/AS64496 Example ISP.*changed.*to 203\.0\.113\.9/);
    const networks = page.getByRole('table', { name: 'Networks that the session was seen in' });
    expect(await networks.getByRole('row').count()).toBe(3);
    expect(await networks.textContent()).toMatch(/observed, went on.*AS64500 Example Hosting.*ended here/);
    expect(await page.locator('.sp-lanes[aria-hidden=true] .mark.ended').count()).toBe(1);
    await page.getByText('Session roaming detected for user').waitFor();
    await page.getByText('not given yet').waitFor();
    await console_.settled();
    await console_.shots('session-roamed');
    expect(await console_.axe()).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await console_.axe()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  });

  it('shows one that lives, as JSON too, and says what there is not', async () => {
    const { page, press } = console_;
    await console_.open(`/sessions/${await idOf(lee)}`);
    await page.locator('.sp-word').filter({ hasText: 'active' }).waitFor();
    await console_.settled();
    await console_.shots('session-active');
    expect(await console_.axe()).toEqual([]);
    await press('Show as JSON');
    await page.getByText('"boundTo"').waitFor();
    await page.keyboard.press('Escape');
    await console_.open('/sessions/102AAAAAAAAAAAAAAAAA');
    await page.getByRole('heading', { name: 'Couldn’t load the session' }).waitFor();
    expect(await console_.axe()).toEqual([]);
  });

  it('names every session before all of a person are ended', async () => {
    const { page, press } = console_;
    const other = lee.thief('127.0.0.1');
    other.cookie = null;
    expect((await other.signIn()).status).toBe(200);
    await console_.open(`/sessions/${await idOf(other)}`);
    await press('Revoke all of this person…');
    const dialog = page.getByRole('dialog', { name: 'Revoke all sessions of lee Example?' });
    await dialog.getByText('This ends 2 sessions').waitFor();
    await console_.shots('session-revoke-all');
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Revoke 2' }).click();
    await page.getByRole('status').getByText('All sessions of lee Example ended at once.').waitFor();
    expect((await other.get('/api/v1/users/me')).status).toBe(401);
    expect((await lee.get('/api/v1/users/me')).status).toBe(401);
    await page.getByText('Ended by an administrator').first().waitFor();
    expect((await lee.signIn()).status).toBe(200);
  });
});

describe('revoking', () => {
  it('by keyboard alone: find, walk, open, ask, revoke, and the focus is where it can go on', async () => {
    const { page } = console_;
    const key = (name: string): Promise<void> => page.keyboard.press(name);
    await console_.open('/');
    await key('g');
    await key('s');
    await page.waitForURL('**/sessions');
    await shown('lee@example.org');
    await key('/');
    await page.keyboard.type('lee');
    await page.waitForURL('**/sessions?q=lee');
    await page.getByText('1 session ·').waitFor();
    // From the input over the chip into the table.
    await page.locator('input[type=search]:focus').waitFor();
    for (let i = 0; i < 6; i += 1) {
      await key('Tab');
      if (await page.evaluate(`document.activeElement?.tagName === 'TR'`)) break;
    }
    await key('j');
    await key('k');
    await key('Enter');
    await page.getByRole('heading', { name: 'Session of lee Example', level: 1 }).waitFor();
    const focused = (): Promise<unknown> => page.evaluate(`document.activeElement?.textContent`);
    for (let i = 0; i < 12 && (await focused()) !== 'Revoke…'; i += 1) await key('Tab');
    expect(await focused()).toBe('Revoke…');
    await key('Enter');
    const dialog = page.getByRole('dialog', { name: 'Revoke the session of lee Example?' });
    await dialog.waitFor();
    await page.locator('button:focus', { hasText: 'Cancel' }).waitFor();
    await console_.shots('session-revoke');
    expect(await console_.axe()).toEqual([]);
    // What is under the pointer of nobody: the first answer is to go back.
    await key('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('button:focus', { hasText: 'Revoke…' }).waitFor();
    expect((await lee.get('/api/v1/users/me')).status).toBe(200);
    await key('Enter');
    await dialog.waitFor();
    await page.locator('button:focus', { hasText: 'Cancel' }).waitFor();
    await key('Tab');
    await key('Enter');
    await page.getByRole('status').getByText('Session of lee Example revoked. It ended at once.').waitFor();
    expect((await lee.get('/api/v1/users/me')).status).toBe(401);
    await page.getByText('Ended by an administrator').first().waitFor();
    expect(await page.locator('.sp-toast').getByRole('link', { name: 'Event' }).first().getAttribute('href')).toContain(
      'user.session.end',
    );
    expect((await lee.signIn()).status).toBe(200);
  });

  it('of one that ended meanwhile says so, and a refusal stays in the dialog with nothing lost', async () => {
    const { page, admin } = console_;
    await console_.open('/sessions?q=lee');
    const button = page.getByRole('button', { name: /^Revoke the session of lee Example/ });
    await button.click();
    const dialog = page.getByRole('dialog');
    await page.route('**/api/v1/sessions/**', (route) =>
      route.fulfill({ status: 503, json: { errorSummary: 'The database does not answer.' } }),
    );
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await dialog.getByText('The database does not answer. Nothing was changed.').waitFor();
    await page.unroute('**/api/v1/sessions/**');
    await admin.call('DELETE', `/api/v1/sessions/${await idOf(lee)}`);
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('status').getByText('The session of lee Example had ended already.').waitFor();
    expect((await lee.signIn()).status).toBe(200);
  });

  it('of one’s own session says so first, and the page stays until one signs in again', async () => {
    const { page } = console_;
    await console_.as(lee);
    await console_.open(`/sessions/${await idOf(lee)}`);
    await page.getByRole('button', { name: 'Revoke…', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke your own session?' });
    // Ending never waits for a key: no control of these pages has the mark.
    expect(await page.locator('.sp-key-mark').count()).toBe(0);
    await dialog.getByText('you will be signed out').waitFor();
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await console_.as(console_.admin);
    expect((await lee.signIn()).status).toBe(200);
  });
});

describe('one’s own sessions', () => {
  it('are a page of everybody, that the console leads to and that leads administrators back', async () => {
    const { page } = console_;
    await console_.open('/sessions');
    await page.getByRole('link', { name: 'Your sessions and keys' }).click();
    await page.waitForURL('**/me/sessions');
    await page.getByText('This session').first().waitFor();
    await console_.shots('my-sessions');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('link', { name: 'Back to the Admin Console' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const nora = await console_.person('nora@example.org', null);
    await console_.as(nora);
    await page.goto(`${console_.server.url}/me/sessions`);
    await page.getByText('This session').first().waitFor();
    expect(await page.getByRole('link', { name: 'Back to the Admin Console' }).count()).toBe(0);
    await console_.as(console_.admin);
  });
});

describe('other roles', () => {
  it('a read-only administrator finds nothing to press that would be refused', async () => {
    const { page } = console_;
    await console_.as(rita);
    await console_.open('/sessions');
    await shown('lee@example.org');
    expect(await page.getByRole('button', { name: /revoke/i }).count()).toBe(0);
    await page.getByRole('link', { name: 'lee Example' }).first().click();
    await page.getByRole('heading', { name: 'Session of lee Example' }).waitFor();
    expect(await page.getByRole('button', { name: /revoke/i }).count()).toBe(0);
    await console_.as(console_.admin);
  });

  it('whoever may not read the log reads why there is no timeline', async () => {
    const { page } = console_;
    await console_.as(lee);
    await console_.open(`/sessions/${roamedId}`);
    await page.getByText('Reading them needs the permission').waitFor();
    expect(await console_.axe()).toEqual([]);
    await console_.as(console_.admin);
  });

  it('whoever may not see sessions reads what they lack, and has no link to it', async () => {
    const { page } = console_;
    await console_.as(rex);
    await console_.open('/');
    await console_.settled();
    expect(await page.getByRole('link', { name: 'Sessions', exact: true }).count()).toBe(0);
    await page.goto(`${console_.server.url}/sessions`);
    await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
    await page.getByText('okta.sessions.read').waitFor();
    await console_.shots('sessions-forbidden');
    expect(await console_.axe()).toEqual([]);
    await console_.as(console_.admin);
  });
});
