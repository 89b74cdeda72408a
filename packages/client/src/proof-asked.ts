/** What a server asks for before a request may go on (E0000092, design §4.8): fresh proof, or somebody's approval. */
export interface ProofAsked {
  readonly kind: 'step_up_required' | 'approval_required';
  /** What is about to be done, for people. */
  readonly words: string;
  readonly proofUrl: string;
  /** The page on which a person proves, and the code that they type there; null where no browser is needed. */
  readonly url: string | null;
  readonly code: string | null;
  /** The page on which somebody approves; null where nobody has to yet. */
  readonly approvalUrl: string | null;
  /** All of it, as it came. */
  readonly asWritten: Readonly<Record<string, unknown>>;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The asking in a refusal or in the answer of a batch; null for anything else. */
export const proofAskedIn = (value: Readonly<Record<string, unknown>> | null): ProofAsked | null => {
  const { kind, words, proofUrl, url, code, approvalUrl } = value ?? {};
  if ((kind !== 'step_up_required' && kind !== 'approval_required') || typeof proofUrl !== 'string') return null;
  // The proof is asked of the server that was chosen, wherever an answer points.
  if (!/^\/(?![/\\])/.test(proofUrl)) return null;
  return {
    kind,
    words: textOf(words) ?? 'a protected action',
    proofUrl,
    url: textOf(url),
    code: textOf(code),
    approvalUrl: textOf(approvalUrl),
    asWritten: value ?? {},
  };
};
