import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { axeViolations } from '@sallyport/testkit/axe';
import { CHROMIUM } from '@sallyport/testkit/chromium';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadAssets } from '../assets.ts';
import { renderClaimPage } from './claim.ts';
import { renderBadCliPage, renderCliDonePage, renderCliPage } from './cli.ts';
import { renderDeniedPage } from './denied.ts';
import { renderEndedPage } from './ended.ts';
import { renderNotFoundPage } from './not-found.ts';
import { renderProvePage } from './prove.ts';
import { renderSessionsPage } from './sessions.ts';
import { renderSignInPage } from './sign-in.ts';
import { renderStepUpEndPage, renderStepUpPage, type StepUpRequest } from './step-up.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const NONCE = 'bm9uY2U=';
/** As the server sends it. */
const POLICY = [
  "default-src 'none'",
  `script-src 'nonce-${NONCE}' 'strict-dynamic'`,
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');
const input = { nonce: NONCE, org: { name: 'Example Industries', help: null } };
const CLI_REQUEST = {
  login: 'dana.with-a-rather-long-name@example.com',
  letters: 'WDJB-MJHT',
  address: '2001:db8:1:ffff:ffff:ffff:ffff:ffff',
  network: 'AS64496 Example ISP of some Length',
  returnsTo: '127.0.0.1:43117',
  endsAt: '2026-11-25 23:59 UTC',
  idleMinutes: 15,
  hasConsole: true,
};
const STEP_UP: StepUpRequest = {
  words: 'Reset authenticators of administrator Wilhelmina Featherstonehaugh-Cholmondeley',
  why: 'Whoever does it can take over the account of an administrator.',
  login: CLI_REQUEST.login,
  askedBy: 'Command line on Linux',
  askedFrom: `${CLI_REQUEST.network} (${CLI_REQUEST.address})`,
  target: 'Wilhelmina Featherstonehaugh-Cholmondeley (00uAbCdEfGhIjKlMnOpQ)',
  endsAt: '23:59:00 UTC',
  written: `POST /api/v1/users/00uAbCdEfGhIjKlMnOpQ/lifecycle/reset_factors?sendEmail=false\n\n${JSON.stringify({ reason: 'x'.repeat(120), list: Array.from({ length: 20 }, (_, i) => i) }, null, 2)}`,
  challenge: {
    challenge: 'AAAA',
    rpId: 'localhost',
    userVerification: 'required',
    allowCredentials: [{ type: 'public-key', id: 'AAAA' }],
    proofUrl: '/sallyport/v1/proofs/apf1',
    secondsLeft: 300,
  },
};
const PAGES: Readonly<Record<string, (url: URL) => string>> = {
  '/setup': () => renderClaimPage(input),
  '/sign-in': () => renderSignInPage(input),
  '/ended': (url) => renderEndedPage({ ...input, reason: url.searchParams.get('reason') ?? '' }),
  '/me/sessions': () => renderSessionsPage(input),
  '/not-found': () => renderNotFoundPage({ ...input, homeUrl: '/' }),
  '/denied': () =>
    renderDeniedPage({
      ...input,
      title: 'You can’t open the Admin Console from here',
      login: 'dana@example.com',
      reason: 'The rule asks for stronger authenticators.',
      reference: '30bfc600-9c0e-4480-bf25-d19eec0e5d25',
      homeUrl: '/me/sessions',
      retryUrl: '/sign-in',
    }),
  '/moved': () =>
    renderProvePage({
      ...input,
      asked: {
        kind: 'proof_of_session_required',
        challenge: 'c',
        address: '198.51.100.99',
        proofUrl: '/sallyport/v1/me/sessions/current/proof',
      },
    }),
  '/cli': () => renderCliPage({ ...input, request: CLI_REQUEST }),
  '/step-up/apf1': () => renderStepUpPage({ ...input, request: STEP_UP }),
  '/step-up/late': () =>
    renderStepUpPage({
      ...input,
      request: { ...STEP_UP, challenge: { ...(STEP_UP.challenge as object), secondsLeft: 1 } },
    }),
  '/step-up/elsewhere': () => renderStepUpEndPage({ ...input, end: 'other-network', login: CLI_REQUEST.login }),
  '/cli/bad': () => renderBadCliPage(input),
  '/cli/done': (url) => renderCliDonePage({ ...input, outcome: url.searchParams.get('outcome') ?? '' }),
};

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}
type Answers = Record<string, (body: Record<string, unknown>, request: Request) => Answer>;

const refused = (status: number, errorCode: string, causes: readonly string[] = [], more: object = {}): Answer => ({
  status,
  json: {
    errorCode,
    errorSummary: errorCode,
    errorId: 'oae1',
    errorCauses: causes.map((errorSummary) => ({ errorSummary })),
    ...more,
  },
});

let server: Server;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let origin: string;
let faults: string[];

beforeAll(async () => {
  const assets = loadAssets();
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', origin);
    const asset = assets.get(url.pathname);
    const render = PAGES[url.pathname];
    if (asset !== undefined) return response.setHeader('Content-Type', asset.contentType).end(asset.body);
    if (render !== undefined)
      return response
        .setHeaders(
          new Map([
            ['Content-Type', 'text/html; charset=utf-8'],
            ['Content-Security-Policy', POLICY],
          ]),
        )
        .end(render(url));
    return response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch(CHROMIUM);
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});
const open = async (options: Parameters<Browser['newContext']>[0] = {}): Promise<void> => {
  context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
  page = await context.newPage();
  faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // A refused request is logged by the browser and is no fault of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
};
beforeEach(() => open());
afterEach(async () => {
  await context.close();
  expect(faults).toEqual([]);
});

