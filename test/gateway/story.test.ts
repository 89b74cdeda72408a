/** One person, a real browser and a real nginx: to a deep link of an app by way of the sign-in page, and out again. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeToken } from '../client/okta-client.ts';
import { openBrowser, type TestBrowser } from '../harness/browser.ts';
import { type Snippet, startNginx, type TestNginx } from '../harness/nginx.ts';
import { send } from '../harness/person.ts';
import { type SampleApp, startSampleApp } from '../harness/sample-app.ts';
import { freePort, startTestServer, type TestServer } from '../harness/test-server.ts';

const LOGIN = 'ana@example.org';

let server: TestServer;
let nginx: TestNginx | undefined;
let app: SampleApp;
let browser: TestBrowser;
let origin: string;
let appId: string;

/** The operator's own script prepares the app, with a token that may. */
const call = async (method: string, path: string, data?: unknown): Promise<Record<string, unknown>> => {
  const token = await makeToken(server);
  const reply = await send(server.url, method, path, { Authorization: `SSWS ${token}` }, data);
  expect(reply.status, `${method} ${path}: ${reply.text}`).toBe(200);
  return reply.body;
};

const signIn = async (): Promise<void> => {
  const { page, press } = browser;
  await page.getByLabel('Your login').fill(LOGIN);
  await press('Continue');
};

beforeAll(async () => {
  // The browser has a clock of its own, and the pages compare with it.
  server = await startTestServer({ clock: { now: () => Date.now(), advance() {} } });
  app = await startSampleApp();
  browser = await openBrowser();
  const { page, press } = browser;
  const first = await browser.plugInKey();
  await page.goto(`${server.url}/setup#code=${await server.claimCode()}`);
  await page.getByLabel('Organisation').fill('Example Industries');
  await page.getByLabel('First name').fill('Ana');
  await page.getByLabel('Last name').fill('Admin');
  await page.getByLabel(/Login/).fill(LOGIN);
  await press('Claim this server');
  await press('Register your first key');
  await page.getByRole('heading', { name: 'Register a second key' }).waitFor();
  await first.touch(false);
  await browser.plugInKey();
  await press('Register a second key');
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await signIn();
  await page.waitForURL((url) => url.origin === server.url && url.pathname !== '/sign-in');

  const port = await freePort();
  origin = `http://grafana.localhost:${port}`;
  const created = await call('POST', '/api/v1/apps', {
    name: 'sallyport_gateway',
    label: 'Grafana',
    settings: { app: { externalUrl: origin } },
  });
  appId = created['id'] as string;
  const path = `/sallyport/v1/apps/${appId}/gateway-snippet?upstream=127.0.0.1:${app.port}`;
  nginx = await startNginx(port, [(await call('GET', path)) as unknown as Snippet]);
  await browser.page.request.fetch(`${server.url}/api/v1/sessions/me`, { method: 'DELETE' });
});
afterAll(async () => {
  await browser.close();
  await nginx?.stop();
  await app.stop();
  await server.stop();
});
afterEach(() => {
  expect(browser.faults).toEqual([]);
});

describe('an app behind nginx', () => {
  it('is reached at its deep link, after the key was touched', async () => {
    const { page } = browser;
    await page.goto(`${origin}/page/deep?x=1`);
    expect(new URL(page.url()).origin).toBe(server.url);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(app.requests).toBe(0);
    await signIn();
    await page.waitForURL(`${origin}/page/deep?x=1`);
    await page.getByRole('heading', { name: 'Sample admin app' }).waitFor();
  });

  it('holds a session that scripts of the app cannot read, beside a sign-in that is not sent there', async () => {
    const { page, context } = browser;
    expect(await page.evaluate('document.cookie')).toBe('');
    const names = (await context.cookies(origin)).map(({ name }) => name);
    expect(names).toContain('sallyport');
    expect(names).not.toContain('sid');
    const seen = await page.evaluate(async () => {
      const reply = await fetch('/api/me');
      return (await reply.json()) as { headers: Record<string, string> };
    });
    expect(seen.headers['sallyport-login']).toBe(LOGIN);
    // The nonce of the hand-off may be there for ten minutes; the session is not.
    expect(seen.headers['cookie'] ?? '').toMatch(/^(?:sallyport-nonce=[\w-]{43};? ?)?$/);
  });

  it('opens in another tab without a word, while the sign-in is fresh', async () => {
    const { context } = browser;
    await context.clearCookies({ name: 'sallyport' });
    const tab = await context.newPage();
    await tab.goto(`${origin}/page/second`);
    expect(tab.url()).toBe(`${origin}/page/second`);
    await tab.close();
  });

  it('is shut at the next request once the sign-in has ended, and leads back', async () => {
    const { page } = browser;
    await page.goto(`${origin}/page/a`);
    await browser.page.request.fetch(`${server.url}/api/v1/sessions/me`, { method: 'DELETE' });
    const status = await page.evaluate(async () => (await fetch('/api/me')).status);
    expect(status).toBe(401);
    await page.goto(`${origin}/page/b`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await signIn();
    await page.waitForURL(`${origin}/page/b`);
  });

  it('says why somebody may not go in', async () => {
    const { page, shoot } = browser;
    await call('POST', `/api/v1/apps/${appId}/lifecycle/deactivate`);
    await page.goto(`${origin}/page/c`);
    await page.getByRole('heading', { name: 'You can’t open Grafana' }).waitFor();
    expect(new URL(page.url()).origin).toBe(server.url);
    await page.getByText('The app is switched off.').waitFor();
    await page.getByText(LOGIN).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 800 });
        await shoot(`denied-${colorScheme}-${width}`);
      }
    }
    await call('POST', `/api/v1/apps/${appId}/lifecycle/activate`);
    await page.getByRole('link', { name: 'Try again' }).click();
    await page.waitForURL(`${origin}/`);
  });

  it('is left by its own sign-out, which ends the sign-in too', async () => {
    const { page } = browser;
    await page.goto(`${origin}/.sallyport/sign-out`);
    expect(page.url()).toBe(`${server.url}/ended?reason=signed-out`);
    await page.goto(`${origin}/page/d`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });
});
