/** The closed list of errors of the OAuth endpoints (RFC 6749 §5.2, RFC 9449 §5 and §8). */
export const OAUTH_ERRORS = {
  invalid_request: 400,
  invalid_client: 401,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_token_type: 400,
  invalid_scope: 400,
  invalid_dpop_proof: 400,
  use_dpop_nonce: 400,
} as const;
export type OAuthErrorCode = keyof typeof OAUTH_ERRORS;

/** An error of an OAuth endpoint; the description is shown, `detail` stands in the process log only. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly code: OAuthErrorCode;
  readonly description: string;
  readonly detail: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: OAuthErrorCode,
    description: string,
    more: { readonly detail?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(description);
    this.code = code;
    this.description = description;
    this.detail = more.detail;
    this.headers = more.headers ?? {};
  }
  get status(): number {
    return OAUTH_ERRORS[this.code];
  }
}
