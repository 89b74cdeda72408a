import { signWithSessionKey } from './session-key.ts';

/** What the server asks of this page's key: the session is at a new address of its network (mode `PROVE`). */
export interface ProofAsked {
  readonly challenge: string;
  readonly address: string;
  readonly proofUrl: string;
}

/** The challenge in a refusal; null in every other one. */
export const proofAskedIn = (envelope: unknown): ProofAsked | null => {
  const { kind, ...asked } = ((envelope as { sallyport?: unknown } | null)?.sallyport ?? {}) as {
    kind?: unknown;
  } & Partial<ProofAsked>;
  const { challenge, address, proofUrl } = asked;
  return kind === 'proof_of_session_required' && challenge && address && proofUrl?.startsWith('/sallyport/')
    ? { challenge, address, proofUrl }
    : null;
};

/** As the server reads it (`server/src/sessions/bound-key.ts`). */
const textOf =
  ({ challenge, address }: ProofAsked) =>
  (sessionId: string): string =>
    ['sallyport session proof v1', sessionId, challenge, address].join('\n');

/** Twenty requests may be refused at once, with one challenge: it is answered once. */
const underway = new Map<string, Promise<boolean>>();

const answer = async (asked: ProofAsked): Promise<boolean> => {
  const signature = await signWithSessionKey(textOf(asked));
  if (signature === null) return false;
  const response = await fetch(asked.proofUrl, {
    method: 'POST',
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: JSON.stringify({ challenge: asked.challenge, signature }),
  });
  // Used: another tab was faster. Asked anew: the address changed once more. Either way the request is worth repeating.
  if (response.ok || response.status === 403) return true;
  return response.status === 401 && proofAskedIn(await response.json().catch(() => null)) !== null;
};

/** Answers a challenge, silently. True: repeat the request that was refused; false: this browser cannot prove it. */
export const proveSession = (asked: ProofAsked): Promise<boolean> => {
  const known = underway.get(asked.challenge);
  if (known !== undefined) return known;
  const answered = answer(asked)
    .catch(() => false)
    .finally(() => underway.delete(asked.challenge));
  underway.set(asked.challenge, answered);
  return answered;
};