/** Stands in for the server; gives what was asked of it. What is not named answers 500. */
const stub = async (
  answers: Answers,
): Promise<{ readonly path: string; readonly body: Record<string, unknown>; readonly isBackground: boolean }[]> => {
  const asked: { path: string; body: Record<string, unknown>; isBackground: boolean }[] = [];
  await page.route(/\/(api|sallyport)\/v1\//, async (route) => {
    const request = route.request();
    const path = `${request.method()} ${new URL(request.url()).pathname}`;
    // The stream stays open: it is answered only where a test says so.
    if (path.endsWith('/me/events') && answers[path] === undefined) return;
    const body = (request.postDataJSON() ?? {}) as Record<string, unknown>;
    asked.push({ path, body, isBackground: request.headers()['x-sallyport-background'] === '1' });
    const { status = 200, headers = {}, json = {} } = answers[path]?.(body, request) ?? refused(500, 'E0000009');
    await route.fulfill(typeof json === 'string' ? { status, headers, body: json } : { status, headers, json });
  });
  return asked;
};

const alert = () => page.getByRole('alert').filter({ visible: true });
const press = (name: string | RegExp) => page.getByRole('button', { name }).click();
const focusedText = () => page.locator(':focus').textContent();

/** A key of the browser's own that answers without a person. */
const plugInKey = async (): Promise<void> => {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'usb',
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
};

const CLAIMED = {
  stateToken: 'state',
  userId: '00u1',
  login: 'dana@example.com',
  keys: 0,
  network: {
    address: '203.0.113.7',
    asn: 64500,
    organisation: 'Example ISP',
    name: 'AS64500 Example ISP',
    chain: ['203.0.113.7', '10.0.0.5'],
    trustedProxies: 1,
    configuredProxies: ['10.0.0.0/8'],
  },
};
const activation = (n: number, exclude: readonly string[] = []) => ({
  rp: { id: 'localhost', name: 'Sallyport' },
  user: { id: 'dXNlcg', name: 'dana@example.com', displayName: 'Dana' },
  challenge: Buffer.from(`challenge-${n}`).toString('base64url'),
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  authenticatorSelection: { residentKey: 'discouraged', userVerification: 'required' },
  attestation: 'direct',
  timeout: 60_000,
  excludeCredentials: exclude.map((id) => ({ type: 'public-key', id })),
});
const claimAnswers = (): Answers => {
  let keys = 0;
  return {
    'POST /sallyport/v1/setup/claim': ({ login }) =>
      login === undefined
        ? refused(400, 'E0000001', ['login: First name, last name and login are needed'])
        : { json: CLAIMED },
    'POST /sallyport/v1/setup/keys': () => ({ json: { factorId: 'f1', activation: activation(keys) } }),
    'POST /sallyport/v1/setup/keys/f1/activate': () => ({ json: { factorId: 'f1', keys: ++keys } }),
    'POST /sallyport/v1/setup/finish': () => ({ json: { keys } }),
  };
};
const fillPerson = async (): Promise<void> => {
  await page.getByLabel('Organisation').fill('Example');
  await page.getByLabel('First name').fill('Dana');
  await page.getByLabel('Last name').fill('Reyes');
  await page.getByLabel(/Login/).fill('dana@example.com');
};

