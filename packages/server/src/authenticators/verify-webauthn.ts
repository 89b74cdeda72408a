import { createHash } from 'node:crypto';
import type { Reason } from '@sallyport/model/reasons';
import { SettingsService, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import {
  cose,
  decodeAttestationObject,
  decodeCredentialPublicKey,
  isoCBOR,
  parseAuthenticatorData,
  verifySignature,
} from '@simplewebauthn/server/helpers';
import { bytesOf, checkClientData, checkSignature, type Expected, refuse } from './read-key-answer.ts';

/**
 * ES256, EdDSA, RS256. ML-DSA is left out on purpose: no key that people own offers it yet, only browsers' test
 * authenticators do; verification libraries differ, and ours would list it first where the runtime has it, so that a key
 * enrolled on one runtime could not sign in on another.
 */
const ALGORITHMS = [-7, -8, -257] as const;
const TIMEOUT_MS = 120_000;

/** WebAuthn Level 3 §7.1: at most 1023 bytes; §4: at least 16. */
const CREDENTIAL_ID_BYTES = { min: 16, max: 1023 };

// The library brings roots of its own and downloads revocation lists for chains that end in them. Nobody of this
// organisation chose those roots, and the server calls nobody by itself: no root is trusted until an operator gives one.
for (const identifier of ['android-key', 'android-safetynet', 'apple', 'mds'] as const) {
  SettingsService.setRootCertificates({ identifier, certificates: [] });
}

/** Formats whose statement, verified, says that the certificates' owner made this very key (WebAuthn Level 3 §8). */
const CHAIN_FORMATS: ReadonlySet<string> = new Set(['packed', 'tpm', 'apple']);

const toBase64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

type Cbor = Parameters<typeof isoCBOR.encode>[0];

/** What the organisation asks of new keys, in the browser's words (WebAuthn Level 3 §5.4.4). */
export interface AskedOfKey {
  readonly userVerification: 'discouraged' | 'preferred' | 'required';
  readonly residentKey: 'discouraged' | 'preferred' | 'required';
  readonly attachment: 'platform' | 'cross-platform' | null;
}

export interface CreationOptionsInput {
  readonly asked: AskedOfKey;
  readonly challenge: string;
  readonly rpId: string;
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly excludeCredentials: readonly string[];
}

/** What a browser is asked to make (WebAuthn Level 3 §5.4, JSON form). The challenge is base64url; its bytes are signed. */
export const creationOptions = (input: CreationOptionsInput) => ({
  rp: { id: input.rpId, name: 'Sallyport' },
  user: { id: Buffer.from(input.userId).toString('base64url'), name: input.userName, displayName: input.displayName },
  challenge: input.challenge,
  pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key' as const, alg })),
  timeout: TIMEOUT_MS,
  attestation: 'direct' as const,
  authenticatorSelection: {
    ...(input.asked.attachment === null ? {} : { authenticatorAttachment: input.asked.attachment }),
    residentKey: input.asked.residentKey,
    requireResidentKey: input.asked.residentKey === 'required',
    userVerification: input.asked.userVerification,
  },
  excludeCredentials: input.excludeCredentials.map((id) => ({ type: 'public-key' as const, id })),
  extensions: { credProps: true },
});

/**
 * The library throws for "backed up but not eligible". That verdict is an incident and `decide`'s to give, so the throw
 * is caught, by name for the class is not exported. In both procedures it comes after every check but the signature of
 * an assertion.
 */
const hasIllegalFlags = (error: unknown): boolean => error instanceof Error && error.name === 'InvalidBackupFlags';

/**
 * The attestation as the library may see it. For `android-key` the library takes the last certificate *of the statement*
 * as root and downloads the revocation lists which that chain names: whoever registers a key could make the server call
 * any address (SSRF). Without roots of ours the statement proves nothing, so it is read like `none`.
 */
const withoutCallsOut = (attestation: Buffer, format: string, authData: Uint8Array): Buffer =>
  format === 'android-key'
    ? Buffer.from(
        isoCBOR.encode(
          new Map<string, Cbor>([
            ['fmt', 'none'],
            ['attStmt', new Map()],
            ['authData', authData],
          ]),
        ),
      )
    : attestation;

const detailOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);

export interface RegistrationInput extends Expected {
  readonly attestation: string;
  readonly clientData: string;
}

export type VerifiedRegistration =
  | {
      readonly ok: true;
      readonly credentialId: string;
      /** base64url of the COSE key. */
      readonly publicKey: string;
      readonly signCount: number;
      readonly isBackupEligible: boolean;
      readonly isBackedUp: boolean;
      readonly isUserVerified: boolean;
      readonly aaguid: string;
      readonly attestationFormat: string;
      /** base64url DER, leaf first, of a statement whose signature was verified; whether it ends anywhere is not judged here. */
      readonly attestationChain: readonly string[] | null;
    }
  | { readonly ok: false; readonly reason: Reason; readonly detail: string };

/**
 * Verifies a registration (WebAuthn Level 3 §7.1), user verification and backup flags excepted, which `decide` judges.
 * Bad input is an answer, never an exception. Without a root that `attestationChain` ends in (`endsInRoot`) model, AAGUID
 * and flags are the key's own word.
 */
