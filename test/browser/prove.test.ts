/** Prove and continue in a real browser: its own address changes and nobody notices; a copy of its cookie gets nowhere. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { putSessionBinding } from '../../packages/server/src/session-binding/put-session-binding.ts';
import { openBrowser, type TestBrowser } from '../harness/browser.ts';
import { askedOf } from '../harness/page-key.ts';
import { type Reply, send } from '../harness/person.ts';
import { type RoamingProxy, startRoamingProxy } from '../harness/roaming-proxy.ts';
import { freePort, startTestServer, type TestServer } from '../harness/test-server.ts';

const LOGIN = 'ana@example.org';
const HOME = '198.51.100.10';
const MOVED = '198.51.100.77';
const MOVED_AGAIN = '192.0.2.44';
const THIEF = '198.51.100.201';

let server: TestServer;
let serverPort: number;
let proxy: RoamingProxy;
let browser: TestBrowser;
/** What the test adds to the time of the computer. */
let aheadMs = 0;

beforeAll(async () => {
  const proxyPort = await freePort();
  serverPort = await freePort();
  proxy = await startRoamingProxy(proxyPort, serverPort, HOME);
  server = await startTestServer({
    env: { SALLYPORT_PORT: String(serverPort), SALLYPORT_PUBLIC_URL: proxy.origin },
    clock: {
      now: () => Date.now() + aheadMs,
      advance(seconds) {
        aheadMs += seconds * 1000;
      },
    },
  });
  browser = await openBrowser();
  await browser.plugInKey();
  const { page, press } = browser;
  await page.goto(`${proxy.origin}/setup#code=${await server.claimCode()}`);
  await page.getByLabel('Organisation').fill('Example Industries');
  await page.getByLabel('First name').fill('Ana');
  await page.getByLabel('Last name').fill('Admin');
  await page.getByLabel(/Login/).fill(LOGIN);
  await press('Claim this server');
  await press('Register your first key');
  await press(/^Skip, I accept/);
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await signIn();
  // As its operator does it on the host: what is tested here is what follows.
  const { services } = server;
  await putSessionBinding(services, hostPrincipal(services.random), { asnBinding: 'ENFORCED', ipBinding: 'PROVE' });
});
afterAll(async () => {
  await browser.close();
  await proxy.stop();
  await server.stop();
});
afterEach(() => {
  expect(browser.faults).toEqual([]);
});

const signIn = async (): Promise<void> => {
  const { page, press } = browser;
  await page.goto(`${proxy.origin}/sign-in?next=/me/sessions`);
  const stream = page.waitForResponse('**/sallyport/v1/me/events');
  await page.getByLabel('Your login').fill(LOGIN);
  await press('Continue');
  await page.waitForURL(`${proxy.origin}/me/sessions`);
  await stream;
  await page.getByText('This session', { exact: true }).waitFor();
};

const rowOfCurrent = () =>
  server.services.store.read
    .selectFrom('sessions')
    .selectAll()
    .where('parentId', 'is', null)
    .orderBy('createdAt', 'desc')
    .executeTakeFirstOrThrow();

/** A copy of the cookie in another's hands, past the browser. */
const replay = async (address: string): Promise<Reply> => {
  const stolen = (await browser.context.cookies()).find(({ name }) => name === 'sid');
  return send(`http://127.0.0.1:${serverPort}`, 'GET', '/api/v1/users?limit=1', {
    Host: new URL(proxy.origin).host,
    'X-Forwarded-For': address,
    Cookie: `sid=${stolen?.value ?? ''}`,
  });
};

