/** The error envelope of the wire, as far as it is well-formed. */
interface Envelope {
  readonly errorCode?: unknown;
  readonly errorSummary?: unknown;
  readonly errorId?: unknown;
  readonly errorCauses?: unknown;
  readonly sallyport?: unknown;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * The place of the first of several requests for which the server would not ask for one proof; null for any other error.
 * None of them was sent.
 */
export const refusedOfSeveral = (error: unknown): number | null => {
  if (!(error instanceof Refusal) || error.sallyport?.['kind'] !== 'batch_refused') return null;
  const [first] = error.sallyport['refused'] as readonly { readonly request: number }[];
  return first?.request ?? null;
};

/** The server answered, and it was no. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** `none` when what answered speaks no envelope: a proxy in front, or no Sallyport at all. */
  readonly code: string;
  readonly causes: readonly string[];
  /** Finds the line of the server's log. */
  readonly errorId: string | null;
  /** What kind of further proof is asked for, where one would help. */
  readonly sallyport: Readonly<Record<string, unknown>> | null;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, body: unknown, retryAfter: string | null = null) {
    const envelope = (typeof body === 'object' && body !== null ? body : {}) as Envelope;
    super(textOf(envelope.errorSummary) ?? `The server answered ${status}`);
    this.status = status;
    this.code = textOf(envelope.errorCode) ?? 'none';
    this.errorId = textOf(envelope.errorId);
    this.causes = (Array.isArray(envelope.errorCauses) ? envelope.errorCauses : [])
      .map((cause: unknown) => textOf((cause as { errorSummary?: unknown } | null)?.errorSummary))
      .filter((cause) => cause !== null);
    this.sallyport =
      typeof envelope.sallyport === 'object' && envelope.sallyport !== null
        ? (envelope.sallyport as Record<string, unknown>)
        : null;
    this.retryAfterSeconds = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null;
  }
}
