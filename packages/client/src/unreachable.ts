const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  UND_ERR_SOCKET: 'the connection was cut',
};

const codeOf = (error: unknown): string | null => {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    const { code } = inner as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return null;
};

/** Nobody answered, or nobody who can be trusted to be the server. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  readonly origin: string;
  readonly isTimeout: boolean;

  constructor(origin: string, cause: unknown) {
    const isTimeout = cause instanceof Error && cause.name === 'TimeoutError';
    const code = codeOf(cause);
    const why = isTimeout
      ? 'it did not answer in time'
      : (SENTENCES[code ?? ''] ?? (code === null ? 'the connection failed' : `the connection failed (${code})`));
    super(`${origin} cannot be reached: ${why}`, { cause });
    this.origin = origin;
    this.isTimeout = isTimeout;
  }
}
