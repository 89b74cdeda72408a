/** The whole story of `sallyport login`, in a real browser with a real key. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSetupCode } from '../../packages/server/src/setup/setup-code.ts';
import { openBrowser, type TestBrowser } from '../harness/browser.ts';
import { type CliOrg, PAGE, startCliOrg } from '../harness/cli-org.ts';
import { type RunningCli, startCli } from '../harness/cli-process.ts';

let org: CliOrg;
let browser: TestBrowser;

beforeAll(async () => {
  org = await startCliOrg();
  browser = await openBrowser();
  await browser.plugInKey();
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
});
afterAll(async () => {
  await browser.close();
  await org.stop();
});

/** What the terminal shows: the page to open, and the letters to compare. */
const shown = async (cli: RunningCli): Promise<{ page: string; letters: string }> => {
  const said = await cli.said(PAGE);
  return { page: said[1] ?? '', letters: /code ([A-Z]{4}-[A-Z]{4})\./.exec(said[0])?.[1] ?? '' };
};

describe('sallyport login', () => {
  it('asks who is not signed in for their key first, and then shows what the terminal shows', async () => {
    const { page, press, shoot } = browser;
    const cli = startCli(['login', '--no-browser'], org.env);
    const terminal = await shown(cli);
    await page.goto(terminal.page);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.getByLabel('Your login').fill(org.ana.login);
    await press('Continue');
    await page.getByRole('heading', { name: 'Allow the command line?' }).waitFor();
    expect(await page.locator('#letters').textContent()).toContain(terminal.letters);
    for (const text of [org.ana.login, 'AS64496 Example ISP', new URL(terminal.page).searchParams.get('redirect_uri')])
      expect(await page.locator('main').textContent()).toContain(text?.replace(/^http:\/\/|\/callback$/g, ''));
    // Enter, pressed once too often, allows nothing.
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement?.id')).not.toBe('allow');
    await shoot('cli-ask');
    await press('Refuse');
    await page.getByRole('heading', { name: 'You refused' }).waitFor();
    const { exitCode, stderr } = await cli.result;
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('refused in the browser')]);
    expect(browser.faults).toEqual([]);
  });

  it('is signed in when Allow is pressed; the code stays in no address bar', async () => {
    const { page, press, shoot } = browser;
    const cli = startCli(['login', '--no-browser', '--json'], org.env);
    await page.goto((await shown(cli)).page);
    await press('Allow');
    await page.getByRole('heading', { name: 'The command line is signed in' }).waitFor();
    expect(page.url()).toBe(`${org.proxy.origin}/cli/done?outcome=signed-in`);
    await shoot('cli-done');
    const { exitCode, stdout } = await cli.result;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ login: org.ana.login, hasConsole: true });
    const whoami = await org.run(['whoami', '--json']);
    expect(JSON.parse(whoami.stdout)).toMatchObject({ login: org.ana.login, credential: 'command-line' });
    expect(browser.faults).toEqual([]);
  });

  it('stands among one’s sessions, and ends when the browser signs out', async () => {
    const { page, press, shoot } = browser;
    await page.goto(`${org.proxy.origin}/me/sessions`);
    await page.getByRole('heading', { name: 'Command line on Linux' }).waitFor();
    await shoot('cli-sessions');
    expect((await org.run(['log', 'query', '--limit', '1'])).exitCode).toBe(0);
    await press('Sign out');
    await page.waitForURL(`${org.proxy.origin}/ended?reason=signed-out`);
    expect((await org.run(['log', 'query', '--limit', '1'])).exitCode).toBe(4);
    expect(browser.faults).toEqual([]);
  });

  it('shows no button for an address that somebody else made', async () => {
    const { page } = browser;
    const made = `/cli?${new URLSearchParams({
      redirect_uri: 'https://evil.example/callback',
      state: `BCDFGHJK${'x'.repeat(22)}`,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }).toString()}`;
    await page.goto(org.proxy.origin + made);
    await page.getByLabel('Your login').fill(org.ana.login);
    await browser.press('Continue');
    await page.getByRole('heading', { name: 'This is not a request of the command line' }).waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
  });
});
