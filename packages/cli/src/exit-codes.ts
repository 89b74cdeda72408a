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
} as const;

const BY_CODE: Readonly<Record<string, number>> = {
  E0000001: EXIT.usage,
  E0000006: EXIT.denied,
  E0000011: EXIT.notSignedIn,
  E0000007: EXIT.notFound,
  E0000008: EXIT.notFound,
  E0000079: EXIT.conflict,
  E0000090: EXIT.conflict,
  E0000047: EXIT.pending,
};

/** The exit code of a refusal. */
export const exitCodeOf = (code: string): number => BY_CODE[code] ?? EXIT.failed;