describe('the claim page', () => {
  it('takes the code out of the address bar, claims, registers two keys and goes to sign-in', async () => {
    await plugInKey();
    const asked = await stub(claimAnswers());
    await page.goto(`${origin}/setup#code=Secret1`);
    await page.getByRole('heading', { name: 'Claim this server' }).waitFor();
    expect(page.url()).toBe(`${origin}/setup`);
    expect(await focusedText()).toBe('Claim this server');
    await fillPerson();
    await press('Claim this server');
    await page.getByText('203.0.113.7, AS64500 Example ISP').waitFor();
    expect(await focusedText()).toBe('Register your first key');
    await press('Register your first key');
    await press('Register a second key');
    await page.waitForURL(/\/sign-in\?next=%2Fsetup%2Fcontinue$/);
    const of = (path: string) =>
      asked.filter((call) => call.path === `POST /sallyport/v1/setup/${path}`).map(({ body }) => body);
    expect(of('claim')).toEqual([
      { code: 'Secret1' },
      { code: 'Secret1', organisation: 'Example', firstName: 'Dana', lastName: 'Reyes', login: 'dana@example.com' },
    ]);
    expect(of('keys/f1/activate')[0]).toMatchObject({ stateToken: 'state', transports: ['usb'] });
    expect(
      JSON.parse(Buffer.from(String(of('keys/f1/activate')[0]?.['clientData']), 'base64url').toString()),
    ).toMatchObject({ type: 'webauthn.create', challenge: activation(0).challenge, origin });
    expect(of('finish')).toEqual([{ stateToken: 'state', secondKeySkipped: false }]);
  });

  it('asks nothing about the person for an enrolment code, and lets the second key be skipped', async () => {
    await plugInKey();
    const asked = await stub({ ...claimAnswers(), 'POST /sallyport/v1/setup/claim': () => ({ json: CLAIMED }) });
    await page.goto(`${origin}/setup`);
    await page.getByLabel('One-time code').fill(' Typed2 ');
    await press('Continue');
    await press('Register your first key');
    await press(/^Skip, I accept/);
    await page.waitForURL('**/sign-in');
    expect(asked[0]?.body).toEqual({ code: 'Typed2' });
    expect(asked.at(-1)?.body).toEqual({ stateToken: 'state', secondKeySkipped: true });
  });

  it('keeps what was typed when the server refuses it, and marks the field', async () => {
    let refusals = 0;
    const refuse = (body: Record<string, unknown>): Answer => {
      if (body['login'] === undefined) return refused(400, 'E0000001', ['login: needed']);
      return refusals++ === 0
        ? refused(400, 'E0000001', ['login: Invalid email'])
        : refused(403, 'E0000068', ['The code is too old.']);
    };
    await stub({ 'POST /sallyport/v1/setup/claim': refuse });
    await page.goto(`${origin}/setup#code=Secret1`);
    await press('Claim this server');
    expect(await page.getByLabel('Organisation').getAttribute('aria-invalid')).toBe('true');
    await fillPerson();
    await press('Claim this server');
    await page.getByText('Invalid email').waitFor();
    expect(await page.getByLabel('Organisation').getAttribute('aria-invalid')).toBeNull();
    await press('Claim this server');
    expect(await alert().textContent()).toBe('The code is too old.');
    expect(await page.getByLabel('First name').inputValue()).toBe('Dana');
  });

  it('says what the server says about a synced passkey, and lets another key be tried', async () => {
    await plugInKey();
    const sentence = 'This passkey is synced to a cloud account.';
    await stub({
      ...claimAnswers(),
      'POST /sallyport/v1/setup/claim': () => ({ json: CLAIMED }),
      'POST /sallyport/v1/setup/keys/f1/activate': () =>
        refused(400, 'E0000228', [sentence], { sallyport: { kind: 'denied', reason: 'key-synced' } }),
    });
    await page.goto(`${origin}/setup#code=Secret1`);
    await press('Register your first key');
    await page.getByRole('button', { name: 'Try another key' }).waitFor();
    expect(await alert().textContent()).toBe(`This key was not accepted. ${sentence}`);
  });

  it('registers another key for somebody who has keys, and asks for no third', async () => {
    await plugInKey();
    let tries = 0;
    const asked = await stub({
      ...claimAnswers(),
      'POST /sallyport/v1/setup/claim': () => ({ json: { ...CLAIMED, keys: 2 } }),
      'POST /sallyport/v1/setup/finish': () => (tries++ === 0 ? refused(500, 'E0000009') : {}),
    });
    await page.goto(`${origin}/setup#code=Secret1`);
    await page.getByRole('heading', { name: 'Register another key' }).waitFor();
    expect(
      await page
        .getByText(/Step \d of 3/)
        .filter({ visible: true })
        .count(),
    ).toBe(0);
    await press('Register another key');
    await alert().waitFor();
    await press('Register another key');
    await page.waitForURL('**/sign-in');
    expect(asked.filter(({ path }) => path.endsWith('/setup/keys'))).toHaveLength(1);
    expect(asked.at(-1)?.body).toEqual({ stateToken: 'state', secondKeySkipped: false });
  });

  it('tries only to finish again when the second key is there and finishing failed', async () => {
    await plugInKey();
    let tries = 0;
    const asked = await stub({
      ...claimAnswers(),
      'POST /sallyport/v1/setup/claim': () => ({ json: CLAIMED }),
      'POST /sallyport/v1/setup/finish': () => (tries++ === 0 ? refused(500, 'E0000009') : {}),
    });
    await page.goto(`${origin}/setup#code=Secret1`);
    await press('Register your first key');
    await press('Register a second key');
    await press('Finish');
    await page.waitForURL('**/sign-in');
    expect(asked.filter(({ path }) => path.endsWith('/setup/keys'))).toHaveLength(2);
    expect(asked.at(-1)?.body).toMatchObject({ secondKeySkipped: false });
  });

  it('warns when the address is hardly the visitor’s own', async () => {
    await stub({
      'POST /sallyport/v1/setup/claim': () => ({
        json: { ...CLAIMED, network: { ...CLAIMED.network, address: null, name: 'an unknown network', chain: [] } },
      }),
    });
    await page.goto(`${origin}/setup#code=Secret1`);
    await page.getByText('This looks wrong.').waitFor();
  });
});

const factor = (id: string, factorType: string, credentialId?: string) => ({
  id,
  factorType,
  profile: credentialId === undefined ? {} : { credentialId },
  // Another origin than the page's: the path alone is followed.
  _links: { verify: { href: `https://other.example/api/v1/authn/factors/${id}/verify` } },
});
const mfaRequired = (...factors: ReturnType<typeof factor>[]): Answer => ({
  json: { status: 'MFA_REQUIRED', stateToken: 'state', _embedded: { factors } },
});
const challenge: Answer = {
  json: {
    status: 'MFA_CHALLENGE',
    stateToken: 'state',
    _embedded: {
      factor: {
        _embedded: {
          challenge: { challenge: 'Y2hhbGxlbmdl', userVerification: 'required', rpId: 'localhost', extensions: {} },
        },
      },
    },
  },
};
const success: Answer = { json: { status: 'SUCCESS', sessionToken: 'once' } };

/** Makes a credential in the plugged-in key, as an earlier registration would have. */
const registerKey = async (): Promise<string> => {
  await page.goto(`${origin}/ended`);
  return page.evaluate(`navigator.credentials.create({ publicKey: {
    rp: { id: 'localhost', name: 'x' }, user: { id: new Uint8Array([1]), name: 'x', displayName: 'x' }, challenge: new Uint8Array(16), pubKeyCredParams: [{ type: 'public-key', alg: -7 }] } }).then((made) => made.id)`);
};

