import { proofAskedIn, proveSession } from './prove-session.ts';

/** What the server says when it refuses: its error envelope, as far as a page needs it. */
interface Envelope {
  readonly errorCode?: string;
  readonly errorSummary?: string;
  readonly errorId?: string;
  readonly errorCauses?: readonly { readonly errorSummary: string }[];
  readonly sallyport?: {
    readonly kind: string;
    readonly reason?: string;
    readonly reasons?: readonly string[];
    /** An event of the System Log. */
    readonly reference?: string;
    /** Where in a filter its fault is. */
    readonly at?: number;
  };
}

/** A call that was refused, or (status 0) one that nobody answered. */
export class CallError extends Error {
  readonly status: number;
  readonly code: string;
  readonly causes: readonly string[];
  readonly errorId: string | null;
  readonly sallyport: Envelope['sallyport'] | null;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, envelope: Envelope, retryAfter: string | null = null) {
    super(envelope.errorSummary ?? `The server answered ${status}.`);
    this.name = 'CallError';
    this.status = status;
    this.code = envelope.errorCode ?? 'none';
    this.causes = (envelope.errorCauses ?? []).map((cause) => cause.errorSummary);
    this.errorId = envelope.errorId ?? null;
    this.sallyport = envelope.sallyport ?? null;
    this.retryAfterSeconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  }
}

const unreachable = (): CallError =>
  new CallError(0, { errorSummary: 'The server does not answer. Check the connection and try again.' });

export interface CallOptions {
  readonly body?: unknown;
  /** Made by the page itself, not by the person: it must not keep an idle session alive (design §5.2). */
  readonly isBackground?: boolean;
  /** Only change what is still as it was read: the `ETag` of that reading (RFC 9110 §13.1.1). */
  readonly ifMatch?: string;
}

/** What the server answered, with the headers that a list or a form needs. */
export interface Answer<T> {
  readonly body: T;
  readonly link: string | null;
  readonly etag: string | null;
  /** How far a page of the System Log was searched that is not full. */
  readonly searchedTo: string | null;
}

/** An address may change again while the first change is being proved; one that changes forever is somebody else's. */
const PROOFS_MAX = 3;

const send = (method: string, path: string, { body, isBackground = false, ifMatch }: CallOptions): Promise<Response> =>
  fetch(path, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(isBackground ? { 'X-Sallyport-Background': '1' } : {}),
      ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw unreachable();
  });

/**
 * Calls the server; throws `CallError` for everything that is not a success. A request that is refused because the
 * address changed is proved and sent again: it changed nothing the first time.
 */
export const ask = async <T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  options: CallOptions = {},
): Promise<Answer<T>> => {
  for (let proofs = 0; ; proofs += 1) {
    const response = await send(method, path, options);
    // A proxy in front may answer with a page of its own; its status still counts.
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok)
      return {
        body: answer as T,
        link: response.headers.get('Link'),
        etag: response.headers.get('ETag'),
        searchedTo: response.headers.get('X-Sallyport-Searched-To'),
      };
    const asked = response.status === 401 && proofs < PROOFS_MAX ? proofAskedIn(answer) : null;
    if (asked === null || !(await proveSession(asked)))
      throw new CallError(response.status, answer as Envelope, response.headers.get('Retry-After'));
  }
};

/** The same for whoever wants the JSON of the answer and no more. */
export const call = async <T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  options: CallOptions = {},
): Promise<T> => (await ask<T>(method, path, options)).body;
