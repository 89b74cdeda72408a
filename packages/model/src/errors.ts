/**
 * The closed list of error codes of the wire. A handler throws `ApiError`; `http/answer-error.ts` is the only place
 * that turns one into an answer. The summary is safe to show; anything else goes to `detail`, which only the log sees.
 */
export const ERRORS = {
  E0000001: { status: 400, summary: 'Api validation failed: {0}' },
  E0000003: { status: 400, summary: 'The request body was not well-formed.' },
  E0000004: { status: 401, summary: 'Authentication failed' },
  E0000005: { status: 403, summary: 'Invalid session' },
  E0000006: { status: 403, summary: 'You do not have permission to perform the requested action' },
  E0000007: { status: 404, summary: 'Not found: Resource not found: {0}' },
  E0000008: { status: 404, summary: 'The requested path was not found' },
  E0000009: { status: 500, summary: 'Internal Server Error' },
  E0000010: { status: 503, summary: 'Service is in read only mode' },
  E0000011: { status: 401, summary: 'Invalid token provided' },
  E0000014: { status: 403, summary: 'Update of credentials failed.' },
  E0000016: { status: 403, summary: 'Activation failed because the user is already active' },
  E0000021: { status: 400, summary: 'Bad request. Accept and/or Content-Type headers are not supported.' },
  E0000022: { status: 405, summary: 'The endpoint does not support the provided HTTP method' },
  E0000028: { status: 400, summary: 'The request is missing a required parameter.' },
  E0000029: { status: 400, summary: 'Invalid paging request.' },
  E0000030: {
    status: 400,
    summary:
      "Bad request. Invalid date. Dates must be of the form yyyy-MM-dd'T'HH:mm:ss.SSSZZ, e.g. 2013-01-01T12:00:00.000-07:00.",
  },
  E0000031: { status: 400, summary: 'Invalid search criteria.' },
  E0000032: { status: 403, summary: 'Unlock is not allowed for this user.' },
  E0000033: {
    status: 400,
    summary: 'Bad request. Can not specify a search query and a search filter in the same request.',
  },
  E0000034: { status: 403, summary: 'Forgot password not allowed on specified user.' },
  E0000037: { status: 400, summary: 'Type mismatch exception.' },
  E0000038: { status: 403, summary: "This operation is not allowed in the user's current status." },
  E0000047: { status: 429, summary: 'API call exceeded rate limit due to too many requests.' },
  E0000053: { status: 400, summary: "Invalid filter '{0}': {1}" },
  E0000056: { status: 403, summary: 'Delete application forbidden.' },
  E0000058: { status: 403, summary: 'The provided authentication is not sufficient; another factor is needed.' },
  E0000060: { status: 501, summary: 'Unsupported operation.' },
  E0000068: { status: 403, summary: 'Invalid Passcode/Answer' },
  E0000069: { status: 403, summary: 'User Locked' },
  E0000079: { status: 403, summary: 'This operation is not allowed in the current authentication state.' },
  E0000080: {
    status: 403,
    summary: 'The password does not meet the complexity requirements of the current password policy.',
  },
  E0000085: { status: 403, summary: 'You do not have permission to access your account at this time.' },
  E0000090: { status: 409, summary: 'Duplicate role type or target.' },
  E0000091: { status: 400, summary: 'The provided role type was not the same as required role type.' },
  E0000092: {
    status: 403,
    summary:
      'Your session has expired due to inactivity or lacks recent authentication. Please try again after re-authenticating.',
  },
  E0000093: { status: 400, summary: 'Target count limit exceeded' },
  E0000095: { status: 400, summary: 'Recovery not allowed for unknown user.' },
  E0000098: { status: 400, summary: 'This phone number is invalid.' },
  E0000111: { status: 403, summary: 'You are not allowed to modify a read-only object.' },
  E0000158: { status: 400, summary: 'User verification is required for this authenticator.' },
  E0000192: { status: 400, summary: 'Roles cannot be granted to groups with group membership rules.' },
  E0000209: { status: 400, summary: '{0} is in use by a group of models. Change the group first.' },
  E0000212: { status: 403, summary: 'Cross-site request refused: the Origin of the request is not this server.' },
  E0000219: { status: 400, summary: 'Nobody could sign in without being phished: {0}' },
  E0000227: { status: 400, summary: 'This app is not a service app.' },
  E0000228: { status: 400, summary: 'This authenticator does not qualify: {0}' },
  E0000230: { status: 421, summary: 'The host of the request is not this server.' },
  E0000234: { status: 413, summary: 'The request is too large.' },
} as const;
export type ErrorCode = keyof typeof ERRORS;

export interface ErrorOptions {
  /** Fill {0}, {1} of the summary. */
  readonly args?: readonly string[];
  /** One sentence per cause; shown. */
  readonly causes?: readonly string[];
  /** Never shown; logged. */
  readonly detail?: string;
  readonly cause?: unknown;
  /** Extra headers, for example the rate limit's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the envelope, for example `sallyport: { kind, … }`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Answer with this status in place of the code's. */
  readonly status?: number;
}

/** An error that may be shown. Everything else is E0000009 to the outside. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly options: ErrorOptions;
  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    super(summaryOf(code, options.args ?? []), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.options = options;
  }
  get status(): number {
    return this.options.status ?? ERRORS[this.code].status;
  }
}

/**
 * `sallyport` of an E0000011 that a page can answer: the session is at a new address inside its network (mode `PROVE`),
 * and goes on there once the page's key has signed. Every other E0000011 is bare.
 */
export interface ProofOfSessionRequired {
  readonly kind: 'proof_of_session_required';
  readonly challenge: string;
  /** The address of this very request, as the server sees it; part of what is signed. */
  readonly address: string;
  /** POST `{challenge, signature}`; then the refused request may be sent again. */
  readonly proofUrl: string;
  /** Without an answer by then the session ends, as for roaming. */
  readonly expiresAt: string;
}

/** The summary of a code with its places filled. */
export const summaryOf = (code: ErrorCode, args: readonly string[]): string =>
  ERRORS[code].summary.replace(/\{(\d)\}/g, (_, n: string) => args[Number(n)] ?? '').trim();

/** E0000001 for one field. */
export const invalid = (field: string, sentence: string): ApiError =>
  new ApiError('E0000001', { args: [field], causes: [`${field}: ${sentence}`] });

/** E0000007 for an object of a kind that clients print: `Not found: Resource not found: 00u… (User)`. */
export const notFound = (id: string, kind: string): ApiError => new ApiError('E0000007', { args: [`${id} (${kind})`] });
