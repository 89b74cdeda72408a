import { fromBase64Url, toBase64Url } from './base64url.ts';

/** The key, or the browser, did not do it. `message` is one of three sentences that a person understands. */
export class KeyError extends Error {
  readonly isCancelled: boolean;
  constructor(sentence: string, isCancelled: boolean, cause: unknown) {
    super(sentence, { cause });
    this.name = 'KeyError';
    this.isCancelled = isCancelled;
  }
}

/**
 * WebAuthn tells little on purpose (Level 3 §14.5.1): NotAllowedError is a cancel, a time-out and "no such key" alike.
 */
export const asKeyError = (error: unknown): KeyError => {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'NotAllowedError')
    return new KeyError('No key answered: it was cancelled, or it took too long. Try again.', true, error);
  if (name === 'InvalidStateError')
    return new KeyError('This key is registered already. Use another one.', false, error);
  return new KeyError(`This browser or key could not do it: ${message}`, false, error);
};

const descriptor = (id: string): PublicKeyCredentialDescriptor => ({ type: 'public-key', id: fromBase64Url(id) });

const askBrowser = async (ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> => {
  try {
    if (!('PublicKeyCredential' in globalThis)) throw new Error('security keys are not available on this page.');
    const credential = await ask();
    if (!(credential instanceof PublicKeyCredential)) throw new Error('no key was given.');
    return credential;
  } catch (error) {
    throw asKeyError(error);
  }
};

/** Creation options as the server writes them: the browser's own, with base64url in place of bytes. */
export interface CreationOptionsJson
  extends Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'> {
  readonly challenge: string;
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly excludeCredentials?: readonly { readonly id: string }[];
}

/** Makes a credential (Level 3 §7.1); the fields are those that the server's activation asks for. */
export const createKey = async (options: CreationOptionsJson) => {
  const { rp, pubKeyCredParams, timeout, authenticatorSelection, attestation } = options;
  const credential = await askBrowser(() =>
    navigator.credentials.create({
      publicKey: {
        rp,
        pubKeyCredParams,
        challenge: fromBase64Url(options.challenge),
        user: { ...options.user, id: fromBase64Url(options.user.id) },
        excludeCredentials: (options.excludeCredentials ?? []).map(({ id }) => descriptor(id)),
        ...(timeout === undefined ? {} : { timeout }),
        ...(authenticatorSelection === undefined ? {} : { authenticatorSelection }),
        ...(attestation === undefined ? {} : { attestation }),
      },
    }),
  );
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    attestation: toBase64Url(response.attestationObject),
    clientData: toBase64Url(response.clientDataJSON),
    transports: response.getTransports?.() ?? [],
  };
};

export interface KeyChallenge {
  readonly challenge: string;
  readonly rpId?: string;
  readonly userVerification?: UserVerificationRequirement;
}

/** Signs a challenge with one of the keys (Level 3 §7.2), after a click: never offered by autofill. */
export const signWithKey = async (
  { challenge, rpId, userVerification }: KeyChallenge,
  credentialIds: readonly string[],
) => {
  const credential = await askBrowser(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: fromBase64Url(challenge),
        allowCredentials: credentialIds.map(descriptor),
        ...(rpId === undefined ? {} : { rpId }),
        ...(userVerification === undefined ? {} : { userVerification }),
      },
    }),
  );
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    credentialId: credential.id,
    proof: {
      clientData: toBase64Url(response.clientDataJSON),
      authenticatorData: toBase64Url(response.authenticatorData),
      signatureData: toBase64Url(response.signature),
    },
  };
};
