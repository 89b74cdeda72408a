import { fromBase64Url, toBase64Url } from './base64url.ts';

/** Why no key answered, as far as a page can know it. */
export type KeyProblem = 'cancelled' | 'timed-out' | 'wrong-domain' | 'registered-already' | 'unavailable';

/** The key, or the browser, did not do it. `message` says what happened and the one thing to do next. */
export class KeyError extends Error {
  readonly problem: KeyProblem;
  constructor(problem: KeyProblem, sentence: string, cause: unknown) {
    super(sentence, { cause });
    this.name = 'KeyError';
    this.problem = problem;
  }
}

/** How long a person has to find and touch a key; WCAG 2.2.1 asks for time, and the server gives its challenge longer. */
export const KEY_SECONDS = 90;

/** What the page knows beside the error, for WebAuthn tells little on purpose (Level 3 §14.5.1). */
export interface KeyAttempt {
  /** Since the browser was asked. */
  readonly elapsedSeconds: number;
  /** The domain that the key is bound to, and the one that the page is at. */
  readonly rpId: string | undefined;
  readonly hostname: string;
}

/**
 * A cancel, a time-out and a wrong domain are three things to a person, each with its own next step. The browser calls
 * a cancel and its own time-out alike (NotAllowedError): the clock tells them apart. Ours ends with an abort.
 */
export const asKeyError = (error: unknown, { elapsedSeconds, rpId, hostname }: KeyAttempt): KeyError => {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'AbortError' || name === 'TimeoutError' || (name === 'NotAllowedError' && elapsedSeconds >= KEY_SECONDS))
    return new KeyError('timed-out', 'No key answered in time. Have your key at hand, then try again.', error);
  if (name === 'NotAllowedError')
    return new KeyError('cancelled', 'It was cancelled before a key answered. Try again when you are ready.', error);
  if (name === 'SecurityError')
    return new KeyError(
      'wrong-domain',
      rpId === undefined || rpId === hostname
        ? `Keys cannot be used at ${hostname}: a browser allows them at https addresses only. Open this page by https.`
        : `Your key belongs to ${rpId}, and this page is at ${hostname}. Open this page at ${rpId} in place of it.`,
      error,
    );
  if (name === 'InvalidStateError')
    return new KeyError('registered-already', 'This key is registered already. Use another one.', error);
  return new KeyError(
    'unavailable',
    `This browser or key could not do it (${message}). Try another browser or another key.`,
    error,
  );
};

const descriptor = (id: string): PublicKeyCredentialDescriptor => ({ type: 'public-key', id: fromBase64Url(id) });

const askBrowser = async (
  rpId: string | undefined,
  ask: (signal: AbortSignal) => Promise<Credential | null>,
  cancelled?: AbortSignal,
): Promise<PublicKeyCredential> => {
  const startedAt = performance.now();
  // A browser may take no notice of the time that it is told to wait; an abort it must take.
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), KEY_SECONDS * 1000);
  try {
    if (!('PublicKeyCredential' in globalThis)) throw new Error('security keys are not available on this page');
    const credential = await ask(
      cancelled === undefined ? tooLong.signal : AbortSignal.any([tooLong.signal, cancelled]),
    );
    if (!(credential instanceof PublicKeyCredential)) throw new Error('no key was given');
    return credential;
  } catch (error) {
    throw asKeyError(error, {
      elapsedSeconds: (performance.now() - startedAt) / 1000,
      rpId,
      hostname: location.hostname,
    });
  } finally {
    clearTimeout(timer);
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
  const { rp, pubKeyCredParams, authenticatorSelection, attestation, extensions } = options;
  const credential = await askBrowser(rp.id, (signal) =>
    navigator.credentials.create({
      signal,
      publicKey: {
        rp,
        pubKeyCredParams,
        challenge: fromBase64Url(options.challenge),
        user: { ...options.user, id: fromBase64Url(options.user.id) },
        excludeCredentials: (options.excludeCredentials ?? []).map(({ id }) => descriptor(id)),
        timeout: KEY_SECONDS * 1000,
        ...(authenticatorSelection === undefined ? {} : { authenticatorSelection }),
        ...(attestation === undefined ? {} : { attestation }),
        ...(extensions === undefined ? {} : { extensions }),
      },
    }),
  );
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    attestation: toBase64Url(response.attestationObject),
    clientData: toBase64Url(response.clientDataJSON),
    transports: response.getTransports?.() ?? [],
    clientExtensions: { credProps: credential.getClientExtensionResults().credProps ?? {} },
  };
};

export interface KeyChallenge {
  readonly challenge: string;
  readonly rpId?: string;
  readonly userVerification?: UserVerificationRequirement;
}

/**
 * Signs a challenge with one of the keys (Level 3 §7.2), after a click: never offered by autofill. `cancelled` takes the
 * question back: nobody waits for the answer any more.
 */
export const signWithKey = async (
  { challenge, rpId, userVerification }: KeyChallenge,
  credentialIds: readonly string[],
  cancelled?: AbortSignal,
) => {
  const credential = await askBrowser(
    rpId,
    (signal) =>
      navigator.credentials.get({
        signal,
        publicKey: {
          timeout: KEY_SECONDS * 1000,
          challenge: fromBase64Url(challenge),
          allowCredentials: credentialIds.map(descriptor),
          ...(rpId === undefined ? {} : { rpId }),
          ...(userVerification === undefined ? {} : { userVerification }),
        },
      }),
    cancelled,
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
