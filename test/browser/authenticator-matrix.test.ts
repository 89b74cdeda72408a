/** Chromium's own virtual authenticators × what is asked of keys: what is expected is data, each is tried on the sign-in page. */
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { createSoftMaker } from '@sallyport/testkit/soft-maker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type BrowserKey,
  type BrowserKeyKind,
  createKeyIn,
  openBrowser,
  type TestBrowser,
} from '../harness/browser.ts';
import { Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const PASSWORD = 'correct horse battery staple';
const OWNERS = 'ee882879-721c-4913-9775-3dfcce97072a';
/** What Chromium's authenticators say they are, attested by a certificate that is its own root. */
const CHROMIUMS = '01020304-0506-0708-0102-030405060708';
const RELAXED = {
  userVerification: 'DISCOURAGED',
  userVerificationForVerify: 'PREFERRED',
  attachment: 'ANY',
  allowSyncablePasskeys: true,
  certBasedAttestationValidation: false,
  hardwareProtected: false,
  aaguidGroups: [],
};
const attested = { ...RELAXED, certBasedAttestationValidation: true };
const group = (name: string, ...aaguids: string[]) => ({ ...attested, aaguidGroups: [{ name, aaguids }] });
const KINDS: readonly BrowserKeyKind[] = ['device-bound', 'platform', 'synced', 'u2f'];
const STAYS = 'only keys that stay on a device';
const CARRIED = 'only security keys that are carried along';
const PROVES = 'only keys that prove what model they are';
const MODEL = 'does not take this model';

const SETTINGS: readonly (readonly [object, Partial<Record<BrowserKeyKind, string>>])[] = [
  [RELAXED, {}],
  [{ ...RELAXED, allowSyncablePasskeys: false }, { synced: STAYS }],
  [{ ...RELAXED, attachment: 'ROAMING' }, { platform: CARRIED }],
  [attested, { u2f: PROVES }],
  [{ ...attested, hardwareProtected: true }, { u2f: PROVES }],
  [group('Chromium', CHROMIUMS, OWNERS), { u2f: PROVES }],
  [group('Others', OWNERS), { 'device-bound': MODEL, platform: MODEL, synced: MODEL, u2f: PROVES }],
];

let server: TestServer;
let browser: TestBrowser;
let owner: Person;
let keysPath = '';
const ok = (reply: Reply): Reply => {
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply;
};
const activationOf = (begun: Reply) =>
  (ok(begun).body['_embedded'] as { activation: { challenge: string; user: { id: string } } }).activation;
const begin = (person: Person) => person.call('POST', '/api/v1/users/me/factors', { factorType: 'webauthn' });
const finish = async (person: Person, begun: Reply, made: object): Promise<void> => {
  ok(await person.call('POST', `/api/v1/users/me/factors/${begun.body['id']}/lifecycle/activate`, made));
};
const set = async (settings: object): Promise<void> => {
  ok(await owner.call('PUT', `${keysPath}/methods/webauthn`, { settings }));
};
/** What is said of a model counts more than what the browser said of the key. */
const vouchFor = async (aaguid: string, x5c: string, platformAttached = false): Promise<void> => {
  ok(
    await owner.call('POST', `${keysPath}/aaguids`, {
      aaguid,
      attestationRootCertificates: [{ x5c }],
      authenticatorCharacteristics: { hardwareProtected: true, platformAttached },
    }),
  );
};

beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => Date.now(), advance() {} } });
  browser = await openBrowser();
  const ana = await signedInAdmin(server, '127.0.0.1');
  const list = (await ana.get('/api/v1/authenticators')).body as unknown as { id: string; key: string }[];
  keysPath = `/api/v1/authenticators/${list.find(({ key }) => key === 'webauthn')?.id}`;
  // A key of the owner's that all of the settings take.
  const maker = createSoftMaker({ aaguid: OWNERS });
  const key = createSoftAuthenticator({ aaguid: OWNERS, maker });
  const begun = await begin(ana);
  const { challenge, user } = activationOf(begun);
  const made = key.register({ challenge, rpId: 'localhost', origin: server.url, userId: user.id });
  const { attestation, clientData, transports } = made;
  await finish(ana, begun, { attestation, clientData, transports });
  owner = new Person(server.url, ana.login, '127.0.0.1', key);
  ok(await owner.signIn());
  await vouchFor(OWNERS, maker.root.toString('base64'));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** A person with one key: the one that is plugged in now. */
const personWithKey = async (kind: BrowserKeyKind): Promise<string> => {
  const login = `${kind}@example.org`;
  ok(
    await owner.call('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Kim', lastName: 'Ng' },
      credentials: { password: { value: PASSWORD } },
    }),
  );
  const person = new Person(server.url, login, '127.0.0.1');
  const proved = await person.call('POST', '/api/v1/authn', { username: login, password: PASSWORD });
  ok(await person.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] }));
  await browser.page.goto(`${server.url}/sign-in`);
  const begun = await begin(person);
  await finish(person, begun, await createKeyIn(browser.page, activationOf(begun)));
  return login;
};
/** The certificate of the newest of Chromium's keys: each makes one of its own. */
const chromiumsRoot = async (): Promise<string> => {
  const row = await server.services.store.read
    .selectFrom('factors')
    .select('attestationChain')
    .where('aaguid', '=', CHROMIUMS)
    .orderBy('createdAt', 'desc')
    .executeTakeFirstOrThrow();
  const [leaf = ''] = JSON.parse(row.attestationChain ?? '[]') as string[];
  return Buffer.from(leaf, 'base64url').toString('base64');
};
/** `enters`, or what the page says. */
const signInOnPage = async (login: string): Promise<string> => {
  const { page } = browser;
  await browser.leave();
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('Your login').fill(login);
  await page.getByRole('button', { name: 'Continue' }).click();
  const alert = page.locator('#name-alert');
  // The page of one's own sessions begins with the same letters.
  const isIn = (): boolean => new URL(page.url()).pathname !== '/sign-in';
  await expect.poll(async () => isIn() || (await alert.allTextContents()).join('') !== '').toBe(true);
  return isIn() ? 'enters' : String(await alert.textContent());
};

it.each(KINDS)('a %s key enters where the settings take it, and the page says why where they do not', async (kind) => {
  owner.cookie = null;
  ok(await owner.signIn());
  await set(RELAXED);
  const key: BrowserKey = await browser.plugInKey(kind);
  try {
    const login = await personWithKey(kind);
    if (kind !== 'u2f') {
      await owner.call('DELETE', `${keysPath}/aaguids/${CHROMIUMS}`);
      await vouchFor(CHROMIUMS, await chromiumsRoot(), kind === 'platform');
    }
    for (const [settings, refusals] of SETTINGS) {
      await set(settings);
      expect(await signInOnPage(login), JSON.stringify(settings)).toContain(refusals[kind] ?? 'enters');
    }
  } finally {
    await key.unplug();
  }
  expect(browser.faults.splice(0)).toEqual([]);
});
