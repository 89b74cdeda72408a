/** Somewhere that entries go: a file, mail, webhooks. Delivery is at least once; entries carry their identity. */
export interface Sink {
  readonly name: string;
  /** Entries that wait for no other: one that failed, and is tried again later, holds up none behind it. */
  readonly isEachByItself?: boolean;
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

/** Nothing is sent there any more: all that waits stays as it is, and none of it counts as tried. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}