describe('the sign-in page', () => {
  it('signs in with the key that answered, and goes where it was told', async () => {
    await plugInKey();
    const credentialId = await registerKey();
    const asked = await stub({
      'POST /api/v1/authn': () =>
        mfaRequired(
          factor('f1', 'webauthn', Buffer.alloc(32).toString('base64url')),
          factor('f2', 'webauthn', credentialId),
        ),
      'POST /api/v1/authn/factors/f1/verify': () => challenge,
      'POST /api/v1/authn/factors/f2/verify': () => success,
      'POST /api/v1/sessions': () => ({ json: { id: 'secret' } }),
    });
    await page.goto(`${origin}/sign-in?next=%2Fended%3Freason%3Didle`);
    await page.getByLabel('Your login').fill('dana@example.com');
    await press('Continue');
    await page.waitForURL('**/ended?reason=idle');
    expect(asked.map(({ path }) => path)).toEqual([
      'POST /api/v1/authn',
      'POST /api/v1/authn/factors/f1/verify',
      'POST /api/v1/authn/factors/f2/verify',
      'POST /api/v1/sessions',
      'POST /sallyport/v1/me/sessions/current/key',
      // What their organisation asks of them; the stub does not know it, and the sign-in went on.
      'GET /sallyport/v1/me/keys',
    ]);
    // A key of the page for the session, on P-256; the server, a stub here, refused it, and the sign-in went on.
    expect(Buffer.from(String(asked[4]?.body['publicKey']), 'base64url')).toHaveLength(91);
    expect(asked[0]?.body).toEqual({ username: 'dana@example.com' });
    expect(Object.keys(asked[2]?.body ?? {}).sort()).toEqual([
      'authenticatorData',
      'clientData',
      'signatureData',
      'stateToken',
    ]);
    expect(asked[3]?.body).toEqual({ sessionToken: 'once' });
  });

  it('asks for a code after the password, and keeps the name when the password is wrong', async () => {
    const asked = await stub({
      'POST /api/v1/authn': ({ password }) =>
        password === 'right' ? mfaRequired(factor('f3', 'token:software:totp')) : refused(401, 'E0000004'),
      'POST /api/v1/authn/factors/f3/verify': ({ passCode }) =>
        passCode === '123456' ? success : refused(403, 'E0000068'),
      'POST /api/v1/sessions': () => ({}),
    });
    await page.goto(`${origin}/sign-in?next=//evil.example`);
    await page.getByLabel('Your login').fill('sam@example.com');
    await press('Use a password instead');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await press('Sign in');
    await page.getByText('Name or password is wrong').waitFor();
    expect(await page.getByLabel('Your login').inputValue()).toBe('sam@example.com');
    await page.getByLabel('Password', { exact: true }).fill('right');
    await press('Sign in');
    await page.getByLabel('One-time code').fill('000 000');
    await press('Sign in');
    await page.getByText('The code is wrong, or was used before.').waitFor();
    await page.getByLabel('One-time code').fill('123 456');
    // The console, which this stub has not; not the foreign place that `next` named.
    const landed = page.waitForRequest(`${origin}/`);
    await press('Sign in');
    await landed;
    expect(asked.filter(({ path }) => path.endsWith('f3/verify')).map(({ body }) => body['passCode'])).toEqual([
      '000000',
      '123456',
    ]);
  });

  it('says how long to wait, and why a synced key is refused', async () => {
    await plugInKey();
    const credentialId = await registerKey();
    let isLimited = true;
    await stub({
      'POST /api/v1/authn': () =>
        isLimited
          ? { ...refused(429, 'E0000047'), headers: { 'Retry-After': '12' } }
          : mfaRequired(factor('f1', 'webauthn', credentialId)),
      'POST /api/v1/authn/factors/f1/verify': ({ signatureData }) =>
        signatureData === undefined
          ? challenge
          : refused(403, 'E0000228', ['This passkey is synced to a cloud account.'], {
              sallyport: { kind: 'denied', reason: 'key-synced' },
            }),
    });
    await page.goto(`${origin}/sign-in`);
    await page.getByLabel('Your login').fill('dana@example.com');
    await press('Continue');
    await page.getByText('Too many attempts; wait a moment and try again in 12 seconds.').waitFor();
    isLimited = false;
    await press('Continue');
    await page.getByText('This key was not accepted. This passkey is synced to a cloud account.').waitFor();
  });
});

/** The browser answers a request for a key in its own way. */
const browserAnswers = (answer: string): Promise<unknown> =>
  page.addInitScript(`navigator.credentials.get = (options) => { window.askedForKey = options; return ${answer}; };`);
const askForKey = async (rpId = 'localhost'): Promise<void> => {
  const { json } = challenge as { json: { _embedded: { factor: { _embedded: { challenge: object } } } } };
  const withRpId = structuredClone(json);
  Object.assign(withRpId._embedded.factor._embedded.challenge, { rpId });
  await stub({
    'POST /api/v1/authn': () => mfaRequired(factor('f1', 'webauthn', 'Y3JlZA')),
    'POST /api/v1/authn/factors/f1/verify': () => ({ json: withRpId }),
  });
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel('Your login').fill('dana@example.com');
  await press('Continue');
};
const DENIED = refused(403, 'E0000085', ['No rule allowed it; the catch-all denies.'], {
  sallyport: {
    kind: 'denied',
    reasons: ['policy-catch-all-deny'],
    reference: '30bfc600-9c0e-4480-bf25-d19eec0e5d25',
  },
});
const beDenied = async (): Promise<void> => {
  await stub({
    'POST /api/v1/authn': () => success,
    'POST /api/v1/sessions': () => DENIED,
  });
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel('Your login').fill('dana@example.com');
  await press('Continue');
  await page.getByRole('heading', { name: 'You can’t sign in from here' }).waitFor();
};

describe('what the sign-in page says when no key answered', () => {
  it('cancelled: that it was, and to try again', async () => {
    await browserAnswers(`Promise.reject(new DOMException('x', 'NotAllowedError'))`);
    await askForKey();
    await page.getByText('It was cancelled before a key answered. Try again when you are ready.').waitFor();
    expect(await page.getByLabel('Your login').inputValue()).toBe('dana@example.com');
  });

  it('timed out: that time is over, also when the browser itself never stops waiting', async () => {
    await page.clock.install();
    await browserAnswers(
      `new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(options.signal.reason)))`,
    );
    await askForKey();
    await expect.poll(() => page.evaluate('window.askedForKey !== undefined')).toBe(true);
    await page.clock.fastForward(90_000);
    await page.getByText('No key answered in time. Have your key at hand, then try again.').waitFor();
  });

  it('wrong domain: which one the key belongs to, in the words of the real browser', async () => {
    await plugInKey();
    await askForKey('sallyport.example');
    await page
      .getByText(
        'Your key belongs to sallyport.example, and this page is at localhost. Open this page at sallyport.example',
      )
      .waitFor();
  });

  it('wrong key: that another one is needed', async () => {
    await plugInKey();
    const credentialId = await registerKey();
    await stub({
      'POST /api/v1/authn': () => mfaRequired(factor('f1', 'webauthn', credentialId)),
      'POST /api/v1/authn/factors/f1/verify': ({ signatureData }) =>
        signatureData === undefined ? challenge : refused(403, 'E0000068'),
    });
    await page.goto(`${origin}/sign-in`);
    await page.getByLabel('Your login').fill('dana@example.com');
    await press('Continue');
    await page.getByText('This key was not accepted. Use one that is registered with your account.').waitFor();
  });
});

