/**
 * Every kind of authenticator × what is asked of keys × policies of apps, the Admin Console among them: what is expected is
 * data, and each of the combinations is tried over the wire.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createSoftAuthenticator,
  type SoftAuthenticator,
  type SoftAuthenticatorOptions,
} from '@sallyport/testkit/soft-authenticator';
import { createSoftMaker, metadataBlob } from '@sallyport/testkit/soft-maker';
import { totpAt } from '@sallyport/testkit/soft-totp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reloadKeyModels } from '../../packages/server/src/authenticators/refresh-key-models.ts';
import { type AppPlace, AppVisitor, createAppAt } from '../harness/app-visitor.ts';
import { Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const PASSWORD = 'correct horse battery staple';
const OURS = 'cb69481e-8ff7-4039-93ec-0a2729111111';
const OWNERS = 'ee882879-721c-4913-9775-3dfcce97072a';
const maker = createSoftMaker({ aaguid: OURS });
const ownersMaker = createSoftMaker({ aaguid: OWNERS });

const KEYS = {
  'security key': { aaguid: OURS, maker, transports: ['usb', 'nfc'] },
  platform: { transports: ['internal'] },
  synced: { isBackupEligible: true, isBackedUp: true, counter: 'zero', transports: ['internal', 'hybrid'] },
  U2F: { userVerifies: false, transports: ['usb'] },
} as const satisfies Record<string, SoftAuthenticatorOptions>;
type KeyKind = keyof typeof KEYS;
type Kind = KeyKind | 'codes' | 'password';
const KINDS: readonly Kind[] = ['security key', 'platform', 'synced', 'U2F', 'codes', 'password'];

const RELAXED = {
  userVerification: 'DISCOURAGED',
  userVerificationForVerify: 'PREFERRED',
  attachment: 'ANY',
  allowSyncablePasskeys: true,
  certBasedAttestationValidation: false,
  hardwareProtected: false,
  fipsCompliant: false,
  aaguidGroups: [],
};
const attested = { ...RELAXED, certBasedAttestationValidation: true };
const NOT_PROVED = {
  platform: 'key-model-not-proved',
  synced: 'key-model-not-proved',
  U2F: 'key-model-not-proved',
} as const;

/** What is asked, and which kinds it refuses; of codes and passwords it asks nothing. */
const SETTINGS: Readonly<Record<string, readonly [object, Partial<Record<KeyKind, string>>]>> = {
  'nothing more': [RELAXED, {}],
  'as it comes': [
    { ...RELAXED, userVerification: 'REQUIRED', userVerificationForVerify: 'REQUIRED' },
    { U2F: 'user-not-verified' },
  ],
  'verification at sign-in': [{ ...RELAXED, userVerificationForVerify: 'REQUIRED' }, { U2F: 'user-not-verified' }],
  'nothing synced': [{ ...RELAXED, allowSyncablePasskeys: false }, { synced: 'key-synced-not-allowed' }],
  'carried along': [
    { ...RELAXED, attachment: 'ROAMING' },
    { platform: 'key-not-roaming', synced: 'key-not-roaming' },
  ],
  'built in': [
    { ...RELAXED, attachment: 'BUILT_IN' },
    { 'security key': 'key-not-built-in', U2F: 'key-not-built-in' },
  ],
  attested: [attested, NOT_PROVED],
  'attested, in hardware': [{ ...attested, hardwareProtected: true }, NOT_PROVED],
  'attested, FIPS': [
    { ...attested, fipsCompliant: true },
    { 'security key': 'key-not-fips', ...NOT_PROVED },
  ],
  'our model': [{ ...attested, aaguidGroups: [{ name: 'Ours', aaguids: [OURS, OWNERS] }] }, NOT_PROVED],
  'another model': [
    { ...attested, aaguidGroups: [{ name: 'Others', aaguids: [OWNERS] }] },
    { 'security key': 'key-model-not-listed', ...NOT_PROVED },
  ],
};

const possession = (more: Readonly<Record<string, string>>) => [{ possession: { required: true, ...more } }];
const verified = { phishingResistant: 'REQUIRED', userPresence: 'REQUIRED', userVerification: 'REQUIRED' };
/** What an app's rule asks, and which kinds satisfy it. */
const APPS: Readonly<Record<string, readonly [object, readonly Kind[]]>> = {
  'one factor': [{ factorMode: '1FA', constraints: [] }, KINDS],
  'two factors': [{ factorMode: '2FA', constraints: [] }, ['security key', 'platform', 'synced', 'codes']],
  'no phishing': [{ factorMode: '2FA', constraints: possession(verified) }, ['security key', 'platform', 'synced']],
  'on its device': [
    { factorMode: '2FA', constraints: possession({ ...verified, deviceBound: 'REQUIRED' }) },
    ['security key', 'platform'],
  ],
  'in hardware': [{ factorMode: '1FA', constraints: possession({ hardwareProtection: 'REQUIRED' }) }, ['security key']],
};

