/** The first door from end to end: the whole server, a proxy in front of it, and a real browser with real WebAuthn. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSetupCode } from '../../packages/server/src/setup/setup-code.ts';
import { type BrowserKey, openBrowser, type TestBrowser } from '../harness/browser.ts';
import { send } from '../harness/person.ts';
import { type RoamingProxy, startRoamingProxy } from '../harness/roaming-proxy.ts';
import { freePort, startTestServer, type TestServer } from '../harness/test-server.ts';

const LOGIN = 'ana@example.org';
const HOME = '198.51.100.10';
const ELSEWHERE = '203.0.113.77';

let server: TestServer;
let serverPort: number;
let proxy: RoamingProxy;
let browser: TestBrowser;
let firstKey: BrowserKey;
let secondKey: BrowserKey;

beforeAll(async () => {
  const proxyPort = await freePort();
  serverPort = await freePort();
  proxy = await startRoamingProxy(proxyPort, serverPort, HOME);
  server = await startTestServer({
    env: { SALLYPORT_PORT: String(serverPort), SALLYPORT_PUBLIC_URL: proxy.origin },
    // The browser has a clock of its own, and the pages compare with it.
    clock: { now: () => Date.now(), advance() {} },
  });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await proxy.stop();
  await server.stop();
});
afterEach(() => {
  expect(browser.faults).toEqual([]);
});

const open = async (path: string): Promise<void> => {
  await browser.page.goto(proxy.origin + path);
};

const enrolmentCode = (): Promise<string> =>
  server.services.store.transaction(async (tx) => {
    const owner = await tx.selectFrom('users').select('id').where('login', '=', LOGIN).executeTakeFirstOrThrow();
    return createSetupCode(server.services, tx, 'enrol', owner.id);
  });

/** Signs in on the page that is shown, and waits until the page of one’s own sessions shows this one. */
const signIn = async (): Promise<void> => {
  const { page, press } = browser;
  // From here on the page hears of its session’s end by itself.
  const stream = page.waitForResponse('**/sallyport/v1/me/events');
  await page.getByLabel('Your login').fill(LOGIN);
  await press('Continue');
  await page.waitForURL((url) => url.pathname !== '/sign-in' && url.pathname !== '/ended');
  // An administrator lands in the console.
  if (new URL(page.url()).pathname === '/') await page.goto(`${proxy.origin}/me/sessions`);
  expect((await stream).status()).toBe(200);
  await page.getByText('This session', { exact: true }).waitFor();
};

const currentCard = () =>
  browser.page.getByRole('listitem').filter({ has: browser.page.getByText('This session', { exact: true }) });
const banner = () => browser.page.getByRole('region', { name: 'Was that you?' });

const getJson = async (path: string): Promise<unknown> => {
  const reply = await browser.page.request.get(proxy.origin + path);
  expect(reply.status(), await reply.text()).toBe(200);
  return reply.json();
};