describe('what a command line asks to confirm', () => {
  it('cannot be confirmed when its time is over', async () => {
    await page.goto(`${origin}/step-up/late`);
    await page.getByText('Nobody confirmed it in time. Nothing was changed.').waitFor();
    expect(await focusedText()).toBe('It can’t be confirmed any more');
  });

  it('is refused by one press, without a key and without a code', async () => {
    const asked = await stub({ 'DELETE /sallyport/v1/proofs/apf1': () => ({ status: 204, json: '' }) });
    await page.goto(`${origin}/step-up/apf1`);
    await press('Refuse');
    await page.getByRole('heading', { name: 'You refused' }).waitFor();
    expect(asked.map(({ path }) => path)).toEqual(['DELETE /sallyport/v1/proofs/apf1']);
  });

  it('stays when no key answered, with the code', async () => {
    await page.goto(`${origin}/step-up/apf1`);
    await page.getByLabel('Code in your terminal').fill('wxyz 2345');
    await plugInKey();
    await press('Confirm with your key');
    await alert().waitFor();
    expect(await page.getByLabel('Code in your terminal').inputValue()).toBe('wxyz 2345');
  });
});

describe('by keyboard alone', () => {
  it('one signs in with a password and a code, is turned away, and tries again as somebody else', async () => {
    await stub({
      'POST /api/v1/authn': () => mfaRequired(factor('f3', 'token:software:totp')),
      'POST /api/v1/authn/factors/f3/verify': () => success,
      'POST /api/v1/sessions': () => DENIED,
    });
    await page.goto(`${origin}/sign-in`);
    const keys = page.keyboard;
    const focusedName = () => page.evaluate('document.activeElement.id || document.activeElement.textContent');
    await keys.press('Tab');
    expect(await focusedName()).toBe('Skip to the content');
    await keys.press('Tab');
    await keys.type('dana@example.com');
    await keys.press('Tab');
    await keys.press('Tab');
    expect(await focusedName()).toBe('use-password');
    await keys.press('Enter');
    expect(await focusedName()).toBe('password');
    await keys.type('secret');
    await keys.press('Enter');
    await page.getByLabel('One-time code').waitFor();
    expect(await focusedName()).toBe('pass-code');
    await keys.type('123456');
    await keys.press('Enter');
    await page.getByRole('heading', { name: 'You can’t sign in from here' }).waitFor();
    await keys.press('Tab');
    expect(await focusedName()).toBe('not-you');
    await keys.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByLabel('Your login').inputValue()).toBe('');
  });
});

describe('what was typed from paper', () => {
  const SHARE = 'B4HGT-23456-789AB-CDEFG-HJKMN-PQRST-UVWXY-Z2345';
  const begin = async () => {
    const asked = await stub({
      'POST /api/v1/authn': () => mfaRequired(factor('f3', 'token:software:totp')),
      'POST /api/v1/authn/factors/f3/verify': () => success,
      'POST /api/v1/sessions': () => DENIED,
    });
    await page.goto(`${origin}/sign-in`);
    await page.getByLabel('Your login').fill('glass@example.com');
    await press('Use a password instead');
    await press('Use shares of a secret');
    return asked;
  };
  const values = () => page.evaluate("[...document.querySelectorAll('input.code')].map(({ value }) => value).join('')");

  it('is sent without what stands between the groups, so that five shares are no longer than a password may be', async () => {
    const asked = await begin();
    for (let i = 0; i < 3; i++) await press('Another share');
    for (let i = 1; i <= 5; i++) await page.getByLabel(`Share ${i}`).fill(SHARE.replaceAll('-', ' – '));
    await press('Sign in');
    await page.getByLabel('One-time code').waitFor();
    const sent = String(asked[0]?.body['password']);
    expect(sent.split('\n')).toEqual(Array.from({ length: 5 }, () => SHARE.replaceAll('-', '')));
    expect(sent.length).toBeLessThanOrEqual(256);
  });

  it('takes two fields at least, and a field too many may stay empty', async () => {
    const asked = await begin();
    await press('Another share');
    await page.getByLabel('Share 1').fill(SHARE);
    await press('Sign in');
    expect(await page.evaluate("document.getElementById('share-2').validity.valueMissing")).toBe(true);
    expect(asked).toEqual([]);
    await page.getByLabel('Share 2').fill(SHARE);
    await press('Sign in');
    await page.getByLabel('One-time code').waitFor();
    expect(String(asked[0]?.body['password']).split('\n')).toHaveLength(2);
  });

  it.each(['Start again', 'Not you?'])('is gone after “%s”', async (button) => {
    await begin();
    for (const i of [1, 2]) await page.getByLabel(`Share ${i}`).fill(SHARE);
    await press('Sign in');
    await page.getByLabel('One-time code').fill('123456');
    if (button === 'Not you?') await page.keyboard.press('Enter');
    await press(button);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await values()).toBe('');
    await page.getByLabel('Your login').fill('glass@example.com');
    await press('Use a password instead');
    await page.getByLabel('Password', { exact: true }).fill('secret');
    await press('Sign in');
    await page.getByLabel('One-time code').fill('123456');
    if (button === 'Not you?') await page.keyboard.press('Enter');
    await press(button);
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
  });
});

