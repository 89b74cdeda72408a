import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { encodeCbor } from '@sallyport/testkit/encode-cbor';
import { createSoftAuthenticator, type SoftAuthenticatorOptions } from '@sallyport/testkit/soft-authenticator';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { creationOptions, verifyAssertion, verifyRegistration } from './verify-webauthn.ts';

const RP_ID = 'admin.example.org';
const ORIGIN = 'https://admin.example.org';
const AT = { rpId: RP_ID, origin: ORIGIN } as const;
const newChallenge = (): string => randomBytes(32).toString('base64url');
const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

/** Every text that differs from `text` in one bit of its bytes. */
const flipsOf = (text: string, from = 0): string[] =>
  Array.from({ length: (bytes(text).length - from) * 8 }, (_, bit) => {
    const copy = bytes(text);
    const at = from + (bit >> 3);
    copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
    return copy.toString('base64url');
  });

const registered = async (options: SoftAuthenticatorOptions = {}) => {
  const key = createSoftAuthenticator(options);
  const challenge = newChallenge();
  const made = key.register({ ...AT, challenge, userId: '00u1' });
  const input = { attestation: made.attestation, clientData: made.clientData, expectedChallenge: challenge, ...AT };
  const verified = await verifyRegistration(input);
  if (!verified.ok) throw new Error(verified.detail);
  const credential = { id: verified.credentialId, publicKey: verified.publicKey };
  const signed = () => {
    const expectedChallenge = newChallenge();
    const answer = key.assert({ ...AT, challenge: expectedChallenge, allowCredentials: [credential.id] });
    const { clientData, authenticatorData, signatureData } = answer;
    return { clientData, authenticatorData, signatureData, credential, expectedChallenge, ...AT };
  };
  return { key, made, input, verified, credential, signed };
};

describe('creationOptions', () => {
  it('asks for a device-bound key that verifies its holder and tells what it is', () => {
    const asked = { userVerification: 'required', residentKey: 'discouraged', attachment: null } as const;
    const options = {
      asked,
      challenge: 'AAAA',
      rpId: RP_ID,
      userId: '00uü',
      userName: 'ana@example.org',
      displayName: 'Ana',
    };
    expect(creationOptions({ ...options, excludeCredentials: ['abc', 'def'] })).toEqual({
      rp: { id: RP_ID, name: 'Sallyport' },
      user: { id: 'MDB1w7w', name: 'ana@example.org', displayName: 'Ana' },
      challenge: 'AAAA',
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -8 },
        { type: 'public-key', alg: -257 },
      ],
      timeout: 120_000,
      attestation: 'direct',
      authenticatorSelection: { residentKey: 'discouraged', requireResidentKey: false, userVerification: 'required' },
      excludeCredentials: [
        { type: 'public-key', id: 'abc' },
        { type: 'public-key', id: 'def' },
      ],
      extensions: { credProps: true },
    });
    const other = { userVerification: 'preferred', residentKey: 'required', attachment: 'cross-platform' } as const;
    expect(creationOptions({ ...options, asked: other, excludeCredentials: [] }).authenticatorSelection).toEqual({
      authenticatorAttachment: 'cross-platform',
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'preferred',
    });
  });
});