export const verifyRegistration = async (input: RegistrationInput): Promise<VerifiedRegistration> => {
  try {
    const clientData = bytesOf('clientData', input.clientData);
    checkClientData(clientData, input);
    const attestation = bytesOf('attestation', input.attestation);
    const object = decodeAttestationObject(new Uint8Array(attestation));
    // §2.4: encoders must write canonical CBOR and decoders should refuse other. The library's takes a string that ends
    // before its announced length, and ignores what follows the object.
    if (!attestation.equals(isoCBOR.encode(object as unknown as Cbor)))
      return refuse('attestation: not canonical CBOR');
    const [format, authData, statement] = [object.get('fmt'), object.get('authData'), object.get('attStmt')];
    const { credentialID, credentialPublicKey, flags, counter, aaguid } = parseAuthenticatorData(authData);
    if (credentialID === undefined || credentialPublicKey === undefined || aaguid === undefined) {
      return refuse('attestation: no credential');
    }
    if (credentialID.length < CREDENTIAL_ID_BYTES.min || credentialID.length > CREDENTIAL_ID_BYTES.max) {
      return refuse('attestation: length of the credential id');
    }
    // The same for the key. Its first byte is left out: the library repairs one that some Ed25519 keys write wrong.
    if (!Buffer.from(authData).includes(Buffer.from(credentialPublicKey).subarray(1)))
      return refuse('attestation: public key');
    checkSignature(statement.get('alg'), statement.get('sig') ?? new Uint8Array());
    const credentialId = Buffer.from(credentialID).toString('base64url');
    const { verified } = await verifyRegistrationResponse({
      response: {
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData.toString('base64url'),
          attestationObject: withoutCallsOut(attestation, format, authData).toString('base64url'),
        },
      },
      expectedChallenge: input.expectedChallenge,
      expectedOrigin: input.origin,
      expectedRPID: input.rpId,
      requireUserVerification: false,
      supportedAlgorithmIDs: [...ALGORITHMS],
    }).catch((error: unknown) => (hasIllegalFlags(error) ? { verified: true } : Promise.reject(error)));
    if (!verified) return refuse('attestation: signature');
    const hex = Buffer.from(aaguid).toString('hex');
    return {
      ok: true,
      credentialId,
      publicKey: Buffer.from(credentialPublicKey).toString('base64url'),
      signCount: counter,
      isBackupEligible: flags.be,
      isBackedUp: flags.bs,
      isUserVerified: flags.uv,
      aaguid: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      attestationFormat: format,
      attestationChain: CHAIN_FORMATS.has(format) ? (statement.get('x5c')?.map(toBase64Url) ?? null) : null,
    };
  } catch (error) {
    return { ok: false, reason: 'key-answer-invalid', detail: detailOf(error) };
  }
};

export interface AssertionInput extends Expected {
  readonly clientData: string;
  readonly authenticatorData: string;
  readonly signatureData: string;
  /** As stored when the key was registered: id base64url, key base64url of COSE. */
  readonly credential: { readonly id: string; readonly publicKey: string };
}

export type VerifiedAssertion =
  | {
      readonly ok: true;
      readonly seen: {
        readonly isBackupEligible: boolean;
        readonly isBackedUp: boolean;
        readonly isUserVerified: boolean;
        readonly signCount: number;
      };
    }
  | { readonly ok: false; readonly reason: 'key-unknown'; readonly detail: string };

/**
 * Verifies an assertion (WebAuthn Level 3 §7.2): challenge, origin, RP id, user presence and signature. Counter, user
 * verification and backup flags are returned for `decide` to judge. Bad input is an answer, never an exception.
 */
export const verifyAssertion = async (input: AssertionInput): Promise<VerifiedAssertion> => {
  try {
    const clientData = bytesOf('clientData', input.clientData);
    checkClientData(clientData, input);
    const authenticatorData = bytesOf('authenticatorData', input.authenticatorData);
    const signature = bytesOf('signatureData', input.signatureData);
    const publicKey = new Uint8Array(bytesOf('publicKey', input.credential.publicKey));
    checkSignature(decodeCredentialPublicKey(publicKey).get(cose.COSEKEYS.alg), signature);
    const { flags, counter } = parseAuthenticatorData(new Uint8Array(authenticatorData));
    const { id } = input.credential;
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData.toString('base64url'),
          authenticatorData: authenticatorData.toString('base64url'),
          signature: signature.toString('base64url'),
        },
      },
      expectedChallenge: input.expectedChallenge,
      expectedOrigin: input.origin,
      expectedRPID: input.rpId,
      // Against zero the library's rule on counters never fires; `decide`'s, against the stored one, does.
      credential: { id, publicKey, counter: 0 },
      requireUserVerification: false,
    }).catch(async (error: unknown) => {
      if (!hasIllegalFlags(error)) throw error;
      const data = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()]);
      return {
        verified: await verifySignature({
          signature: new Uint8Array(signature),
          data: new Uint8Array(data),
          credentialPublicKey: publicKey,
        }),
      };
    });
    if (!verified) return refuse('signature');
    return {
      ok: true,
      seen: { isBackupEligible: flags.be, isBackedUp: flags.bs, isUserVerified: flags.uv, signCount: counter },
    };
  } catch (error) {
    return { ok: false, reason: 'key-unknown', detail: detailOf(error) };
  }
};