describe('whom a policy turns away', () => {
  it('reads why, what would help, and the reference, and has two ways on', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await beDenied();
    expect(await focusedText()).toBe('You can’t sign in from here');
    const shown = await page.getByRole('main').innerText();
    for (const part of ['dana@example.com', 'rules do not let you in', 'usually sign in with', '30bfc600-9c0e-4480'])
      expect(shown).toContain(part);
    await press('Copy');
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('30bfc600-9c0e-4480-bf25-d19eec0e5d25');
    await press('Try again');
    expect(await page.getByLabel('Your login').inputValue()).toBe('dana@example.com');
    await press('Continue');
    await press('Not you?');
    expect(await page.getByLabel('Your login').inputValue()).toBe('');
  });

  it('is told when the copy did not happen', async () => {
    await page.addInitScript(`navigator.clipboard.writeText = () => Promise.reject(new Error('no'))`);
    await beDenied();
    await press('Copy');
    await page.getByText('It is selected now.').waitFor();
    expect(await page.evaluate('getSelection().toString()')).toBe('30bfc600-9c0e-4480-bf25-d19eec0e5d25');
  });
});

const at = (minutesAgo: number): string => new Date(Date.now() - minutesAgo * 60_000).toISOString();
const session = (id: string, more: object = {}) => ({
  id,
  isCurrent: false,
  device: 'Firefox on Linux',
  browser: 'FIREFOX',
  address: '198.51.100.23',
  network: { asn: 64496, organisation: 'Example Mobile', name: 'AS64496 Example Mobile' },
  place: 'Germany',
  createdAt: at(300),
  lastActivityAt: at(12),
  idleEndsAt: at(-108),
  endsAt: at(-1140),
  authenticator: 'Security key (stays on the device)',
  endedAt: null,
  endReason: null,
  hasConsole: false,
  exemptPasses: 0,
  ...more,
});
const CURRENT = session('s1', {
  isCurrent: true,
  hasConsole: true,
  device: 'Chrome on macOS',
  address: '2001:db8:1:0:a1b2:c3d4:e5f6:1234',
  network: { asn: 64500, organisation: 'Example ISP', name: 'AS64500 Example ISP' },
  lastActivityAt: at(0),
});
const ROAMED = {
  sessionId: 's9',
  endedAt: at(40),
  reason: 'client-roaming',
  from: { address: '198.51.100.23', network: 'AS64496 Example Mobile' },
  to: { address: '203.0.113.66', network: 'AS64511 Example Hosting' },
  eventId: 'e',
  answeredAt: null,
  answer: null,
};
const KEYS = [
  {
    id: 'k1',
    kind: 'webauthn',
    name: 'Security key 1',
    createdAt: at(90_000),
    lastUsedAt: at(300),
    isDeviceBound: true,
    attested: 'attested',
  },
  {
    id: 'k2',
    kind: 'webauthn',
    name: 'Security key 2',
    createdAt: at(90_000),
    lastUsedAt: null,
    isDeviceBound: true,
    attested: 'claimed',
  },
];
const ACTIONS = [
  {
    id: 'e1',
    words: 'Deactivate Lee Park',
    at: at(20),
    address: '203.0.113.66',
    network: 'Example Hosting',
    device: 'Firefox on Linux',
  },
  { id: 'e2', words: 'Create a person', at: at(90), address: null, network: null, device: '' },
];
const sessionAnswers = (): Answers => {
  let others = [session('s2'), session('s3', { device: 'Safari on iOS' })];
  let lastEnded: object | null = ROAMED;
  const ended = [
    session('s9', { endedAt: at(40), endReason: 'client-roaming' }),
    session('s8', { endedAt: at(900), endReason: 'signed-out', device: 'Edge on Windows' }),
  ];
  return {
    'GET /sallyport/v1/me/sessions': () => ({
      json: { sessions: [...others, CURRENT, ...ended], counts: { active: others.length + 1 }, lastEnded },
    }),
    'GET /sallyport/v1/me/keys': () => ({ json: { keys: KEYS } }),
    'GET /sallyport/v1/me/actions': () => ({ json: { actions: ACTIONS } }),
    'DELETE /sallyport/v1/me/sessions/s2': () => {
      others = others.filter(({ id }) => id !== 's2');
      return { status: 204, json: '' };
    },
    'POST /sallyport/v1/me/sessions/revoke-others': () => {
      const count = others.length;
      others = [];
      return { json: { ended: count } };
    },
    'POST /sallyport/v1/me/sessions/s9/acknowledge': ({ answer }) => {
      lastEnded = null;
      return { json: { answer, ended: 0 } };
    },
    'DELETE /api/v1/sessions/me': () => ({ status: 204, json: '' }),
  };
};

