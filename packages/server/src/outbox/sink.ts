/** Somewhere that entries go: a file, mail, later webhooks and streams. Delivery is at least once; entries carry their identity. */
export interface Sink {
  readonly name: string;
  /** Resolves when the entry is safe there; a rejection is tried again. */
  deliver(payload: unknown): Promise<void>;
}

/** An entry that may be taken later, for a reason of its own: those behind it do not wait for that. */
export class Deferred extends Error {
  override readonly name = 'Deferred';
}

/** An entry that will never be taken: it is a dead letter at once, and does not hold up those behind it. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
}
