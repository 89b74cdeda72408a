/** What the application is told of its user; the proxy copies these from our answer and takes the client's own away. */
export const IDENTITY_HEADERS = ['Sallyport-User', 'Sallyport-Login', 'Sallyport-Name', 'Sallyport-Session'] as const;

/**
 * A text as the value of a header: printable ASCII stands as it is, everything else, the percent sign and blanks at
 * the ends are percent-encoded UTF-8. A line break can thus never begin a header of its own, and `decodeURIComponent`
 * gives the text back.
 */
export const encodeHeaderValue = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\x20-\x24\x26-\x7e]+|^ +| +$/g, (part) =>
      [...Buffer.from(part)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    );

export interface Identity {
  readonly userId: string;
  readonly login: string;
  readonly displayName: string;
}

/** The whole head of the answer that lets a request through: made once a session, so that a check copies nothing. */
export const identityHead = (identity: Identity, sessionId: string): readonly string[] => [
  'content-length',
  '0',
  'cache-control',
  'no-store',
  'sallyport-user',
  identity.userId,
  'sallyport-login',
  encodeHeaderValue(identity.login),
  'sallyport-name',
  encodeHeaderValue(identity.displayName),
  'sallyport-session',
  sessionId,
];