describe('the page of one’s own sessions', () => {
  it('shows both networks of an ended session, and takes “That was me”', async () => {
    const asked = await stub(sessionAnswers());
    await page.goto(`${origin}/me/sessions`);
    const banner = page.getByRole('region', { name: 'Was that you?' });
    expect(await banner.textContent()).toMatch(
      /Your last session was ended on .+ because its network changed from AS64496 Example Mobile \(198\.51\.100\.23\) to AS64511 Example Hosting \(203\.0\.113\.66\)\./,
    );
    await press('That was me');
    await page.getByText('Your answer was recorded').waitFor();
    expect(await banner.count()).toBe(0);
    expect(
      asked.filter(({ path }) => path.endsWith('/acknowledge')).map(({ body, isBackground }) => [body, isBackground]),
    ).toEqual([[{ answer: 'me' }, false]]);
    expect(asked.filter(({ path }) => path.startsWith('GET')).every(({ isBackground }) => isBackground)).toBe(true);
  });

  it('lists what was done with the account, each with a way to say that it was somebody else', async () => {
    await stub(sessionAnswers());
    await page.goto(`${origin}/me/sessions`);
    const done = page.getByRole('region', { name: 'Done with your account lately' });
    await done.getByRole('heading', { name: 'Deactivate Lee Park' }).waitFor();
    const [first, second] = await done.getByRole('listitem').allTextContents();
    expect(first).toMatch(/203\.0\.113\.66.*Example Hosting.*Firefox on Linux/s);
    expect(second).toMatch(/Address\s*unknown.*an unknown browser/s);
    const links = done.getByRole('link', { name: /^That wasn’t me… \(/ });
    expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))).toEqual([
      '/me/actions/e1',
      '/me/actions/e2',
    ]);
  });

  it('asks before “That wasn’t me” ends everything', async () => {
    const asked = await stub(sessionAnswers());
    await page.goto(`${origin}/me/sessions`);
    await press(/^That wasn’t me$/);
    await page.getByRole('dialog').getByText('All your sessions end now, this one too.').waitFor();
    await press('Cancel');
    expect(asked.some(({ path }) => path.endsWith('/acknowledge'))).toBe(false);
    await press(/^That wasn’t me$/);
    await press('End all my sessions');
    await page.waitForURL('**/ended?reason=not-me');
    expect(asked.find(({ path }) => path.endsWith('/acknowledge'))?.body).toEqual({ answer: 'not-me' });
  });

  it('ends one session, then all others, and says so', async () => {
    await stub(sessionAnswers());
    await page.goto(`${origin}/me/sessions`);
    await press(/^End the session \(Firefox on Linux/);
    await page.getByText('Ended: Firefox on Linux, 198.51.100.23.').waitFor();
    expect(await focusedText()).toBe('Active');
    await press('End all other sessions');
    await page.getByText('1 session was ended.').waitFor();
    await page.getByText('You are signed in nowhere else.').waitFor();
  });

  it('signs out', async () => {
    const asked = await stub(sessionAnswers());
    await page.goto(`${origin}/me/sessions`);
    await press('Sign out');
    await page.waitForURL('**/ended?reason=signed-out');
    expect(asked.at(-1)).toMatchObject({ path: 'DELETE /api/v1/sessions/me', isBackground: false });
  });

  it('leaves when the stream says that the session ended, and at a 401', async () => {
    await stub({
      ...sessionAnswers(),
      'GET /sallyport/v1/me/events': () => ({
        headers: { 'Content-Type': 'text/event-stream' },
        json: 'event: open\ndata: {}\n\nevent: ended\ndata: {"reason":"revoked-by-admin"}\n\n',
      }),
    });
    await page.goto(`${origin}/me/sessions`);
    await page.waitForURL('**/ended?reason=revoked-by-admin');
    await page.unrouteAll();
    await stub({
      'GET /sallyport/v1/me/sessions': () => refused(401, 'E0000011'),
      'GET /sallyport/v1/me/keys': () => refused(401, 'E0000011'),
      'GET /sallyport/v1/me/actions': () => refused(401, 'E0000011'),
    });
    await page.goto(`${origin}/me/sessions`);
    await page.waitForURL(`${origin}/ended`);
  });
});

const me = (idleSeconds: number, endSeconds: number): Answer => {
  const now = Date.now();
  const of = (seconds: number): string => new Date(now + seconds * 1000).toISOString();
  return { json: { session: { id: 's1', idleEndsAt: of(idleSeconds), endsAt: of(endSeconds), now: of(0) } } };
};

