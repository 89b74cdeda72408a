/** Exit codes, the same for every verb; `sallyport help exit-codes` prints them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  denied: 3,
  notSignedIn: 4,
  needsInput: 5,
  notFound: 6,
  conflict: 7,
  pending: 8,
  unreachable: 9,
  interrupted: 130,
} as const;
export type ExitName = keyof typeof EXIT;

export const EXIT_MEANINGS: Readonly<Record<ExitName, string>> = {
  done: 'done',
  failed: 'failed',
  usage: 'the command line was not understood, or the server found a value wrong',
  denied: 'denied by policy, permission or the person',
  notSignedIn: 'not signed in, or the session ended',
  needsInput: 'needs a fresh proof that was not given, or an answer that --no-input forbids',
  notFound: 'there is no such object',
  conflict: 'conflicts with the state of the object',
  pending: 'still pending (an approval, say), or the waiting ended',
  unreachable: 'the server cannot be reached',
  interrupted: 'interrupted',
};

const BY_CODE: Readonly<Record<string, ExitName>> = {
  E0000001: 'usage',
  E0000004: 'notSignedIn',
  E0000006: 'denied',
  E0000011: 'notSignedIn',
  E0000007: 'notFound',
  E0000008: 'notFound',
  E0000079: 'conflict',
  E0000090: 'conflict',
  E0000047: 'pending',
  E0000092: 'needsInput',
};
const BY_STATUS: Readonly<Record<number, ExitName>> = {
  400: 'usage',
  401: 'notSignedIn',
  403: 'denied',
  404: 'notFound',
  405: 'usage',
  409: 'conflict',
  412: 'conflict',
  413: 'usage',
  429: 'pending',
};

/** The exit code of a refusal: by its code where that says more than the status. `If-Match` that failed has none of its own. */
export const exitNameOf = (code: string, status = 0): ExitName =>
  status === 409 || status === 412 ? 'conflict' : (BY_CODE[code] ?? BY_STATUS[status] ?? 'failed');
export const exitCodeOf = (code: string, status = 0): number => EXIT[exitNameOf(code, status)];