describe('a registration', () => {
  let good: Awaited<ReturnType<typeof registered>>;
  beforeAll(async () => {
    good = await registered({ aaguid: '01020304-0506-0708-0102-030405060708' });
  });
  const refused = async (change: Partial<Record<keyof typeof good.input, unknown>>) => {
    const answer = await verifyRegistration({ ...good.input, ...change } as typeof good.input);
    expect(answer).toEqual({ ok: false, reason: 'key-answer-invalid', detail: expect.any(String) });
    return answer.ok ? '' : answer.detail;
  };

  it('tells the credential, its key and its flags', () => {
    expect(good.verified).toEqual({
      ok: true,
      credentialId: good.made.credentialId,
      publicKey: expect.stringMatching(/^[A-Za-z0-9_-]{103}$/),
      signCount: 1,
      isBackupEligible: false,
      isBackedUp: false,
      isUserVerified: true,
      aaguid: '01020304-0506-0708-0102-030405060708',
      attestationFormat: 'none',
      attestationChain: null,
    });
  });

  it.each([
    [{ isBackupEligible: true }, { isBackupEligible: true, isBackedUp: false }],
    [
      { isBackupEligible: true, isBackedUp: true },
      { isBackupEligible: true, isBackedUp: true },
    ],
    [{ userVerifies: false }, { isUserVerified: false }],
    [{ counter: 'zero' as const }, { signCount: 0 }],
    // Illegal, and therefore told: the incident is `decide`'s to see.
    [{ isBackedUp: true }, { isBackupEligible: false, isBackedUp: true }],
  ])('with %o tells %o for decide to judge', async (options, told) => {
    expect((await registered(options)).verified).toMatchObject(told);
  });

  it('comes in base64 as well', async () => {
    const base64 = (text: string): string => bytes(text).toString('base64');
    const input = {
      ...good.input,
      attestation: base64(good.input.attestation),
      clientData: base64(good.input.clientData),
    };
    expect(await verifyRegistration(input)).toEqual(good.verified);
  });

  it('is refused with another challenge, origin or RP id, or with none', async () => {
    expect(await refused({ expectedChallenge: newChallenge() })).toContain('challenge');
    for (const origin of ['https://phish.example', 'https://admin.example.org:444', 'http://admin.example.org'])
      expect(await refused({ origin })).toContain('origin');
    for (const rpId of ['example.org', 'phish.example']) expect(await refused({ rpId })).toContain('RP ID');
    for (const nothing of [{ expectedChallenge: '' }, { origin: '' }, { rpId: '' }])
      expect(await refused(nothing)).toContain('must be expected');
  });

  it('is refused when the answer itself says that the page was framed, or that it is an assertion', async () => {
    const clientData = (change: object): string =>
      Buffer.from(JSON.stringify({ ...JSON.parse(bytes(good.input.clientData).toString()), ...change })).toString(
        'base64url',
      );
    expect((await verifyRegistration({ ...good.input, clientData: clientData({}) })).ok).toBe(true);
    expect(await refused({ clientData: clientData({ crossOrigin: true }) })).toContain('another page');
    expect(await refused({ clientData: clientData({ crossOrigin: 'true' }) })).toContain('another page');
    expect(await refused({ clientData: clientData({ topOrigin: 'https://phish.example' }) })).toContain('another page');
    expect(await refused({ clientData: clientData({ type: 'webauthn.get' }) })).toContain('type');
  });

  it('with an empty challenge is nobody’s', async () => {
    const made = createSoftAuthenticator().register({ ...AT, challenge: '', userId: '1' });
    await refused({ attestation: made.attestation, clientData: made.clientData, expectedChallenge: '' });
  });

  it('with illegal flags still has to be right in everything else', async () => {
    const challenge = newChallenge();
    const made = createSoftAuthenticator({ isBackedUp: true }).register({ ...AT, challenge, userId: '1' });
    const input = { attestation: made.attestation, clientData: made.clientData, expectedChallenge: challenge };
    expect((await verifyRegistration({ ...good.input, ...input })).ok).toBe(true);
    await refused({ ...input, expectedChallenge: newChallenge() });
    await refused({ ...input, origin: 'https://phish.example' });
    await refused({ ...input, rpId: 'phish.example' });
  });

  it('cut off anywhere is refused', async () => {
    const { attestation, clientData } = good.input;
    for (let length = 0; length < bytes(attestation).length; length += 1)
      await refused({ attestation: bytes(attestation).subarray(0, length).toString('base64url') });
    for (let length = 0; length < bytes(clientData).length; length += 1)
      await refused({ clientData: bytes(clientData).subarray(0, length).toString('base64url') });
  });

  it('of a wrong type, alphabet, spelling or size is refused', async () => {
    const { attestation } = good.input;
    for (const bad of [
      undefined,
      null,
      0,
      {},
      [],
      true,
      '',
      '=',
      'a',
      '%%%%',
      'null',
      ` ${attestation}`,
      `${attestation}\n`,
      'A'.repeat(100_000),
    ]) {
      await refused({ attestation: bad });
      await refused({ clientData: bad });
    }
    for (const json of ['null', '[]', '1', '"x"', '{}', '{"type":null}', `${'['.repeat(2000)}`])
      await refused({ clientData: Buffer.from(json).toString('base64url') });
  });

  /** A registration from parts, signed or not. */
  const build = (parts: {
    alg?: number;
    idBytes?: number;
    fmt?: string;
    attStmt?: 'self' | 'nonsense' | 'empty';
    flags?: number;
  }) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const cose = encodeCbor(
      new Map<number, number | Buffer>([
        [1, 2],
        [3, parts.alg ?? -7],
        [-1, 1],
        [-2, bytes(x)],
        [-3, bytes(y)],
      ]),
    );
    const id = randomBytes(parts.idBytes ?? 32);
    const idLength = Buffer.alloc(2);
    idLength.writeUInt16BE(id.length);
    const authData = Buffer.concat([
      sha256(Buffer.from(RP_ID)),
      Buffer.from([parts.flags ?? 0x45, 0, 0, 0, 1]),
      Buffer.alloc(16, 7),
      idLength,
      id,
      cose,
    ]);
    const expectedChallenge = newChallenge();
    const clientData = Buffer.from(
      JSON.stringify({ type: 'webauthn.create', challenge: expectedChallenge, origin: ORIGIN, crossOrigin: false }),
    );
    const sig = sign('sha256', Buffer.concat([authData, sha256(clientData)]), privateKey);
    const attStmt = {
      self: new Map<string, number | Buffer>([
        ['alg', -7],
        ['sig', sig],
      ]),
      nonsense: new Map([['x5c', [Buffer.from('30', 'hex')]]]),
      empty: new Map(),
    }[parts.attStmt ?? 'empty'];
    const attestation = encodeCbor(
      new Map<string, string | Buffer | typeof attStmt>([
        ['fmt', parts.fmt ?? 'none'],
        ['attStmt', attStmt],
        ['authData', authData],
      ]),
    );
    return {
      attestation: attestation.toString('base64url'),
      clientData: clientData.toString('base64url'),
      expectedChallenge,
      ...AT,
    };
  };

  it('holds a credential id of 16 to 1023 bytes', async () => {
    for (const [idBytes, ok] of [
      [0, false],
      [15, false],
      [16, true],
      [1023, true],
      [1024, false],
    ] as const)
      expect([idBytes, (await verifyRegistration(build({ idBytes }))).ok]).toEqual([idBytes, ok]);
  });

  it('needs an algorithm that was asked for, a present user and a credential', async () => {
    expect((await verifyRegistration(build({}))).ok).toBe(true);
    for (const bad of [
      { alg: -35 },
      { alg: -48 },
      { flags: 0x44 },
      { flags: 0x05 },
      { fmt: 'unheard-of' },
      { attStmt: 'self' as const },
    ])
      await refused(build(bad));
  });

  it('that attests itself is verified, yet not attested', async () => {
    const answer = await verifyRegistration(build({ fmt: 'packed', attStmt: 'self' }));
    expect(answer).toMatchObject({ ok: true, attestationFormat: 'packed', attestationChain: null });
  });

  it('that attests itself is refused when any bit of it is flipped', async () => {
    const input = build({ fmt: 'packed', attStmt: 'self' });
    const accepted: string[] = [];
    for (const attestation of flipsOf(input.attestation))
      if ((await verifyRegistration({ ...input, attestation })).ok) accepted.push(attestation);
    for (const clientData of flipsOf(input.clientData))
      if ((await verifyRegistration({ ...input, clientData })).ok) accepted.push(clientData);
    expect(accepted).toEqual([]);
  });

  it('with an Android statement is a claim: the statement, whose addresses the library would call, is not followed', async () => {
    const answer = await verifyRegistration(build({ fmt: 'android-key', attStmt: 'nonsense' }));
    expect(answer).toMatchObject({ ok: true, attestationFormat: 'android-key', attestationChain: null });
    for (const fmt of ['packed', 'apple', 'tpm', 'fido-u2f', 'android-safetynet'])
      await refused(build({ fmt, attStmt: 'nonsense' }));
  });

  it('never throws, whatever bytes come', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 400 }).map((raw) => Buffer.from(raw).toString('base64url')),
    );
    const spliced = fc
      .tuple(fc.nat(bytes(good.input.attestation).length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([at, raw]) => {
        const copy = bytes(good.input.attestation);
        copy.set(raw.subarray(0, copy.length - at), at);
        return copy.toString('base64url');
      });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anyText, spliced),
        fc.oneof(anyText, fc.constant(good.input.clientData)),
        async (attestation, clientData) => {
          expect(typeof (await verifyRegistration({ ...good.input, attestation, clientData })).ok).toBe('boolean');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('an assertion', () => {
  let enrolled: Awaited<ReturnType<typeof registered>>;
  let good: ReturnType<typeof enrolled.signed>;
  beforeAll(async () => {
    enrolled = await registered();
    good = enrolled.signed();
  });
  const refused = async (change: Partial<Record<keyof typeof good, unknown>>) => {
    const answer = await verifyAssertion({ ...good, ...change } as typeof good);
    expect(answer).toEqual({ ok: false, reason: 'key-unknown', detail: expect.any(String) });
    return answer.ok ? '' : answer.detail;
  };

  it('tells what the key said', async () => {
    const signCount = bytes(good.authenticatorData).readUInt32BE(33);
    expect(await verifyAssertion(good)).toEqual({
      ok: true,
      seen: { isBackupEligible: false, isBackedUp: false, isUserVerified: true, signCount },
    });
  });

  it.each([
    [{ isBackupEligible: true }, { isBackupEligible: true, isBackedUp: false }],
    [
      { isBackupEligible: true, isBackedUp: true },
      { isBackupEligible: true, isBackedUp: true },
    ],
    [{ isBackedUp: true }, { isBackupEligible: false, isBackedUp: true }],
    [{ userVerifies: false }, { isUserVerified: false }],
  ])('of a key that turned %o tells %o for decide to judge', async (change, told) => {
    const { key, signed } = await registered();
    Object.assign(key, change);
    expect(await verifyAssertion(signed())).toMatchObject({ ok: true, seen: told });
  });

  it('leaves the counter to decide, zero included', async () => {
    const { signed } = await registered({ counter: 'zero' });
    for (const input of [signed(), signed()])
      expect(await verifyAssertion(input)).toMatchObject({ ok: true, seen: { signCount: 0 } });
  });

  it('is good for its own challenge only: a replayed one is refused', async () => {
    expect(await refused({ expectedChallenge: newChallenge() })).toContain('challenge');
    expect(await refused({ clientData: enrolled.signed().clientData })).toContain('challenge');
  });

  it('is good for its own origin, RP id and key only', async () => {
    expect(await refused({ origin: 'https://phish.example' })).toContain('origin');
    expect(await refused({ rpId: 'example.org' })).toContain('RP ID');
    for (const nothing of [{ expectedChallenge: '' }, { origin: '' }, { rpId: '' }])
      expect(await refused(nothing)).toContain('must be expected');
    expect(await refused({ credential: (await registered()).credential })).toBe('signature');
    for (const publicKey of ['', 'AAAA', '%', null, 'A'.repeat(9000)])
      await refused({ credential: { id: good.credential.id, publicKey } });
    await refused({ credential: { id: '', publicKey: good.credential.publicKey } });
  });

  it('made on a foreign page for us is refused: the key signs the origin', async () => {
    const challenge = newChallenge();
    const made = enrolled.key.assert({
      challenge,
      rpId: RP_ID,
      origin: 'https://phish.example',
      allowCredentials: [good.credential.id],
    });
    const { clientData, authenticatorData, signatureData } = made;
    expect(await refused({ clientData, authenticatorData, signatureData, expectedChallenge: challenge })).toContain(
      'origin',
    );
  });

  it('that is a registration is refused', async () => {
    await refused({ clientData: enrolled.input.clientData, expectedChallenge: enrolled.input.expectedChallenge });
  });

  it('with illegal flags still has to be right in everything else, the signature included', async () => {
    const { key, signed } = await registered();
    key.isBackedUp = true;
    const input = signed();
    expect((await verifyAssertion(input)).ok).toBe(true);
    await refused({ ...input, expectedChallenge: newChallenge() });
    await refused({ ...input, origin: 'https://phish.example' });
    await refused({ ...input, rpId: 'phish.example' });
    expect(await refused({ ...input, credential: good.credential })).toBe('signature');
    expect(await refused({ ...input, signatureData: signed().signatureData })).toBe('signature');
  });

  it('is refused when any bit of it is flipped', async () => {
    const accepted: string[] = [];
    for (const part of ['clientData', 'authenticatorData', 'signatureData'] as const)
      for (const flipped of flipsOf(good[part]))
        if ((await verifyAssertion({ ...good, [part]: flipped })).ok) accepted.push(`${part} ${flipped}`);
    expect(accepted).toEqual([]);
  });

  it('cut off, lengthened or of a wrong type is refused', async () => {
    for (const part of ['clientData', 'authenticatorData', 'signatureData'] as const) {
      const whole = bytes(good[part]);
      for (let length = 0; length < whole.length; length += 1)
        await refused({ [part]: whole.subarray(0, length).toString('base64url') });
      await refused({ [part]: Buffer.concat([whole, Buffer.from([0])]).toString('base64url') });
      for (const bad of [undefined, null, 0, {}, [], '', '=', '%%%%', `${good[part]}\n`, 'A'.repeat(50_000)])
        await refused({ [part]: bad });
    }
  });

  it('comes in base64 as well', async () => {
    const base64 = (text: string): string => bytes(text).toString('base64');
    const { clientData, authenticatorData, signatureData } = good;
    const input = {
      clientData: base64(clientData),
      authenticatorData: base64(authenticatorData),
      signatureData: base64(signatureData),
    };
    expect((await verifyAssertion({ ...good, ...input })).ok).toBe(true);
  });

  it('never throws and never passes, whatever bytes come', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw).toString('base64url')),
    );
    const orGood = (text: string) =>
      fc.oneof({ weight: 1, arbitrary: fc.constant(text) }, { weight: 1, arbitrary: anyText });
    await fc.assert(
      fc.asyncProperty(
        orGood(good.clientData),
        orGood(good.authenticatorData),
        orGood(good.signatureData),
        async (clientData, authenticatorData, signatureData) => {
          fc.pre(
            clientData !== good.clientData ||
              authenticatorData !== good.authenticatorData ||
              signatureData !== good.signatureData,
          );
          expect((await verifyAssertion({ ...good, clientData, authenticatorData, signatureData })).ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