describe('the end of the session, before it comes', () => {
  it('warns with the time left, says it aloud, and stays when told to', async () => {
    let idle = 118;
    const asked = await stub({
      ...sessionAnswers(),
      'GET /sallyport/v1/me': () => me(idle, 9_000),
      'POST /api/v1/sessions/me/lifecycle/refresh': () => {
        idle = 900;
        return {};
      },
    });
    await page.goto(`${origin}/me/sessions`);
    const dialog = page.getByRole('dialog', { name: 'Are you still there?' });
    await dialog.waitFor();
    expect(await dialog.textContent()).toMatch(/You are signed out in 1:5\d\./);
    expect(await focusedText()).toBe('Stay signed in');
    await page.getByRole('status').filter({ hasText: 'Your session ends in 2 minutes.' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    const calls = (path: string) => asked.filter((call) => call.path === path).map(({ isBackground }) => isBackground);
    expect(calls('POST /api/v1/sessions/me/lifecycle/refresh')).toEqual([false]);
    expect(new Set(calls('GET /sallyport/v1/me'))).toEqual(new Set([true]));
  });

  it('keeps the warning when nobody answered, and signs out when told to', async () => {
    const asked = await stub({ ...sessionAnswers(), 'GET /sallyport/v1/me': () => me(60, 9_000) });
    await page.goto(`${origin}/me/sessions`);
    await press('Stay signed in');
    await page.getByRole('dialog').getByText('The server does not answer. Try again.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/ended?reason=signed-out');
    expect(asked.some(({ path }) => path === 'DELETE /api/v1/sessions/me')).toBe(true);
  });

  it('says of the longest time when it ends and that it cannot be extended, once', async () => {
    const asked = await stub({ ...sessionAnswers(), 'GET /sallyport/v1/me': () => me(9_000, 100) });
    await page.goto(`${origin}/me/sessions`);
    const dialog = page.getByRole('dialog', { name: 'Your session ends soon' });
    await dialog.getByText(/It ends in 1:\d\d, at \d\d:\d\d: .* cannot be extended/).waitFor();
    await press('I have read it');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Security key 1').waitFor();
    expect(asked.some(({ path }) => path.includes('refresh'))).toBe(false);
    expect(await dialog.isVisible()).toBe(false);
  });

  it('leaves for the page that says why when the time is over', async () => {
    let reads = 0;
    await stub({
      ...sessionAnswers(),
      'GET /sallyport/v1/me': () => (reads++ === 0 ? me(2, 9_000) : refused(401, 'E0000011')),
    });
    await page.goto(`${origin}/me/sessions`);
    await page.waitForURL(/\/ended(\?reason=idle)?$/, { timeout: 20_000 });
  });
});

/** Every page, and every state that looks different. */
const SHOWN: Readonly<Record<string, () => Promise<unknown>>> = {
  'step-up': () => page.goto(`${origin}/step-up/apf1`),
  'step-up-code': async () => {
    await page.goto(`${origin}/step-up/apf1`);
    await page.getByLabel('Code in your terminal').fill('ABC');
    await press('Confirm with your key');
    await alert().waitFor();
  },
  'step-up-refused': async () => {
    await stub({ 'DELETE /sallyport/v1/proofs/apf1': () => ({ status: 204, json: '' }) });
    await page.goto(`${origin}/step-up/apf1`);
    await press('Refuse');
    await page.getByRole('heading', { name: 'You refused' }).waitFor();
  },
  'step-up-elsewhere': () => page.goto(`${origin}/step-up/elsewhere`),
  'claim-code': () => page.goto(`${origin}/setup`),
  'claim-person': async () => {
    await stub(claimAnswers());
    await page.goto(`${origin}/setup#code=x`);
    await press('Claim this server');
  },
  'claim-key': async () => {
    await stub({
      'POST /sallyport/v1/setup/claim': () => ({ json: CLAIMED }),
      'POST /sallyport/v1/setup/keys': () =>
        refused(400, 'E0000228', [
          'This passkey is synced to a cloud account. Admin access needs one that stays on a device, such as a security key.',
        ]),
    });
    await page.goto(`${origin}/setup#code=x`);
    await page.getByText('How the server got there').click();
    await press('Register your first key');
    await alert().waitFor();
  },
  'claim-warning': async () => {
    await stub({
      'POST /sallyport/v1/setup/claim': () => ({
        json: { ...CLAIMED, network: { ...CLAIMED.network, address: null, name: 'an unknown network' } },
      }),
    });
    await page.goto(`${origin}/setup#code=x`);
    await page.getByText('This looks wrong').waitFor();
  },
  'claim-second-key': async () => {
    await plugInKey();
    await stub({ ...claimAnswers(), 'POST /sallyport/v1/setup/claim': () => ({ json: CLAIMED }) });
    await page.goto(`${origin}/setup#code=x`);
    await press('Register your first key');
    await page.getByText('Your first key works').waitFor();
  },
  'claim-another-key': async () => {
    await stub({ 'POST /sallyport/v1/setup/claim': () => ({ json: { ...CLAIMED, keys: 2 } }) });
    await page.goto(`${origin}/setup#code=x`);
    await page.getByText('The keys that you have stay as they are').waitFor();
  },
  'sign-in': () => page.goto(`${origin}/sign-in`),
  'sign-in-cancelled': async () => {
    await browserAnswers(`Promise.reject(new DOMException('x', 'NotAllowedError'))`);
    await askForKey();
    await alert().waitFor();
  },
  'sign-in-denied': beDenied,
  moved: async () => {
    // Nobody answers, so the page stays and says so.
    await page.addInitScript(`Object.defineProperty(navigator, 'onLine', { value: false })`);
    await page.goto(`${origin}/moved`);
    await page.getByText('The server does not answer.').waitFor();
  },
  'sign-in-password': async () => {
    await stub({ 'POST /api/v1/authn': () => refused(401, 'E0000004') });
    await page.goto(`${origin}/sign-in`);
    await page.getByLabel('Your login').fill('dana@example.com');
    await press('Use a password instead');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await press('Sign in');
    await alert().waitFor();
  },
  'sign-in-code': async () => {
    await stub({ 'POST /api/v1/authn': () => mfaRequired(factor('f3', 'token:software:totp')) });
    await page.goto(`${origin}/sign-in`);
    await page.getByLabel('Your login').fill('dana@example.com');
    await press('Continue');
    await page.getByLabel('One-time code').waitFor();
  },
  denied: () => page.goto(`${origin}/denied`),
  'not-found': () => page.goto(`${origin}/not-found`),
  'ended-roaming': () => page.goto(`${origin}/ended?reason=client-roaming`),
  cli: async () => {
    await stub({
      'POST /sallyport/v1/cli/authorizations': () =>
        refused(403, 'E0000006', ['A command line cannot allow another one.']),
    });
    await page.goto(`${origin}/cli?redirect_uri=http://127.0.0.1:43117/callback&state=x`);
    await press('Allow');
    await alert().waitFor();
  },
  'cli-bad': () => page.goto(`${origin}/cli/bad`),
  'cli-done': () => page.goto(`${origin}/cli/done?outcome=signed-in`),
  'ended-unknown': () => page.goto(`${origin}/ended?reason=else`),
  sessions: async () => {
    await stub(sessionAnswers());
    await page.goto(`${origin}/me/sessions`);
    await page.getByText('Ended sessions').click();
    await page.getByText('Security key 1').waitFor();
  },
  'sessions-idle': async () => {
    await stub({ ...sessionAnswers(), 'GET /sallyport/v1/me': () => me(110, 9_000) });
    await page.goto(`${origin}/me/sessions`);
    await page.getByRole('dialog').waitFor();
  },
  'sessions-lifetime': async () => {
    await stub({ ...sessionAnswers(), 'GET /sallyport/v1/me': () => me(9_000, 110) });
    await page.goto(`${origin}/me/sessions`);
    await page.getByRole('dialog').waitFor();
  },
  'sessions-dialog': async () => {
    await stub(sessionAnswers());
    await page.goto(`${origin}/me/sessions`);
    await press(/^That wasn’t me$/);
  },
};

const LOOKS = [1440, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

const overflow = () => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

describe('every state of every page', () => {
  it.each(Object.keys(SHOWN))('%s is accessible and fits, wide and narrow, light and dark', async (name) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await SHOWN[name]?.();
    for (const { width, colorScheme } of LOOKS) {
      await page.setViewportSize({ width, height: width > 1000 ? 900 : 844 });
      await page.emulateMedia({ colorScheme });
      const look = `${name}-${width}-${colorScheme}`;
      const violations = await axeViolations(page);
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        look,
      ).toEqual([]);
      expect(await overflow(), look).toBe(0);
      // To look at them: CONSOLE_SHOTS=<folder>.
      const folder = process.env['CONSOLE_SHOTS'];
      if (folder !== undefined) await page.screenshot({ path: join(folder, `${look}.png`), fullPage: true });
    }
    // WCAG 1.4.10: at 320 px nothing scrolls sideways.
    await page.setViewportSize({ width: 320, height: 568 });
    expect(await overflow(), `${name}-320`).toBe(0);
  });
});