describe('prove and continue', () => {
  it('the sign-in page registers a key that nobody can take out of the browser', async () => {
    expect((await rowOfCurrent()).boundKey).toMatch(/^[\w-]{100,}$/);
    const kept = (await browser.page.evaluate(`new Promise((resolve, reject) => {
      const opening = indexedDB.open('sallyport-session', 1);
      opening.onerror = reject;
      opening.onsuccess = () => {
        const getting = opening.result.transaction('keys').objectStore('keys').getAll();
        getting.onsuccess = async () => resolve({
          records: getting.result.map(({ sessionId, privateKey }) => [sessionId, privateKey.type, privateKey.extractable]),
          exported: await crypto.subtle.exportKey('pkcs8', getting.result[0].privateKey).catch((error) => error.name),
        });
      };
    })`)) as { records: unknown; exported: unknown };
    expect(kept).toEqual({
      records: [[(await rowOfCurrent()).id, 'private', false]],
      exported: 'InvalidAccessError',
    });
  });

  it('goes on silently when the address of the browser changes under an open page', async () => {
    const { page } = browser;
    const seen: string[] = [];
    page.on('framenavigated', (frame) => seen.push(frame.url()));
    proxy.address = MOVED;
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.waitForResponse((response) => response.url().endsWith('/current/proof') && response.status() === 200);
    await page.getByText('This session', { exact: true }).waitFor();
    expect((await rowOfCurrent()).provedAddress).toBe(MOVED);
    expect(seen).toEqual([]);
    expect(await page.getByRole('alert').filter({ visible: true, hasText: /\S/ }).count()).toBe(0);
  });

  it('goes on when it changes while another page is asked for', async () => {
    const { page, shoot } = browser;
    proxy.address = MOVED_AGAIN;
    const statuses: number[] = [];
    page.on('response', (response) => {
      if (response.request().isNavigationRequest()) statuses.push(response.status());
    });
    await page.goto(`${proxy.origin}/me/sessions`);
    await shoot('prove-page');
    await page.getByText('This session', { exact: true }).waitFor();
    expect(statuses).toEqual([401, 200]);
    const row = await rowOfCurrent();
    expect([row.provedAddress, row.endedAt]).toEqual([MOVED_AGAIN, null]);
    expect(JSON.parse(row.baseline)).toMatchObject({ v4: HOME });
  });

  it('goes on in the Admin Console, whose requests, all at once, are proved by one answer', async () => {
    const { page } = browser;
    const answers: number[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('/current/proof')) answers.push(response.status());
    });
    await page.goto(`${proxy.origin}/`);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    proxy.address = MOVED;
    const proved = page.waitForResponse('**/current/proof');
    // Whoever comes back to the window: everything is asked for again.
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);
    expect((await proved).status()).toBe(200);
    await page.waitForResponse((response) => response.url().includes('/sallyport/v1/me') && response.ok());
    expect(answers).toEqual([200]);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect((await rowOfCurrent()).provedAddress).toBe(MOVED);
    const stream = page.waitForResponse('**/sallyport/v1/me/events');
    await page.goto(`${proxy.origin}/me/sessions`);
    await stream;
    await page.getByText('This session', { exact: true }).waitFor();
  });

  it('refuses a copied cookie from the same network, ends the session for the attempt, and tells the owner', async () => {
    const { page, shoot } = browser;
    const stolen = await replay(THIEF);
    expect([stolen.status, askedOf(stolen)?.kind]).toEqual([401, 'proof_of_session_required']);
    expect((await replay(THIEF)).status).toBe(401);
    server.clock.advance(30);
    // Nobody asks anything: the open page hears of it by its stream.
    await page.waitForURL(`${proxy.origin}/ended?reason=client-roaming`, { timeout: 10_000 });
    expect((await replay(THIEF)).status).toBe(401);
    for (const address of [MOVED, HOME]) expect((await replay(address)).status).toBe(401);
    proxy.address = HOME;
    await signIn();
    const banner = page.getByRole('region', { name: 'Was that you?' });
    await banner.waitFor();
    expect(await banner.textContent()).toContain(
      `its address changed from AS64496 Example ISP (${HOME}) to AS64496 Example ISP (${THIEF})`,
    );
    await shoot('prove-banner');
  });

  it('sends to sign-in who has the cookie and no key', async () => {
    const { page } = browser;
    await page.evaluate(`new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase('sallyport-session');
      deleting.onsuccess = resolve;
      deleting.onerror = reject;
    })`);
    proxy.address = MOVED;
    await page.goto(`${proxy.origin}/me/sessions`);
    await page.waitForURL(`${proxy.origin}/sign-in?next=%2Fme%2Fsessions`);
    server.clock.advance(30);
    proxy.address = HOME;
    await page.goto(`${proxy.origin}/me/sessions`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });
});
