/** What the organisation asks of keys, over the wire: at registration, at every sign-in, and of what is known of models. */

import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '@sallyport/model/facts';
import {
  createSoftAuthenticator,
  type SoftAuthenticator,
  type SoftAuthenticatorOptions,
} from '@sallyport/testkit/soft-authenticator';
import { createSoftMaker, metadataBlob, type SoftModel } from '@sallyport/testkit/soft-maker';
import { totpAt } from '@sallyport/testkit/soft-totp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reloadKeyModels } from '../../packages/server/src/authenticators/refresh-key-models.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { makeMachine } from '../harness/machine.ts';
import { askedProof, Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const PASSWORD = 'correct horse battery staple';
const OURS = 'cb69481e-8ff7-4039-93ec-0a2729111111';
const OTHERS = 'ee882879-721c-4913-9775-3dfcce97072a';
const DEFAULTS = {
  userVerification: 'REQUIRED',
  userVerificationForVerify: 'REQUIRED',
  attachment: 'ANY',
  residentKeyRequirement: 'DISCOURAGED',
  allowSyncablePasskeys: true,
  certBasedAttestationValidation: false,
  hardwareProtected: false,
  fipsCompliant: false,
  aaguidGroups: [],
};
const maker = createSoftMaker({ aaguid: OURS });
const publisher = createSoftMaker({ name: 'Publisher' });
const model = (change: Partial<SoftModel> = {}): SoftModel => ({
  aaguid: OURS,
  description: 'Our key',
  roots: [maker.root],
  ...change,
});
/** Vouched for as the wire does it. */
const ourModel = (root = maker.root) => ({
  aaguid: OURS.toUpperCase(),
  name: 'Our key',
  attestationRootCertificates: [{ x5c: root.toString('base64') }],
  authenticatorCharacteristics: { hardwareProtected: true, fipsCompliant: false, platformAttached: false },
});

const refusal = ({ status, body }: Reply): [number, unknown, string] => [
  status,
  body['errorCode'],
  String((body['errorCauses'] as { errorSummary: string }[] | undefined)?.[0]?.errorSummary ?? ''),
];

describe.each(FIRST_ENGINE)('authenticator settings on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let base = '';
  let codes = '';
  let count = 0;
  const next = (): number => {
    count += 1;
    return count;
  };

  const read = async (): Promise<Record<string, unknown>> =>
    (await ana.get(`${base}/methods/webauthn`)).body['settings'] as Record<string, unknown>;
  const save = (settings: Record<string, unknown>, query = ''): Promise<Reply> =>
    ana.call('PUT', `${base}/methods/webauthn${query}`, { type: 'webauthn', settings });
  const set = async (settings: Record<string, unknown>): Promise<void> => {
    const reply = await save(settings);
    expect(reply.status, reply.text).toBe(200);
  };
  const tryOut = async (settings: Record<string, unknown>) => {
    const reply = await save(settings, '?dryRun=true');
    expect(reply.status, reply.text).toBe(200);
    return reply.body as unknown as {
      changes: { field: string; from: unknown; to: unknown }[];
      refusedBecause: string | null;
      quarantine: Record<string, unknown> & { holders: { user: { login: string }; keys: { reasons: string[] }[] }[] };
    };
  };
  const metadata = async (models: readonly SoftModel[] | null, file?: string): Promise<void> => {
    writeFileSync(join(server.dataDir, 'metadata', 'blob.jwt'), file ?? metadataBlob(publisher, models ?? [], next()));
    await reloadKeyModels(server.services);
  };
  /** Somebody without power who has a password and a session of it. */
  const somebody = async (): Promise<Person> => {
    const login = `lee${next()}@example.org`;
    await ana.call('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Lee', lastName: 'Park' },
      credentials: { password: { value: PASSWORD } },
    });
    const person = new Person(server.url, login);
    const begun = await person.call('POST', '/api/v1/authn', { username: login, password: PASSWORD });
    const opened = await person.call('POST', '/api/v1/sessions', { sessionToken: begun.body['sessionToken'] });
    expect(opened.status, opened.text).toBe(200);
    return person;
  };
  const begin = async (person: Person): Promise<Reply> => {
    server.clock.advance(1);
    return person.call('POST', '/api/v1/users/me/factors', { factorType: 'webauthn', provider: 'FIDO' });
  };
  const optionsOf = (begun: Reply) =>
    (begun.body['_embedded'] as { activation: Record<string, unknown> & { user: { id: string }; challenge: string } })
      .activation;
  const finish = (person: Person, begun: Reply, key: SoftAuthenticator, more: object = {}): Promise<Reply> => {
    const { challenge, user } = optionsOf(begun);
    const made = key.register({ challenge, rpId: 'localhost', origin: server.url, userId: user.id });
    const { attestation, clientData, transports } = made;
    const path = `/api/v1/users/me/factors/${begun.body['id']}/lifecycle/activate`;
    return person.call('POST', path, { attestation, clientData, transports, ...more });
  };
  const register = async (person: Person, key: SoftAuthenticator, more: object = {}): Promise<Reply> =>
    finish(person, await begin(person), key, more);
  /** Somebody whose one key is this one. */
  const holder = async (options: SoftAuthenticatorOptions): Promise<{ person: Person; registered: Reply }> => {
    const someone = await somebody();
    const key = createSoftAuthenticator(options);
    const registered = await register(someone, key);
    return { person: new Person(server.url, someone.login, someone.address, key), registered };
  };
  const tryKey = async (options: SoftAuthenticatorOptions): Promise<[number, unknown, string]> =>
    refusal((await holder(options)).registered);

  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    const list = (await ana.get('/api/v1/authenticators')).body as unknown as { id: string; key: string }[];
    const idOf = (key: string) => list.find((one) => one.key === key)?.id;
    base = `/api/v1/authenticators/${idOf('webauthn')}`;
    codes = `/api/v1/authenticators/${idOf('google_otp')}`;
  });
  beforeEach(async () => {
    server.clock.advance(60);
    expect((await ana.signIn()).status).toBe(200);
  });
  afterEach(async () => {
    await set(DEFAULTS);
    await ana.call('DELETE', `${base}/aaguids/${OURS}`);
    await metadata([]);
  });
  afterAll(() => server.stop());

  describe('the wire', () => {
    it('shows what is asked, takes changes by proof, and writes them down with what was before', async () => {
      expect(await read()).toEqual({ ...DEFAULTS, enableAutofillUI: false, showSignInWithAPasskeyButton: false });
      const change = { settings: { allowSyncablePasskeys: false } };
      const asked = await ana.callOnce('PUT', `${base}/methods/webauthn`, change);
      expect(askedProof(asked)?.action).toBe('authenticator.update');
      expect(await read()).toMatchObject({ allowSyncablePasskeys: true });
      const before = (await ana.get(base)).body['lastUpdated'];
      await set(change.settings);
      expect(await read()).toMatchObject({ allowSyncablePasskeys: false, userVerification: 'REQUIRED' });
      expect((await ana.get(base)).body['lastUpdated']).not.toBe(before);
      const filter = encodeURIComponent('eventType eq "security.authenticator.lifecycle.update"');
      const events = (await ana.get(`/api/v1/logs?filter=${filter}&sortOrder=DESCENDING`)).body as unknown as {
        target: { changeDetails: { from: object; to: object } }[];
      }[];
      expect(events[0]?.target[0]?.changeDetails).toMatchObject({
        from: { allowSyncablePasskeys: true },
        to: { allowSyncablePasskeys: false },
      });
    });

    it('a writer who read older settings is told', async () => {
      const first = await ana.get(`${base}/methods/webauthn`);
      await set({ attachment: 'ROAMING' });
      const body = { settings: { attachment: 'BUILT_IN' } };
      const late = await ana.call('PUT', `${base}/methods/webauthn`, body, {
        'If-Match': String(first.headers['etag']),
      });
      expect(late.status).toBe(412);
      expect(await read()).toMatchObject({ attachment: 'ROAMING' });
    });

    it.each([
      [{ userVerification: 'SOMETIMES' }, 'userVerification'],
      [{ attachment: 'USB' }, 'attachment'],
      [{ allowSyncablePasskeys: 'no' }, 'allowSyncablePasskeys'],
      [{ unheardOf: true }, 'unheardOf'],
      [{ enableAutofillUI: true }, 'enableAutofillUI'],
      [{ showSignInWithAPasskeyButton: true }, 'showSignInWithAPasskeyButton'],
      [{ userVerificationForVerify: 'DISCOURAGED' }, 'userVerificationForVerify'],
      [{ rpId: { enabled: true, domain: { name: 'example.org' } } }, 'rpId'],
      [{ aaguidGroups: [{ name: 'Ours', aaguids: [OURS] }] }, 'aaguidGroups'],
      [{ aaguidGroups: [{ name: 'Ours', aaguids: ['yubikey'] }] }, 'aaguidGroups'],
      [{ aaguidGroups: [{ name: 'Ours', aaguids: [] }] }, 'aaguidGroups'],
      [{ hardwareProtected: true }, 'hardwareProtected'],
      [{ fipsCompliant: true }, 'fipsCompliant'],
      [{ certBasedAttestationValidation: true }, 'certBasedAttestationValidation'],
    ])('refuses %j, which it could not keep, and changes nothing', async (settings, field) => {
      const before = await read();
      for (const query of ['', '?dryRun=true']) {
        const reply = await save({ residentKeyRequirement: 'REQUIRED', ...settings }, query);
        expect(refusal(reply).slice(0, 2)).toEqual([400, 'E0000001']);
        expect(reply.text).toContain(field);
      }
      expect(await read()).toEqual(before);
    });

    it('what is always so is taken as said', async () => {
      await set({ rpId: { enabled: true, domain: { name: 'localhost' } }, enableAutofillUI: false });
      await set({ rpId: { enabled: false } });
    });

    it('is read and changed by whom it is for: not by lesser administrators, nor for another method', async () => {
      const org = await enrolPerson(server, ana, `org${next()}@example.org`, 'ORG_ADMIN');
      expect((await org.get(`${base}/methods/webauthn`)).status).toBe(200);
      const change = { settings: { allowSyncablePasskeys: false } };
      expect((await org.call('PUT', `${base}/methods/webauthn`, change)).body['errorCode']).toBe('E0000006');
      expect((await org.call('PUT', `${base}/methods/webauthn?dryRun=true`, change)).body['errorCode']).toBe(
        'E0000006',
      );
      const lee = await somebody();
      expect((await lee.get('/sallyport/v1/authenticators/quarantine')).status).toBe(403);
      expect((await ana.call('PUT', `${base}/methods/otp`, change)).status).toBe(404);
      expect((await ana.call('PUT', `${codes}/methods/otp`, {})).body['errorCode']).toBe('E0000001');
    });

    it('an authenticator is renamed; nothing else of it is taken that would not count', async () => {
      const shown = (await ana.get(base)).body;
      const renamed = await ana.call('PUT', base, { ...shown, name: 'Keys' });
      expect(renamed.body).toMatchObject({ name: 'Keys', key: 'webauthn', status: 'ACTIVE' });
      for (const change of [{ key: 'okta_email' }, { status: 'INACTIVE' }, { settings: { allowedFor: 'any' } }])
        expect(refusal(await ana.call('PUT', base, { ...shown, ...change })).slice(0, 2)).toEqual([400, 'E0000001']);
      await ana.call('PUT', base, { name: String(shown['name']) });
      expect((await ana.get(base)).body['name']).toBe(shown['name']);
    });
  });

  describe('at registration and sign-in', () => {
    it('what a browser is asked to make follows the settings, an administrator’s verification excepted', async () => {
      await set({ userVerification: 'DISCOURAGED', userVerificationForVerify: 'PREFERRED', attachment: 'ROAMING' });
      const selection = {
        authenticatorAttachment: 'cross-platform',
        residentKey: 'discouraged',
        requireResidentKey: false,
      };
      const lee = await somebody();
      expect(optionsOf(await begin(lee))['authenticatorSelection']).toEqual({
        ...selection,
        userVerification: 'discouraged',
      });
      expect(optionsOf(await begin(ana))['authenticatorSelection']).toEqual({
        ...selection,
        userVerification: 'required',
      });
      await set({ userVerification: 'PREFERRED', attachment: 'ANY', residentKeyRequirement: 'REQUIRED' });
      expect(optionsOf(await begin(lee))['authenticatorSelection']).toEqual({
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'preferred',
      });
    });

    it('a key that verifies nobody is for those without power, where the settings say so, and no longer when they do not', async () => {
      const u2f = { userVerifies: false };
      expect(await tryKey(u2f)).toEqual([400, 'E0000228', expect.stringContaining('did not verify')]);
      await set({ userVerification: 'DISCOURAGED', userVerificationForVerify: 'PREFERRED' });
      const { person } = await holder(u2f);
      expect((await person.signIn()).status).toBe(200);
      expect((await register(ana, createSoftAuthenticator(u2f))).body['errorCode']).toBe('E0000228');
      await set({ userVerificationForVerify: 'REQUIRED' });
      expect(refusal(await person.signIn())).toEqual([403, 'E0000068', expect.stringContaining('did not verify')]);
      // Implied: what is asked at registration is asked at sign-in.
      await set({ userVerification: 'REQUIRED', userVerificationForVerify: 'PREFERRED' });
      expect(await read()).toMatchObject({ userVerificationForVerify: 'REQUIRED' });
    });

    it('a name that does not exist is asked the same as one that does, administrators’ too', async () => {
      const verificationOf = async (login: string) => {
        const stranger = new Person(server.url, login);
        const begun = await stranger.call('POST', '/api/v1/authn', { username: login });
        const { stateToken, _embedded } = begun.body as unknown as {
          stateToken: string;
          _embedded: { factors: { id: string }[] };
        };
        const path = `/api/v1/authn/factors/${_embedded.factors[0]?.id}/verify`;
        const { text } = await stranger.call('POST', path, { stateToken });
        return /"userVerification":"(\w+)"/.exec(text)?.[1];
      };
      for (const [settings, asked] of [
        [{ userVerification: 'PREFERRED', userVerificationForVerify: 'PREFERRED' }, 'preferred'],
        [{ userVerificationForVerify: 'REQUIRED' }, 'required'],
      ] as const) {
        await set(settings);
        for (const login of ['ana@example.org', 'nobody@example.org']) expect(await verificationOf(login)).toBe(asked);
      }
    });

    it('synced passkeys that are not taken any more are refused at the next sign-in, with the reason', async () => {
      const synced = { isBackupEligible: true, isBackedUp: true, transports: ['internal', 'hybrid'] };
      const { person } = await holder(synced);
      expect((await person.signIn()).status).toBe(200);
      await set({ allowSyncablePasskeys: false });
      expect(await tryKey(synced)).toEqual([400, 'E0000228', expect.stringContaining('synced')]);
      const refused = await person.signIn();
      expect(refusal(refused)).toEqual([403, 'E0000228', expect.stringContaining('only keys that stay on a device')]);
      expect(refused.body['sallyport']).toEqual({ kind: 'denied', reason: 'key-synced-not-allowed' });
      const filter = encodeURIComponent(
        'eventType eq "user.authentication.auth_via_mfa" and outcome.result eq "FAILURE"',
      );
      const [event] = (await ana.get(`/api/v1/logs?filter=${filter}&sortOrder=DESCENDING`)).body as unknown as {
        outcome: { reason: string };
      }[];
      expect(event?.outcome.reason).toBe('key-synced-not-allowed');
      await set({ allowSyncablePasskeys: true });
      expect((await person.signIn()).status).toBe(200);
    });

    it('built in or carried along: by what the browser said, and silence is neither', async () => {
      const builtIn = await holder({ transports: ['internal'] });
      const carried = await holder({ transports: ['usb', 'nfc'] });
      const silent = await holder({ transports: [] });
      await set({ attachment: 'ROAMING' });
      expect((await carried.person.signIn()).status).toBe(200);
      for (const { person } of [builtIn, silent])
        expect((await person.signIn()).body['sallyport']).toMatchObject({ reason: 'key-not-roaming' });
      expect((await tryKey({ transports: ['internal'] }))[1]).toBe('E0000228');
      expect((await tryKey({ transports: [] }))[1]).toBe('E0000228');
      expect((await tryKey({ transports: ['usb'] }))[0]).toBe(200);
    });

    it('a key that must keep the account on it says so, or is not registered', async () => {
      await set({ residentKeyRequirement: 'REQUIRED' });
      const lee = await somebody();
      for (const more of [
        {},
        { clientExtensions: { credProps: { rk: false } } },
        { clientExtensions: { credProps: 1 } },
      ])
        expect(refusal(await register(lee, createSoftAuthenticator(), more))[1]).toBe('E0000228');
      const kept = await register(lee, createSoftAuthenticator(), { clientExtensions: { credProps: { rk: true } } });
      expect(kept.status, kept.text).toBe(200);
    });

    it('a proof for an action is judged by the settings, too', async () => {
      const spare = createSoftAuthenticator({ transports: ['internal'] });
      const registered = await register(ana, spare);
      await set({ attachment: 'ROAMING' });
      const asked = askedProof(await ana.callOnce('PUT', `${base}/methods/webauthn`, { settings: DEFAULTS }));
      if (asked === null) throw new Error('no proof asked');
      const refused = await ana.giveProof(asked, spare).catch((error: Error) => error.message);
      // Either the key is not even asked for, or its answer does not count.
      expect(typeof refused === 'string' ? refused : refusal(refused)[1]).toMatch(/no credential|E0000092/);
      expect(await read()).toMatchObject({ attachment: 'ROAMING' });
      expect((await ana.call('DELETE', `/api/v1/users/me/factors/${registered.body['id']}`)).status).toBe(204);
    });
  });

  describe('models', () => {
    it('a key with a chain to a root of its model is attested, any other is a claim', async () => {
      const others = createSoftMaker({ aaguid: OURS });
      const keys: readonly (readonly [SoftAuthenticatorOptions, boolean])[] = [
        [{ aaguid: OURS, maker }, true],
        [{ aaguid: OURS }, false],
        [{ aaguid: OURS, maker: others }, false],
        [{ aaguid: OTHERS, maker: createSoftMaker() }, false],
      ];
      await metadata([model()]);
      for (const [options, isAttested] of keys) {
        const { registered } = await holder(options);
        expect(registered.body['sallyport'], JSON.stringify(options.aaguid)).toMatchObject({ isAttested });
      }
      // The certificate names its model: a key of ours that says it is another's is no key at all.
      expect((await tryKey({ aaguid: OTHERS, maker }))[1]).toBe('E0000068');
    });

    it('a root that is no authority, or not valid then, vouches for nothing', async () => {
      for (const bad of [
        createSoftMaker({ isIssuerCa: false }),
        createSoftMaker({ validTo: Date.UTC(2026, 0) }),
        createSoftMaker({ validFrom: Date.UTC(2026, 11, 24) }),
      ]) {
        await metadata([model({ roots: [bad.root] })]);
        const { registered } = await holder({ aaguid: OURS, maker: bad });
        // What the library finds wrong with the certificate is refused; what it lets pass is a claim.
        expect([registered.status, registered.body['sallyport']]).toEqual(
          registered.status === 200 ? [200, expect.objectContaining({ isAttested: false })] : [403, undefined],
        );
      }
    });

    it('an earlier key is attested as soon as its model is known, and a claim again when it is not', async () => {
      const { person, registered } = await holder({ aaguid: OURS, maker });
      expect(registered.body['sallyport']).toMatchObject({ isAttested: false });
      const isAttested = async () => {
        const [one] = (await person.get('/api/v1/users/me/factors')).body as unknown as {
          sallyport: { isAttested: boolean };
        }[];
        return one?.sallyport.isAttested;
      };
      await person.signIn();
      await metadata([model()]);
      expect(await isAttested()).toBe(true);
      await metadata([model({ roots: [createSoftMaker().root] })]);
      expect(await isAttested()).toBe(false);
      await ana.call('POST', `${base}/aaguids`, ourModel());
      expect(await isAttested()).toBe(true);
      await server.restart();
      await ana.signIn();
      await person.signIn();
      expect(await isAttested()).toBe(true);
      await ana.call('DELETE', `${base}/aaguids/${OURS}`);
      expect(await isAttested()).toBe(false);
    });

    it('a group takes its models alone, and what metadata says of a model counts today', async () => {
      await metadata([model(), model({ aaguid: OTHERS, roots: [publisher.root] })]);
      const owner = createSoftAuthenticator({ aaguid: OURS, maker });
      expect((await register(ana, owner)).status).toBe(200);
      const mine = await holder({ aaguid: OURS, maker });
      const claimed = await holder({ aaguid: OURS });
      const theirs = await holder({ aaguid: OTHERS, maker: publisher });
      const attested = { certBasedAttestationValidation: true };
      const group = (aaguid: string) => ({ ...attested, aaguidGroups: [{ name: 'Issued', aaguids: [aaguid] }] });
      await set(group(OURS.toUpperCase()));
      // The owner's other key is none of these: from now on this one opens.
      ana = new Person(server.url, ana.login, ana.address, owner);
      expect((await ana.signIn()).status).toBe(200);
      expect((await mine.person.signIn()).status).toBe(200);
      const reason = async ({ person }: { person: Person }) =>
        ((await person.signIn()).body['sallyport'] as { reason: string } | undefined)?.reason;
      expect(await reason(claimed)).toBe('key-model-not-proved');
      expect(await reason(theirs)).toBe('key-model-not-listed');
      expect((await tryKey({ aaguid: OTHERS, maker: publisher }))[1]).toBe('E0000228');
      await set({ aaguidGroups: [], hardwareProtected: true });
      expect(await reason(theirs)).toBeUndefined();
      await metadata([model(), model({ aaguid: OTHERS, roots: [publisher.root], keyProtection: ['software'] })]);
      expect(await reason(theirs)).toBe('key-not-hardware');
      await set({ hardwareProtected: false });
      await metadata([model(), model({ aaguid: OTHERS, roots: [publisher.root], statuses: ['REVOKED'] })]);
      expect(await reason(theirs)).toBe('key-model-compromised');
      // FIPS would shut the owner out: nobody's key is certified.
      expect(refusal(await save({ fipsCompliant: true }))).toEqual([
        403,
        'E0000006',
        expect.stringContaining('super admin'),
      ]);
      const fips = model({ statuses: ['FIDO_CERTIFIED', 'FIPS140_CERTIFIED_L2'] });
      await metadata([fips, model({ aaguid: OTHERS, roots: [publisher.root] })]);
      await set({ fipsCompliant: true });
      expect((await mine.person.signIn()).status).toBe(200);
      expect(await reason(theirs)).toBe('key-not-fips');
    });

    it('the file’s own signature is checked when its root lies beside it, and a bad file changes nothing', async () => {
      const known = async () =>
        (await ana.get('/sallyport/v1/authenticators/models')).body['metadata'] as Record<string, unknown> | null;
      await metadata([model()]);
      expect(await known()).toMatchObject({
        models: 1,
        isSignatureChecked: false,
        problem: null,
        nextUpdate: '2027-01-01',
      });
      const pem = (root: Buffer) =>
        `-----BEGIN CERTIFICATE-----\n${root.toString('base64')}\n-----END CERTIFICATE-----\n`;
      const root = (text: string) => writeFileSync(join(server.dataDir, 'metadata', 'root.pem'), text);
      root(pem(publisher.root));
      await metadata([model()]);
      expect(await known()).toMatchObject({ models: 1, isSignatureChecked: true, problem: null });
      for (const bad of [
        metadataBlob(createSoftMaker(), [model(), model({ aaguid: OTHERS })], 99),
        metadataBlob(publisher, [model()], 99).replace(/\.[^.]*$/, `.${'A'.repeat(86)}`),
        'no metadata at all',
      ]) {
        await metadata(null, bad);
        expect(await known()).toMatchObject({ models: 1, problem: expect.any(String) });
        expect((await holder({ aaguid: OURS, maker })).registered.body['sallyport']).toMatchObject({
          isAttested: true,
        });
      }
      unlinkSync(join(server.dataDir, 'metadata', 'root.pem'));
      await metadata([model()]);
      expect(await known()).toMatchObject({ models: 1, isSignatureChecked: false, problem: null });
    });

    it('models of one’s own are added, changed and taken away; roots that are none are refused', async () => {
      const made = await ana.call('POST', `${base}/aaguids`, ourModel());
      expect(made.body, made.text).toMatchObject({
        aaguid: OURS,
        name: 'Our key',
        authenticatorCharacteristics: { hardwareProtected: true, fipsCompliant: false, platformAttached: false },
        attestationRootCertificates: [{ iss: 'CN=Soft Keys Root', exp: '2060-01-01T00:00:00.000Z' }],
      });
      expect((await ana.get(`${base}/aaguids`)).body).toEqual([made.body]);
      expect((await ana.get(`${base}/aaguids/${OURS.toUpperCase()}`)).body).toEqual(made.body);
      const x5c = maker.root.toString('base64');
      for (const body of [
        ourModel(),
        { ...ourModel(), aaguid: '00000000-0000-0000-0000-000000000000' },
        { ...ourModel(), aaguid: 'ours' },
        { ...ourModel(), aaguid: OTHERS, attestationRootCertificates: [] },
        { ...ourModel(), aaguid: OTHERS, attestationRootCertificates: [{ x5c: 'AAAA' }] },
        { ...ourModel(), aaguid: OTHERS, attestationRootCertificates: [{ x5c: x5c.slice(0, 200) }] },
        {
          ...ourModel(createSoftMaker({ validTo: Date.UTC(2026, 0) }).root),
          aaguid: OTHERS,
        },
      ])
        expect(refusal(await ana.call('POST', `${base}/aaguids`, body)).slice(0, 2)).toEqual([400, 'E0000001']);
      const path = `${base}/aaguids/${OURS}`;
      const patched = await ana.call('PATCH', path, { authenticatorCharacteristics: { fipsCompliant: true } });
      expect(patched.body['authenticatorCharacteristics']).toEqual({
        hardwareProtected: true,
        fipsCompliant: true,
        platformAttached: false,
      });
      const replaced = await ana.call('PUT', path, { name: 'Key', attestationRootCertificates: [{ x5c }] });
      expect(replaced.body).toMatchObject({ name: 'Key', authenticatorCharacteristics: { hardwareProtected: false } });
      expect((await ana.call('PATCH', `${base}/aaguids/${OTHERS}`, {})).status).toBe(404);
      expect((await ana.get(`${codes}/aaguids`)).status).toBe(404);
      const spare = createSoftAuthenticator({ aaguid: OURS, maker });
      const registered = await register(ana, spare);
      expect(registered.status).toBe(200);
      await set({ certBasedAttestationValidation: true, aaguidGroups: [{ name: 'Issued', aaguids: [OURS] }] });
      ana = new Person(server.url, ana.login, ana.address, spare);
      await ana.signIn();
      // Attested, and of a model of which nobody says that it keeps its secret in hardware.
      const verdicts = await server.services.store.read.selectFrom('verdicts').select('input').execute();
      const proofs = verdicts
        .flatMap(({ input }) => (JSON.parse(input) as { facts: Facts }).facts.proofs?.value ?? [])
        .filter(({ factorId }) => factorId === registered.body['id']);
      expect(proofs.length).toBeGreaterThan(0);
      for (const proof of proofs) expect(proof).toMatchObject({ isHardwareProtected: false, isDeviceBound: true });
      expect(refusal(await ana.call('DELETE', path))).toEqual([400, 'E0000209', expect.stringContaining('Issued')]);
      // Other roots would leave nobody who can sign in.
      const other = { attestationRootCertificates: [{ x5c: publisher.root.toString('base64') }] };
      expect(refusal(await ana.call('PATCH', path, other)).slice(0, 2)).toEqual([403, 'E0000006']);
      expect((await ana.signIn()).status).toBe(200);
    });
  });

  describe('nobody is shut out unseen', () => {
    it('the last super admin who can sign in keeps that, also when two changes meet', async () => {
      const before = await read();
      const builtIn = { attachment: 'BUILT_IN' };
      const preview = await tryOut(builtIn);
      expect(preview).toMatchObject({
        changes: [{ field: 'attachment', from: 'ANY', to: 'BUILT_IN' }],
        refusedBecause: expect.stringContaining('super admin'),
      });
      expect(refusal(await save(builtIn)).slice(0, 2)).toEqual([403, 'E0000006']);
      expect(await read()).toEqual(before);
      const spare = createSoftAuthenticator({ transports: ['internal'] });
      const begun = await begin(ana);
      expect(optionsOf(begun)['authenticatorSelection']).not.toHaveProperty('authenticatorAttachment');
      const registered = await finish(ana, begun, spare);
      expect((await tryOut(builtIn)).refusedBecause).toBeNull();
      const change = await ana.prepare('PUT', `${base}/methods/webauthn`, { settings: builtIn });
      const removal = await ana.prepare('DELETE', `/api/v1/users/me/factors/${registered.body['id']}`);
      const replies = await Promise.all([change(), removal()]);
      expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
        expect.toBeOneOf([200, 204]),
        403,
      ]);
      const able = new Person(
        server.url,
        ana.login,
        ana.address,
        (await read())['attachment'] === 'ANY' ? ana.key : spare,
      );
      expect((await able.signIn()).status).toBe(200);
      // The first key opens again, and this one is in nobody's way.
      await able.call('PUT', `${base}/methods/webauthn`, { settings: DEFAULTS });
      expect((await ana.signIn()).status).toBe(200);
      await ana.call('DELETE', `/api/v1/users/me/factors/${registered.body['id']}`);
    });

    it('the report says whose keys do not qualify, why, and what saving would do', async () => {
      const quarantine = async () => (await ana.get('/sallyport/v1/authenticators/quarantine')).body;
      await set(DEFAULTS);
      const { person } = await holder({ isBackupEligible: true, transports: ['internal'] });
      const spare = await enrolPerson(server, ana, `root${next()}@example.org`, 'SUPER_ADMIN');
      expect(await quarantine()).toMatchObject({ keys: 0, summary: 'Every registered key qualifies.', holders: [] });
      const preview = await tryOut({ attachment: 'ROAMING', allowSyncablePasskeys: false });
      const mine = preview.quarantine.holders.find(({ user }) => user.login === person.login);
      expect(mine).toMatchObject({
        isAdmin: false,
        otherKeys: 0,
        keys: [{ isNew: true, reasons: ['key-synced-not-allowed', 'key-not-roaming'], isAttested: false }],
      });
      expect(preview.quarantine['summary']).toMatch(/\d+ (?:person has|people have) no other key/);
      expect(await quarantine()).toMatchObject({ keys: 0 });
      await set({ attachment: 'ROAMING' });
      const after = (await quarantine()) as unknown as typeof preview.quarantine;
      expect(after.holders.map(({ user }) => user.login)).toContain(person.login);
      expect(after.holders.map(({ user }) => user.login)).not.toContain(spare.login);
      // A synced key of a person who becomes an administrator stands there by that alone.
      await set(DEFAULTS);
      const id = String((await person.get('/api/v1/users/me')).body['id'] ?? '');
      const users = (await ana.get(`/api/v1/users/${person.login}`)).body;
      await ana.call('POST', `/api/v1/users/${id || users['id']}/roles`, { type: 'READ_ONLY_ADMIN' });
      expect(await quarantine()).toMatchObject({
        keys: 1,
        peopleWithoutKey: 1,
        superAdminsWithoutKey: 0,
        holders: [{ isAdmin: true, keys: [{ reasons: ['key-synced'], isNew: false }] }],
      });
      await ana.call('POST', `/api/v1/users/${users['id']}/lifecycle/deactivate`);
      expect(await quarantine()).toMatchObject({ keys: 0 });
      await ana.call('DELETE', `/api/v1/users/${spare.login}/roles`);
      await ana.call('POST', `/api/v1/users/${spare.login}/lifecycle/deactivate`);
    });

    it('tells who they are to whoever may read accounts alone, also when it is only tried out', async () => {
      const { person } = await holder({ isBackupEligible: true, transports: ['internal'] });
      await set({ allowSyncablePasskeys: false });
      const machine = await makeMachine(server, ana, {
        scopes: ['okta.authenticators.manage'],
        roles: ['SUPER_ADMIN'],
        protectedActions: ['authenticator.update'],
      });
      await machine.authenticate('okta.authenticators.manage');
      const report = (await machine.call('GET', '/sallyport/v1/authenticators/quarantine')).body;
      const { peopleWithoutKey } = (await ana.get('/sallyport/v1/authenticators/quarantine')).body;
      expect(Number(peopleWithoutKey)).toBeGreaterThan(0);
      expect(report).toMatchObject({ peopleWithoutKey, holders: [] });
      const tried = await machine.call('PUT', `${base}/methods/webauthn?dryRun=true`, {
        settings: { allowSyncablePasskeys: false, attachment: 'ROAMING' },
      });
      expect([tried.status, tried.body['quarantine']], tried.text).toEqual([
        200,
        expect.objectContaining({ peopleWithoutKey: expect.any(Number), holders: [] }),
      ]);
      for (const text of [JSON.stringify(report), tried.text]) expect(text).not.toContain(person.login);
      expect((await tryOut({ attachment: 'ROAMING' })).quarantine.holders.map(({ user }) => user.login)).toContain(
        person.login,
      );
      await set(DEFAULTS);
    });

    it('keys and passwords stay on; codes of an app go off, and a password alone is not enough then', async () => {
      const lee = await somebody();
      const begun = await lee.call('POST', '/api/v1/users/me/factors', { factorType: 'token:software:totp' });
      const { sharedSecret } = optionsOf(begun) as unknown as { sharedSecret: string };
      const activate = `/api/v1/users/me/factors/${begun.body['id']}/lifecycle/activate`;
      const code = () => totpAt(sharedSecret, server.clock.now());
      expect((await lee.call('POST', activate, { passCode: code() })).status).toBe(200);
      expect(
        (await lee.call('POST', '/api/v1/authn', { username: lee.login, password: PASSWORD })).body['status'],
      ).toBe('SUCCESS');
      const { id } = (await ana.get(`/api/v1/users/${lee.login}`)).body;
      expect((await ana.call('POST', `/api/v1/users/${id}/roles`, { type: 'READ_ONLY_ADMIN' })).status).toBe(201);
      const withPassword = () => lee.call('POST', '/api/v1/authn', { username: lee.login, password: PASSWORD });
      const running = await withPassword();
      expect(running.body['status']).toBe('MFA_REQUIRED');
      expect((await ana.call('POST', `${base}/lifecycle/deactivate`)).body['errorCode']).toBe('E0000219');
      const list = (await ana.get('/api/v1/authenticators')).body as unknown as { id: string; key: string }[];
      for (const [key, verb] of [
        ['okta_password', 'deactivate'],
        ['okta_email', 'activate'],
      ] as const) {
        const one = list.find((authenticator) => authenticator.key === key)?.id;
        expect((await ana.call('POST', `/api/v1/authenticators/${one}/lifecycle/${verb}`)).body['errorCode']).toBe(
          'E0000060',
        );
      }
      const off = await ana.call('POST', `${codes}/lifecycle/deactivate`);
      expect(off.body).toMatchObject({ key: 'google_otp', status: 'INACTIVE' });
      expect((await ana.get(`${codes}/methods/otp`)).body['status']).toBe('INACTIVE');
      // Neither a new sign-in nor the one that had begun, and nobody sets one up.
      expect(refusal(await withPassword())).toEqual([403, 'E0000085', expect.stringContaining('switched off')]);
      server.clock.advance(30);
      const { stateToken } = running.body as unknown as { stateToken: string };
      const late = await lee.call('POST', `/api/v1/authn/factors/${begun.body['id']}/verify`, {
        stateToken,
        passCode: code(),
      });
      expect(late.status).toBeGreaterThanOrEqual(400);
      const other = await somebody();
      const refused = await other.call('POST', '/api/v1/users/me/factors', { factorType: 'token:software:totp' });
      expect(refusal(refused).slice(0, 2)).toEqual([403, 'E0000014']);
      expect((await ana.call('POST', `${codes}/methods/otp/lifecycle/activate`)).body['status']).toBe('ACTIVE');
      expect((await withPassword()).body['status']).toBe('MFA_REQUIRED');
    });
  });
});
