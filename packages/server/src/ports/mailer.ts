/** A mail in plain text. No secret ever stands in one: a link in it leads to a page that asks for a sign-in. */
export interface Mail {
  /** The same for each attempt, so that a mail that was delivered twice is shown once. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Somewhere that mail is handed to. */
export interface Mailer {
  /** Resolves when a mail server has taken it. Rejects with `Undeliverable` when it never will, with `Deferred` when only this one is not taken now. */
  send(mail: Mail): Promise<void>;
  /** Host and port, for people. */
  readonly describe: string;
}
