/** The answers of `/sallyport/v1/me`, as far as the page shows them. */
export interface OwnSession {
  readonly id: string;
  readonly isCurrent: boolean;
  readonly device: string;
  readonly address: string;
  readonly network: { readonly name: string };
  readonly place: string | null;
  readonly createdAt: string;
  readonly lastActivityAt: string;
  readonly idleEndsAt: string;
  readonly endsAt: string;
  readonly authenticator: string;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly hasConsole: boolean;
}

export interface LastEnded {
  readonly sessionId: string;
  readonly endedAt: string;
  readonly from: { readonly address: string; readonly network: string };
  readonly to: { readonly address: string; readonly network: string };
  readonly answeredAt: string | null;
}

export interface OwnSessions {
  readonly sessions: readonly OwnSession[];
  readonly lastEnded: LastEnded | null;
}

export interface OwnKey {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly isDeviceBound: boolean;
  readonly attested: string;
}

/** An item of `GET /sallyport/v1/me/actions`. */
export interface OwnAction {
  readonly id: string;
  readonly words: string;
  readonly at: string;
  readonly address: string | null;
  readonly network: string | null;
  readonly device: string;
}

export interface SessionEnd {
  readonly at: string;
  readonly reason: string | null;
}

/** When and why a session ended; null while it lives. One that ran out may have nobody who wrote it down yet. */
export const endOf = (session: OwnSession, now: number): SessionEnd | null => {
  if (session.endedAt !== null) return { at: session.endedAt, reason: session.endReason };
  const isIdle = Date.parse(session.idleEndsAt) < Date.parse(session.endsAt);
  const at = isIdle ? session.idleEndsAt : session.endsAt;
  // The session that shows this page is alive, whatever this computer's clock says.
  return session.isCurrent || now < Date.parse(at) ? null : { at, reason: isIdle ? 'idle' : 'lifetime' };
};
