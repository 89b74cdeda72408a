import { type ActionProver, type Attempt, actionAskedIn } from './action-proof.ts';
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
    /** Of a code that was typed wrong. */
    readonly triesLeft?: number;
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

/** Who gets proof of a protected action: the page's dialog. Without one such a request is refused, with the reason. */
let prover: ActionProver | null = null;
export const proveActionsWith = (next: ActionProver | null): void => {
  prover = next;
};

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const send = (
  method: Method,
  path: string,
  body: string | undefined,
  { isBackground = false, ifMatch }: CallOptions,
  proof: string | undefined,
): Promise<Response> =>
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
      ...(proof === undefined ? {} : { 'Sallyport-Proof': proof }),
    },
    ...(body === undefined ? {} : { body }),
  }).catch(() => {
    throw unreachable();
  });

/** How far this computer's clock is ahead of that of the server, by the `Date` of its answer (RFC 9110 §6.6.1). */
const aheadOf = (response: Response): number => {
  const at = Date.parse(response.headers.get('Date') ?? '');
  return Number.isNaN(at) ? 0 : Date.now() - at;
};

/**
 * Calls the server; throws `CallError` for everything that is not a success. A request that is refused because the
 * address changed is proved and sent again: it changed nothing the first time. So is one that does a protected action,
 * once the person has proved it; `ActionNotDone` when they did not. The body is written once: proof is of its very bytes.
 */
export const ask = async <T>(method: Method, path: string, options: CallOptions = {}): Promise<Answer<T>> => {
  const text = options.body === undefined ? undefined : JSON.stringify(options.body);
  const attempt = async (proof?: string): Promise<Attempt<Answer<T>>> => {
    for (let proofs = 0; ; proofs += 1) {
      const response = await send(method, path, text, options, proof);
      // A proxy in front may answer with a page of its own; its status still counts.
      const answer: unknown = await response.json().catch(() => ({}));
      if (response.ok)
        return {
          kind: 'answered',
          answer: {
            body: answer as T,
            link: response.headers.get('Link'),
            etag: response.headers.get('ETag'),
            searchedTo: response.headers.get('X-Sallyport-Searched-To'),
          },
        };
      const asked = response.status === 403 ? actionAskedIn(answer, aheadOf(response)) : null;
      if (asked !== null && prover !== null) return { kind: 'asked', asked };
      const askedOfPage = response.status === 401 && proofs < PROOFS_MAX ? proofAskedIn(answer) : null;
      if (askedOfPage === null || !(await proveSession(askedOfPage)))
        throw new CallError(response.status, answer as Envelope, response.headers.get('Retry-After'));
    }
  };
  const first = await attempt();
  if (first.kind === 'answered') return first.answer;
  if (prover === null) throw new Error('the page has nobody any more who asks for a key');
  return prover(first.asked, attempt);
};

/** The same for whoever wants the JSON of the answer and no more. */
export const call = async <T>(method: Method, path: string, options: CallOptions = {}): Promise<T> =>
  (await ask<T>(method, path, options)).body;
