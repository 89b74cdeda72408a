import { ask, CallError, call } from '../browser/call.ts';

const INTERACTION_SECONDS = 10;
let lastInputAt = performance.now();

if (typeof document !== 'undefined') {
  const note = (): void => {
    lastInputAt = performance.now();
  };
  for (const kind of ['pointerdown', 'keydown'])
    document.addEventListener(kind, note, { capture: true, passive: true });
}

/**
 * Idle counts interaction, not polling (design §5.2): a request that no key or pointer of the person stands behind is
 * marked as background, whoever started it: an interval, a returning connection, a window that got the focus.
 */
export const isFromPerson = (): boolean => (performance.now() - lastInputAt) / 1000 < INTERACTION_SECONDS;

export const get = <T>(path: string): Promise<T> => call<T>('GET', path, { isBackground: !isFromPerson() });
export const post = <T>(path: string, body?: unknown): Promise<T> =>
  call<T>('POST', path, body === undefined ? {} : { body });
export const put = <T>(path: string, body: unknown): Promise<T> => call<T>('PUT', path, { body });
export const patch = <T>(path: string, body: unknown): Promise<T> => call<T>('PATCH', path, { body });
export const del = <T = void>(path: string): Promise<T> => call<T>('DELETE', path);

/** A page of a list and the path of the next one, from the `Link: …; rel="next"` header (RFC 8288). */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** A document and the tag of its version, for whoever means to change it. */
export const getTagged = async <T>(path: string): Promise<{ readonly body: T; readonly etag: string }> => {
  const { body, etag } = await ask<T>('GET', path, { isBackground: !isFromPerson() });
  return { body, etag: etag ?? '*' };
};
/** Saves a document as long as it is still the version that was read; `CallError` 412 otherwise. */
export const putTagged = <T>(path: string, body: unknown, etag: string): Promise<T> =>
  call<T>('PUT', path, { body, ifMatch: etag });

/** Changes parts of a document as long as it is still the version that was read; `CallError` 412 otherwise. */
export const patchTagged = <T>(path: string, body: unknown, etag: string): Promise<T> =>
  call<T>('PATCH', path, { body, ifMatch: etag });

/** Does something with a document as long as it is still the version that was read; `CallError` 412 otherwise. */
export const postTagged = <T>(path: string, body: unknown, etag: string): Promise<T> =>
  call<T>('POST', path, { body, ifMatch: etag });

/** The path of an address of the server's; null for none. The host is ours, whatever name the server goes by. */
export const pathIn = (address: string | undefined): string | null => {
  if (address === undefined) return null;
  const { pathname, search } = new URL(address, 'http://localhost');
  return pathname + search;
};

/** The path behind `rel="next"`; null after the last page. */
export const nextPathOf = (link: string | null): string | null =>
  pathIn(/<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1]);

/** A page of a list: the first by its path, the others by `next` of the page before. */
export const getPage = async <T>(path: string): Promise<Page<T>> => {
  const { body, link } = await ask<readonly T[]>('GET', path, { isBackground: !isFromPerson() });
  return { items: body, next: nextPathOf(link) };
};

/** All of a list, page by page: of one that holds what an administrator made, such as a picker offers. */
export const getAll = async <T>(path: string): Promise<readonly T[]> => {
  const found: T[] = [];
  for (let next: string | null = path; next !== null; ) {
    const page: Page<T> = await getPage<T>(next);
    found.push(...page.items);
    next = page.next;
  }
  return found;
};

/** `path?query`, without the parts that are empty. */
export const withQuery = (
  path: string,
  query: Readonly<Record<string, string | number | undefined | null>>,
): string => {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
};

/** What follows a refusal in words: the sentence, the causes, and the reference to find it in the log. */
export interface FailureWords {
  readonly text: string;
  readonly causes: readonly string[];
  readonly reference: string | null;
  readonly status: number;
  /** Why a proof does not count, or cannot be given; null for every other failure. */
  readonly proofReason: string | null;
  readonly retryAfterSeconds: number | null;
}

export const describeFailure = (error: unknown): FailureWords =>
  error instanceof CallError
    ? {
        text: error.message,
        causes: error.causes,
        reference: error.errorId,
        status: error.status,
        proofReason: error.sallyport?.kind === 'proof_refused' ? (error.sallyport.reason ?? 'proof-unknown') : null,
        retryAfterSeconds: error.retryAfterSeconds,
      }
    : {
        text: 'Something in this page went wrong.',
        causes: [error instanceof Error ? error.message : String(error)],
        reference: null,
        status: -1,
        proofReason: null,
        retryAfterSeconds: null,
      };