describe('the first door', () => {
  it('is claimed with the code of the host and two keys', async () => {
    const { page, press, shoot } = browser;
    firstKey = await browser.plugInKey();
    await open(`/setup#code=${await server.claimCode()}`);
    await page.getByLabel('Organisation').fill('Example Industries');
    await page.getByLabel('First name').fill('Ana');
    await page.getByLabel('Last name').fill('Admin');
    await page.getByLabel(/Login/).fill(LOGIN);
    await shoot('1-claim');
    await press('Claim this server');
    await page.getByText(`${HOME}, AS64496 Example ISP`).waitFor();
    await shoot('1-first-key');
    await press('Register your first key');
    await page.getByRole('heading', { name: 'Register a second key' }).waitFor();
    await shoot('1-second-key');
    await firstKey.touch(false);
    secondKey = await browser.plugInKey();
    await press('Register a second key');
    // The first run goes on in the console, once signed in.
    await page.waitForURL(`${proxy.origin}/sign-in?next=%2Fsetup%2Fcontinue`);
    await shoot('1-claimed');
  });

  it('refuses a synced passkey and says why', async () => {
    const { page, press, shoot } = browser;
    await secondKey.touch(false);
    const synced = await browser.plugInKey('synced');
    await open(`/setup#code=${await enrolmentCode()}`);
    await press('Register another key');
    const refusal = page.getByRole('alert').filter({ visible: true });
    await refusal.waitFor();
    expect(await refusal.textContent()).toMatch(/^This key was not accepted\..*synced.*stays on a device/);
    await shoot('2-synced');
    await synced.unplug();
  });

  it('lets in who holds a key, and shows the session', async () => {
    await firstKey.touch(true);
    await open('/sign-in');
    await signIn();
    const card = await currentCard().textContent();
    expect(card).toContain(HOME);
    expect(card).toContain('AS64496 Example ISP');
    expect(await banner().isVisible()).toBe(false);
    await browser.page.getByText('Security key 2').waitFor();
    await browser.shoot('3-sessions');
  });

  it('puts out who comes back from another network, for good', async () => {
    // Asleep: no page holds the stream open that would speak first.
    await browser.page.goto('about:blank');
    proxy.address = ELSEWHERE;
    await open('/me/sessions');
    expect(new URL(browser.page.url()).pathname).toBe('/sign-in');
    await browser.shoot('4-roamed');
    proxy.address = HOME;
    await open('/me/sessions');
    expect(new URL(browser.page.url()).pathname).toBe('/sign-in');
  });

  it('tells the owner both networks at the next sign-in, and takes the answer', async () => {
    const { page, press, shoot } = browser;
    await secondKey.touch(true);
    await firstKey.touch(false);
    await signIn();
    await banner().waitFor();
    const text = await banner().textContent();
    expect(text).toContain(
      `its network changed from AS64496 Example ISP (${HOME}) to AS64500 Example Hosting (${ELSEWHERE})`,
    );
    await shoot('5-banner');
    await press('That was me');
    await page.getByText('Your answer was recorded').waitFor();
    expect(await banner().isVisible()).toBe(false);
    await page.reload();
    await currentCard().waitFor();
    expect(await banner().isVisible()).toBe(false);
    await shoot('5-answered');
  });

  it('keeps one event of it, and can say why', async () => {
    const filter = encodeURIComponent('eventType eq "security.session.detect_client_roaming"');
    const events = (await getJson(`/api/v1/logs?filter=${filter}`)) as { uuid: string; outcome: unknown }[];
    expect(events.map(({ outcome }) => outcome)).toEqual([{ result: 'DENY', reason: 'ASN_MISMATCH' }]);
    const why = (await getJson(`/sallyport/v1/logs/${events[0]?.uuid ?? ''}/why`)) as {
      agrees: boolean;
      sentences: string[];
    };
    expect(why.agrees).toBe(true);
    expect(why.sentences).toContain('The network (ASN) differs from the one the session began in.');
  });

  it('leaves an open page by itself when a copy of its cookie is used elsewhere', async () => {
    const { context, page, shoot } = browser;
    const stream = page.waitForResponse('**/sallyport/v1/me/events');
    await open('/me/sessions');
    expect((await stream).status()).toBe(200);
    const stolen = (await context.cookies()).find(({ name }) => name === 'sid');
    const replayed = await send(`http://127.0.0.1:${serverPort}`, 'GET', '/api/v1/users?limit=1', {
      Host: new URL(proxy.origin).host,
      'X-Forwarded-For': ELSEWHERE,
      Cookie: `sid=${stolen?.value ?? ''}`,
    });
    expect([replayed.status, replayed.body['errorCode']]).toEqual([401, 'E0000011']);
    // Well within the minute after which the page would ask again.
    await page.waitForURL(`${proxy.origin}/ended?reason=client-roaming`, { timeout: 5_000 });
    await page.getByText('Your session was used from another network or address, so it was ended.').waitFor();
    await shoot('7-ended');
  });
});
