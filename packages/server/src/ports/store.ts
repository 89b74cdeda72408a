import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';

/** A handle whose writes belong to one transaction. */
export type Transaction = Kysely<Tables>;

/**
 * The store. Reads may run at any time; every write happens inside `transaction`. When its promise resolves the work is
 * durable: acknowledged means fsynced (design §4.4).
 */
export interface Store {
  readonly engine: 'sqlite' | 'postgres';
  readonly read: Kysely<Tables>;
  /**
   * Runs `work` alone among this node's writers and commits it, possibly together with its neighbours in one fsync.
   * A throw undoes this work only. Nothing slow (network, hashing) belongs inside; nesting is refused.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Transactions and physical commits so far: their ratio is what group commit gains. */
  counters(): { transactions: number; commits: number };
  /** Writes a consistent copy to `file`; SQLite only. */
  backup?(file: string): Promise<void>;
  close(): Promise<void>;
}
