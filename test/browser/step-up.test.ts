/** A protected action from the command line, confirmed in a real browser with a real key, by keyboard alone. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSetupCode } from '../../packages/server/src/setup/setup-code.ts';
import { type BrowserKey, openBrowser, type TestBrowser } from '../harness/browser.ts';
import { type CliOrg, STEP_UP, startCliOrg } from '../harness/cli-org.ts';
import { type RunningCli, startCli } from '../harness/cli-process.ts';
import { enrolPerson } from '../harness/enrol-person.ts';

let org: CliOrg;
let browser: TestBrowser;
let key: BrowserKey;

beforeAll(async () => {
  org = await startCliOrg();
  browser = await openBrowser();
  key = await browser.plugInKey();
  const { services } = org.server;
  const code = await services.store.transaction(async (tx) => {
    const owner = await tx
      .selectFrom('users')
      .select('id')
      .where('login', '=', org.ana.login)
      .executeTakeFirstOrThrow();
    return createSetupCode(services, tx, 'enrol', owner.id);
  });
  await browser.page.goto(`${org.proxy.origin}/setup#code=${code}`);
  await browser.press('Register another key');
  await browser.page.waitForURL(`${org.proxy.origin}/sign-in`);
  expect((await org.login()).exitCode).toBe(0);
});
afterAll(async () => {
  await browser.close();
  await org.stop();
});
beforeEach(() => key.touch(true));

let minutes = 15;
const asks = async (): Promise<{ cli: RunningCli; url: string; code: string }> => {
  minutes += 1;
  const words = ['settings', 'set', '--console-idle', String(minutes), '--yes', '--no-browser'];
  const cli = startCli(words, org.env);
  const [, url = '', , code = ''] = await cli.said(STEP_UP);
  return { cli, url, code };
};
const idle = async (): Promise<unknown> =>
  (await org.ana.get('/api/v1/first-party-app-settings/admin-console')).body['sessionIdleTimeoutMinutes'];
const heading = (name: string) => browser.page.getByRole('heading', { name, exact: true });

describe('the page that a command line opens', () => {
  it('asks who is not signed in for their key first, and confirms by keyboard alone', async () => {
    const { page, press, shoot } = browser;
    const { cli, url, code } = await asks();
    await page.goto(url);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.getByLabel('Your login').fill(org.ana.login);
    await press('Continue');
    await heading('Change the lifetimes of admin sessions?').waitFor();
    const shown = await page.getByRole('main').innerText();
    for (const part of [
      'It changes what guards everybody.',
      'Command line on Linux',
      'AS64496 Example ISP (198.51.100.10)',
      org.ana.login,
      'PUT /api/v1/first-party-app-settings/admin-console',
      `"sessionIdleTimeoutMinutes": ${minutes}`,
    ])
      expect(shown).toContain(part);
    // The code stands in the terminal alone.
    expect(await page.content()).not.toContain(code);
    await shoot('step-up-ask');
    expect(await page.evaluate('document.activeElement?.id')).toBe('code');
    await page.keyboard.type(code.toLowerCase().replace('-', ''));
    await page.keyboard.press('Enter');
    await heading('Confirmed').waitFor();
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Confirmed');
    await shoot('step-up-done');
    expect(await cli.result).toMatchObject({ exitCode: 0, stdout: 'Changed.\n' });
    expect(await idle()).toBe(minutes);
    // The link has done its work, and says so.
    await page.goto(url);
    await heading('This is confirmed already').waitFor();
    expect(browser.faults).toEqual([]);
  });

  it('says what is wrong with a code, touches no key for half of one, and is closed after five', async () => {
    const { page, press } = browser;
    const { cli, url, code } = await asks();
    await page.goto(url);
    const alert = page.getByRole('alert');
    await page.getByLabel('Code in your terminal').fill('ABC');
    await press('Confirm with your key');
    await alert.getByText('Type the eight letters and digits that your terminal shows.').waitFor();
    for (const left of ['4 tries are', '3 tries are', '2 tries are', 'One try is']) {
      await page.getByLabel('Code in your terminal').fill(code.startsWith('B') ? 'CCCC-CCCC' : 'BBBB-BBBB');
      await press('Confirm with your key');
      await alert.getByText(`${left} left.`).waitFor();
    }
    await press('Confirm with your key');
    await heading('It can’t be confirmed any more').waitFor();
    expect((await cli.result).exitCode).toBe(3);
    expect(await idle()).toBe(minutes - 1);
    // Other sessions are not held back by it.
    expect((await org.login()).exitCode).toBe(0);
    expect(browser.faults).toEqual([]);
  });

  it('leaves all as it was when the person refuses, or no key answers', async () => {
    const { page, press } = browser;
    const { cli, url, code } = await asks();
    await page.goto(url);
    await key.touch(false);
    await page.getByLabel('Code in your terminal').fill(code);
    await press('Confirm with your key');
    await page.getByText('Touch your key, or follow your browser…').waitFor();
    await page.goto(url);
    await press('Refuse');
    await heading('You refused').waitFor();
    const { exitCode, stderr } = await cli.result;
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('nothing was changed')]);
    expect(browser.faults).toEqual([]);
  });

  it('keeps the code that was typed when the browser was signed out meanwhile', async () => {
    const { page, press, context } = browser;
    // Its command line is Ana’s other browser’s, and lives on.
    const { cli, url, code } = await asks();
    await page.goto(url);
    await page.getByLabel('Code in your terminal').fill(code);
    await context.clearCookies();
    await press('Confirm with your key');
    await page.getByLabel('Your login').fill(org.ana.login);
    await press('Continue');
    await heading('Change the lifetimes of admin sessions?').waitFor();
    await expect.poll(() => page.getByLabel('Code in your terminal').inputValue()).toBe(code);
    await press('Confirm with your key');
    await heading('Confirmed').waitFor();
    expect((await cli.result).exitCode).toBe(0);
    expect(browser.faults).toEqual([]);
  });

  it('resets the authenticators of an administrator, whom it names, by keyboard alone', async () => {
    const { page, shoot } = browser;
    const kai = await enrolPerson({ ...org.server, url: org.proxy.origin }, org.ana, 'kai@example.org', 'SUPER_ADMIN');
    const id = String((await kai.get('/api/v1/users/me')).body['id']);
    const path = `/api/v1/users/${id}/lifecycle/reset_factors`;
    const cli = startCli(['api', 'POST', path, '--no-browser'], org.env);
    const [, url = '', , code = ''] = await cli.said(STEP_UP);
    await page.goto(url);
    if (new URL(page.url()).pathname === '/sign-in') {
      await page.getByLabel('Your login').fill(org.ana.login);
      await browser.press('Continue');
    }
    await heading('Reset authenticators of administrator kai Example?').waitFor();
    const shown = await page.getByRole('main').innerText();
    for (const part of ['Whoever does it can take over the account', `kai Example (${id})`, `POST ${path}`])
      expect(shown).toContain(part);
    await shoot('step-up-reset');
    expect(await page.evaluate('document.activeElement?.id')).toBe('code');
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await heading('Confirmed').waitFor();
    expect((await cli.result).exitCode).toBe(0);
    expect((await kai.get('/api/v1/users/me')).status).toBe(401);
    expect((await org.ana.get(`/api/v1/users/${id}/factors`)).body).toEqual([]);
    expect(browser.faults).toEqual([]);
  });
});
