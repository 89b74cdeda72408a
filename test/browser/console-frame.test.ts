/** The frame around every screen of the console, and every state a screen can be in, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;
let aheadMs = 0;

beforeAll(async () => {
  console_ = await openConsole({
    env: { SALLYPORT_ENVIRONMENT: 'staging' },
    clock: {
      now: () => Date.now() + aheadMs,
      advance(seconds) {
        aheadMs += seconds * 1000;
      },
    },
  });
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

describe('the frame', () => {
  it('shows where one is and who one is, without a word of refusal from the content security policy', async () => {
    await console_.open('/');
    const { page } = console_;
    expect(await page.locator('h1').textContent()).toBe('Overview');
    expect(await page.locator('.sp-environment').textContent()).toBe('staging');
    await page.getByRole('button', { name: 'You: Ana Admin' }).click();
    await page.getByText('Super Administrator').waitFor();
    await page.keyboard.press('Escape');
    await console_.shots('overview');
    expect(await console_.axe()).toEqual([]);
  });

  it('goes anywhere by keyboard: the palette, the sheet, and g with a letter', async () => {
    const { page } = console_;
    await console_.open('/gallery');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to, or do' }).fill('over');
    await console_.shots('palette');
    expect(await console_.axe()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${console_.server.url}/`);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard' });
    await sheet.waitFor();
    expect(await console_.axe()).toEqual([]);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  it('remembers a chosen theme from the first paint on', async () => {
    const { page } = console_;
    await console_.open('/');
    await page.getByRole('button', { name: /^You/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload({ waitUntil: 'commit' });
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' });
    await page.evaluate('localStorage.clear()');
  });

  it('keeps the page when the session is over, and goes on after a new sign-in', async () => {
    const { page, admin, press } = console_;
    const person = await console_.person('lee@example.org', 'SUPER_ADMIN');
    await console_.as(person);
    await console_.open('/gallery');
    expect((await admin.call('DELETE', '/api/v1/users/lee@example.org/sessions')).status).toBe(204);
    // Whatever asks the server next: here the frame itself, when the person comes back to the window.
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    await ended.waitFor();
    await ended.getByText('An administrator ended your session.').waitFor();
    await console_.shots('session-ended');
    expect(await console_.axe()).toEqual([]);
    await press('Go on');
    await page.getByRole('alert').getByText('You are not signed in yet.').waitFor();
    expect((await person.signIn()).status).toBe(200);
    await console_.as(person);
    await press('Go on');
    await ended.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Gallery of states' }).waitFor();
    await console_.as(admin);
  });

  it('says of the longest time when it ends and that it cannot be extended', async () => {
    const { page, press } = console_;
    const until = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
    await page.route('**/sallyport/v1/me', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { session: Record<string, string> };
      body.session = { ...body.session, idleEndsAt: until(900), endsAt: until(100), now: until(0) };
      await route.fulfill({ response: answer, json: body });
    });
    await console_.open('/gallery');
    const last = page.getByRole('dialog', { name: 'Your session ends soon' });
    await last.getByText(/cannot be extended/).waitFor();
    await console_.shots('session-lifetime');
    expect(await console_.axe()).toEqual([]);
    await press('I have read it');
    await last.waitFor({ state: 'detached' });
    await page.unroute('**/sallyport/v1/me');
  });

  it('asks the owner, wherever they land, whether it was them whose session the network ended', async () => {
    const { page, press } = console_;
    const person = await console_.person('kim@example.org', 'SUPER_ADMIN');
    expect((await person.thief('203.0.113.77').get('/api/v1/users?limit=1')).status).toBe(401);
    person.cookie = null;
    expect((await person.signIn()).status).toBe(200);
    await console_.as(person);
    await console_.open('/gallery');
    const banner = page.getByRole('region', { name: 'Was that you?' });
    await banner.waitFor();
    expect(await banner.textContent()).toMatch(
      /Your last session was ended .+ because its network changed from .+ \(127\.0\.0\.1\) to AS64500 Example Hosting \(203\.0\.113\.77\)\./,
    );
    await console_.shots('was-that-you');
    expect(await console_.axe()).toEqual([]);
    await press('That wasn’t me');
    const sure = page.getByRole('dialog', { name: 'That wasn’t you?' });
    await sure.getByText('All your sessions end now, this one too.').waitFor();
    await sure.getByRole('button', { name: 'Cancel' }).click();
    await sure.waitFor({ state: 'detached' });
    await press('That was me');
    await page.getByText('Your answer was recorded.').waitFor();
    await banner.waitFor({ state: 'detached' });
    await console_.as(console_.admin);
  });

  it('sends whoever is not signed in to the door and back, and somebody without a role to their own pages', async () => {
    const { page, server } = console_;
    await console_.leave();
    await page.goto(`${server.url}/gallery?from=mail`);
    expect(page.url()).toBe(`${server.url}/sign-in?next=%2Fgallery%3Ffrom%3Dmail`);
    const person = await console_.person('nobody@example.org', null);
    await console_.as(person);
    await page.goto(`${server.url}/`);
    await page.waitForURL(`${server.url}/me/sessions`);
    await console_.as(console_.admin);
  });
});

describe('the end of a session', () => {
  it('is announced two minutes before, can be put off while somebody is there, and keeps the page when it comes', async () => {
    const { page, server, press } = console_;
    const person = await console_.person('idle@example.org', 'SUPER_ADMIN');
    await console_.as(person);
    await page.clock.install();
    await console_.open('/gallery');
    await console_.settled();
    const pass = async (seconds: number): Promise<void> => {
      server.clock.advance(seconds);
      await page.clock.fastForward(seconds * 1000);
    };
    await pass(13 * 60 + 10);
    const warning = page.getByRole('dialog', { name: 'Are you still there?' });
    await warning.getByText(/signed out in 1:\d\d/).waitFor();
    await page.getByRole('status').getByText('Your session ends in 2 minutes.').waitFor({ state: 'attached' });
    await console_.shots('idle-warning');
    expect(await console_.axe()).toEqual([]);
    await press('Stay signed in');
    await warning.waitFor({ state: 'detached' });
    await pass(13 * 60 + 10);
    await warning.waitFor();
    await pass(115);
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await page.getByText('Your session was idle for too long, so it was ended.').waitFor();
    await page.getByText('Gallery of states').first().waitFor();
    await page.clock.resume();
    await console_.admin.signIn();
    await console_.as(console_.admin);
  });
});

describe('the gallery of states', () => {
  it('is clean for axe in both themes, wide, at 320 px and at 400 %', async () => {
    const { page } = console_;
    await console_.open('/gallery');
    await page.getByText('Still loading 3.1 million events…').waitFor();
    await console_.shots('gallery');
    expect(await console_.axe()).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await console_.axe()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('asks before what cannot be undone, keeps a refusal in the dialog, and gives the focus back', async () => {
    const { page, press } = console_;
    await console_.open('/gallery');
    await press('Revoke a session…');
    await page.getByRole('dialog', { name: 'Revoke Lee’s session?' }).waitFor();
    await console_.shots('dialog');
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('dialog').getByText('The database does not answer.').waitFor();
    expect(await console_.axe()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('button:focus', { hasText: 'Revoke a session…' }).waitFor();
    await press('Revoke all of them…');
    const confirm = page.getByRole('button', { name: 'Revoke', exact: true });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel('Type revoke 14 to confirm').fill('revoke 14');
    await confirm.click();
    await page.getByRole('status').getByText('Done').waitFor();
  });
});
