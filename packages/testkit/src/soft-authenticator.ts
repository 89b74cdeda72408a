import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Cbor, encodeCbor } from './encode-cbor.ts';
import type { SoftMaker } from './soft-maker.ts';

export interface SoftAuthenticatorOptions {
  readonly isBackupEligible?: boolean;
  readonly isBackedUp?: boolean;
  readonly userVerifies?: boolean;
  /** Synced passkeys answer zero for ever; security keys count (WebAuthn Level 3 §6.1.1). */
  readonly counter?: 'zero' | 'counting';
  /** 32 hexadecimal digits, hyphens allowed. */
  readonly aaguid?: string;
  /** Who made it: it attests (`packed`, with certificates) in place of `none`. */
  readonly maker?: SoftMaker;
  /** As the browser tells them; an empty list tells nothing. */
  readonly transports?: readonly string[];
}

export interface Registered {
  readonly credentialId: string;
  readonly attestation: string;
  readonly clientData: string;
  readonly transports: string[];
}

export interface Asserted {
  readonly credentialId: string;
  readonly clientData: string;
  readonly authenticatorData: string;
  readonly signatureData: string;
}

export interface SoftAuthenticator {
  /** Mutable, so that a test can turn an enrolled key into a synced one. */
  isBackupEligible: boolean;
  isBackedUp: boolean;
  userVerifies: boolean;
  register(input: { challenge: string; rpId: string; origin: string; userId: string }): Registered;
  assert(input: { challenge: string; rpId: string; origin: string; allowCredentials: readonly string[] }): Asserted;
}

const FLAG = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 } as const;

const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest();

/** What a browser would make: the challenge goes in as its bytes and comes out as unpadded base64url. */
const clientDataOf = (type: 'webauthn.create' | 'webauthn.get', challenge: string, origin: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      type,
      challenge: Buffer.from(challenge, 'base64url').toString('base64url'),
      origin,
      crossOrigin: false,
    }),
  );

/** COSE_Key of an ES256 key (RFC 9053 §7.1.1): kty EC2, alg −7, crv P-256, x, y. */
const coseKeyOf = (publicKey: KeyObject): Buffer => {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return encodeCbor(
    new Map<number, number | Buffer>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]),
  );
};

/** WebAuthn Level 3 §8.2 and §8.7. */
const statementOf = (maker: SoftMaker | undefined, signed: Buffer): ReadonlyMap<string, Cbor> =>
  maker === undefined
    ? new Map()
    : new Map<string, Cbor>([
        ['alg', -7],
        ['sig', sign('sha256', signed, maker.attestationKey)],
        ['x5c', maker.chain],
      ]);

/**
 * A security key in software: several ES256 credentials, attestation `none` unless it has a maker. It obeys whatever it is told, illegal flags,
 * foreign origins and foreign RP ids included, for that is what the server has to refuse. Methods close over the object
 * and need no `this`: a test may spread it and replace one of them.
 */
export const createSoftAuthenticator = (options: SoftAuthenticatorOptions = {}): SoftAuthenticator => {
  const credentials = new Map<string, KeyObject>();
  const aaguid = Buffer.from((options.aaguid ?? '00'.repeat(16)).replaceAll('-', ''), 'hex');
  let signCount = 0;

  const authenticatorData = (rpId: string, attested: Buffer | null): Buffer => {
    if (options.counter !== 'zero') signCount += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(signCount);
    const flags =
      FLAG.userPresent |
      (key.userVerifies ? FLAG.userVerified : 0) |
      (key.isBackupEligible ? FLAG.backupEligible : 0) |
      (key.isBackedUp ? FLAG.backedUp : 0) |
      (attested === null ? 0 : FLAG.attested);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter, attested ?? Buffer.alloc(0)]);
  };

  const key: SoftAuthenticator = {
    isBackupEligible: options.isBackupEligible ?? false,
    isBackedUp: options.isBackedUp ?? false,
    userVerifies: options.userVerifies ?? true,

    register({ challenge, rpId, origin }) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const id = randomBytes(32);
      credentials.set(id.toString('base64url'), privateKey);
      const idLength = Buffer.alloc(2);
      idLength.writeUInt16BE(id.length);
      const authData = authenticatorData(rpId, Buffer.concat([aaguid, idLength, id, coseKeyOf(publicKey)]));
      const clientData = clientDataOf('webauthn.create', challenge, origin);
      const attestation = encodeCbor(
        new Map<string, Cbor>([
          ['fmt', options.maker === undefined ? 'none' : 'packed'],
          ['attStmt', statementOf(options.maker, Buffer.concat([authData, sha256(clientData)]))],
          ['authData', authData],
        ]),
      );
      return {
        credentialId: id.toString('base64url'),
        attestation: attestation.toString('base64url'),
        clientData: clientData.toString('base64url'),
        transports: [...(options.transports ?? ['usb'])],
      };
    },

    assert({ challenge, rpId, origin, allowCredentials }) {
      const credentialId = [...credentials.keys()].find((id) => allowCredentials.includes(id));
      const privateKey = credentialId === undefined ? undefined : credentials.get(credentialId);
      if (credentialId === undefined || privateKey === undefined) throw new Error('no credential');
      const clientData = clientDataOf('webauthn.get', challenge, origin);
      const authData = authenticatorData(rpId, null);
      return {
        credentialId,
        clientData: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signatureData: sign('sha256', Buffer.concat([authData, sha256(clientData)]), privateKey).toString('base64url'),
      };
    },
  };
  return key;
};