/** The same kinds in the hands of an administrator, at the Admin Console: its policy and the floors that no setting moves. */
const CONSOLE: Readonly<Record<Kind, string>> = {
  'security key': 'enters',
  platform: 'enters',
  synced: 'key-synced',
  U2F: 'user-not-verified',
  codes: 'no console',
  password: 'no console',
};

describe.each(FIRST_ENGINE)('the matrix of authenticators on %s', (engine) => {
  let server: TestServer;
  /** The owner's two keys: at any time one of them is taken. */
  let withCarried: Person;
  let withBuiltIn: Person;
  let keysPath = '';
  const apps = new Map<string, AppPlace>();
  const people = new Map<string, { person: Person; secret: string | null }>();

  const ok = (reply: Reply): Reply => {
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply;
  };
  const optionsOf = (begun: Reply) =>
    (ok(begun).body['_embedded'] as { activation: { challenge: string; user: { id: string }; sharedSecret: string } })
      .activation;
  const begin = (person: Person, factorType: string) => person.call('POST', '/api/v1/users/me/factors', { factorType });
  const activate = (person: Person, begun: Reply, body: object) =>
    person.call('POST', `/api/v1/users/me/factors/${begun.body['id']}/lifecycle/activate`, body);
  const register = async (person: Person, key: SoftAuthenticator): Promise<void> => {
    const begun = await begin(person, 'webauthn');
    const { challenge, user } = optionsOf(begun);
    const { attestation, clientData, transports } = key.register({
      challenge,
      rpId: 'localhost',
      origin: server.url,
      userId: user.id,
    });
    ok(await activate(person, begun, { attestation, clientData, transports }));
  };
  const byPassword = (person: Person) =>
    person.call('POST', '/api/v1/authn', { username: person.login, password: PASSWORD });
  const open = (person: Person, proved: Reply) =>
    person.call('POST', '/api/v1/sessions', { sessionToken: proved.body['sessionToken'] });

  const makePerson = async (kind: Kind, isAdmin: boolean): Promise<void> => {
    const login = `${kind.replace(' ', '-')}-${isAdmin ? 'admin' : 'user'}@example.org`.toLowerCase();
    const made = ok(
      await withCarried.call('POST', '/api/v1/users', {
        profile: { login, email: login, firstName: 'Test', lastName: 'Person' },
        credentials: { password: { value: PASSWORD } },
      }),
    );
    let person = new Person(server.url, login);
    ok(await open(person, await byPassword(person)));
    let secret: string | null = null;
    if (kind === 'codes') {
      const begun = await begin(person, 'token:software:totp');
      secret = optionsOf(begun).sharedSecret;
      ok(await activate(person, begun, { passCode: totpAt(secret, server.clock.now()) }));
    } else if (kind !== 'password') {
      const key = createSoftAuthenticator(KEYS[kind]);
      await register(person, key);
      person = new Person(server.url, login, person.address, key);
    }
    // Only whoever has power is asked for a code after the password.
    if (isAdmin || kind === 'codes')
      ok(await withCarried.call('POST', `/api/v1/users/${made.body['id']}/roles`, { type: 'READ_ONLY_ADMIN' }));
    people.set(`${kind} ${isAdmin}`, { person, secret });
  };

  /** Null when a session is open; else why not. */
  const signIn = async (kind: Kind, isAdmin: boolean): Promise<{ person: Person; refused: string | null }> => {
    const { person, secret } = people.get(`${kind} ${isAdmin}`) ?? { person: withCarried, secret: null };
    server.clock.advance(31);
    person.cookie = null;
    if (kind in KEYS) {
      const reply = await person.signIn();
      const { reason } = (reply.body['sallyport'] ?? {}) as { reason?: string };
      const isUnverified = reply.text.includes('did not verify');
      return {
        person,
        refused: reply.status === 200 ? null : (reason ?? (isUnverified ? 'user-not-verified' : reply.text)),
      };
    }
    let proved = ok(await byPassword(person));
    if (secret !== null) {
      const { stateToken, _embedded } = proved.body as unknown as {
        stateToken: string;
        _embedded: { factors: { id: string }[] };
      };
      const passCode = totpAt(secret, server.clock.now());
      const path = `/api/v1/authn/factors/${_embedded.factors[0]?.id}/verify`;
      proved = ok(await person.call('POST', path, { stateToken, passCode }));
    }
    const opened = await open(person, proved);
    return { person, refused: opened.status === 200 ? null : opened.text };
  };

  let isCarriedAsked = false;
  const set = async (settings: object): Promise<void> => {
    const owner = isCarriedAsked ? withCarried : withBuiltIn;
    server.clock.advance(60);
    ok(await owner.signIn());
    ok(await owner.call('PUT', `${keysPath}/methods/webauthn`, { settings }));
    isCarriedAsked = 'attachment' in settings && settings.attachment === 'ROAMING';
  };

  beforeAll(async () => {
    server = await startTestServer({ engine });
    const model = { description: 'Key', keyProtection: ['hardware'], attachmentHint: [] };
    const blob = metadataBlob(maker, [
      { ...model, aaguid: OURS, roots: [maker.root] },
      { ...model, aaguid: OWNERS, roots: [ownersMaker.root], statuses: ['FIPS140_CERTIFIED_L2'] },
    ]);
    writeFileSync(join(server.dataDir, 'metadata', 'blob.jwt'), blob);
    await reloadKeyModels(server.services);
    withCarried = await signedInAdmin(server);
    const builtIn = createSoftAuthenticator({ aaguid: OWNERS, maker: ownersMaker, transports: ['internal'] });
    await register(withCarried, builtIn);
    withBuiltIn = new Person(server.url, withCarried.login, withCarried.address, builtIn);
    ok(await withBuiltIn.signIn());
    const list = (await withCarried.get('/api/v1/authenticators')).body as unknown as { id: string; key: string }[];
    keysPath = `/api/v1/authenticators/${list.find(({ key }) => key === 'webauthn')?.id}`;
    await set(RELAXED);
    for (const kind of KINDS) {
      server.clock.advance(31);
      await makePerson(kind, false);
      await makePerson(kind, true);
    }
    for (const [name, [method]] of Object.entries(APPS)) {
      server.clock.advance(31);
      const host = `${name.replaceAll(' ', '-')}.localhost:8081`;
      const place = await createAppAt(withBuiltIn, name, `http://${host}`, server.url);
      const app = (await withBuiltIn.get(`/api/v1/apps/${place.id}`)).body as unknown as {
        _links: { accessPolicy: { href: string } };
      };
      const { pathname } = new URL(app._links.accessPolicy.href);
      ok(
        await withBuiltIn.call('POST', `${pathname}/rules`, {
          type: 'ACCESS_POLICY',
          name: 'everybody',
          priority: 1,
          conditions: {},
          actions: {
            appSignOn: {
              access: 'ALLOW',
              verificationMethod: { type: 'ASSURANCE', reauthenticateIn: 'PT2H', ...method },
            },
          },
        }),
      );
      apps.set(name, place);
    }
  });
  afterAll(() => server.stop());

  it.each(Object.entries(SETTINGS))('%s', async (_name, [settings, refusals]) => {
    await set(settings);
    const expected: Record<string, string> = {};
    const seen: Record<string, string> = {};
    for (const kind of KINDS) {
      const why = (refusals as Partial<Record<Kind, string>>)[kind];
      const { person, refused } = await signIn(kind, false);
      for (const [app, [, kinds]] of Object.entries(APPS)) {
        const at = `${kind} at ${app}`;
        expected[at] = why ?? (kinds.includes(kind) ? 'enters' : 'policy');
        if (refused !== null) seen[at] = refused;
        else {
          const place = apps.get(app);
          if (place === undefined) throw new Error('no app');
          const { status, headers } = await new AppVisitor(person, place).ask();
          const to = String(headers.location ?? '');
          seen[at] = status === 303 && new URL(to, server.url).host === place.host ? 'enters' : 'policy';
        }
      }
      // An administrator's floors come first; what the settings refuse beside them is refused to them, too.
      expected[`${kind} at the console`] = CONSOLE[kind] === 'enters' ? (why ?? 'enters') : CONSOLE[kind];
      const admin = await signIn(kind, true);
      seen[`${kind} at the console`] =
        admin.refused ?? ((await admin.person.get('/api/v1/zones')).status === 200 ? 'enters' : 'no console');
    }
    // Of several reasons one is told; a U2F key of an administrator that proves no model has both.
    if ('U2F' in refusals) expected['U2F at the console'] = refusals.U2F ?? '';
    expect(seen).toEqual(expected);
  });
});
