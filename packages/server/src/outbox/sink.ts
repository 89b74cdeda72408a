/** Somewhere that entries go: a file, later mail, webhooks, streams. Delivery is at least once; entries carry their identity. */
export interface Sink {
  readonly name: string;
  /** Resolves when the entry is safe there; a rejection is tried again. */
  deliver(payload: unknown): Promise<void>;
}
