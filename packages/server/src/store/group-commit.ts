import { AsyncLocalStorage } from 'node:async_hooks';
import type { Transaction } from '../ports/store.ts';
import { collectingActs } from './after-commit.ts';
import { isRehearsing, RehearsalEnd } from './rehearsal.ts';

/** Most pieces of work that share one physical commit. */
const WORKS_PER_COMMIT_MAX = 100;

interface Work {
  readonly run: (tx: Transaction) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The four statements that frame work on one writer connection. */
export interface Writer {
  readonly tx: Transaction;
  execute(statement: string): Promise<void>;
  readonly begin: string;
  /** Called when a frame statement failed: the connection may be gone and must be made anew. */
  recover(): Promise<void>;
}

/**
 * Group commit without a timer: while one group is being made durable, those who arrive wait in line; the next group
 * takes all of them. Each work runs in its own savepoint, so that one failure undoes only itself. Promises resolve
 * after the physical COMMIT, never before.
 */
export const createGroupCommit = (writer: Writer) => {
  const inside = new AsyncLocalStorage<true>();
  const waiting: Work[] = [];
  let isRunning = false;
  let transactions = 0;
  let commits = 0;
  let idle: (() => void)[] = [];

  const runOne = async (work: Work): Promise<(() => void) | null> => {
    await writer.execute('SAVEPOINT work');
    const acts: (() => void)[] = [];
    let value: unknown;
    try {
      value = await inside.run(true, () => collectingActs(acts, () => work.run(writer.tx)));
    } catch (error) {
      await writer.execute('ROLLBACK TO SAVEPOINT work');
      await writer.execute('RELEASE SAVEPOINT work');
      work.reject(error);
      return null;
    }
    await writer.execute('RELEASE SAVEPOINT work');
    return () => {
      work.resolve(value);
      for (const act of acts) act();
    };
  };

  const runGroup = async (): Promise<void> => {
    const taken: Work[] = [];
    const acknowledgements: (() => void)[] = [];
    try {
      await writer.execute(writer.begin);
      while (waiting.length > 0 && taken.length < WORKS_PER_COMMIT_MAX) {
        const work = waiting.shift() as Work;
        taken.push(work);
        const acknowledge = await runOne(work);
        if (acknowledge !== null) acknowledgements.push(acknowledge);
      }
      await writer.execute('COMMIT');
    } catch (error) {
      // Nothing of this group was acknowledged. Works that already rejected ignore the second rejection.
      for (const work of taken) work.reject(error);
      if (taken.length === 0) waiting.shift()?.reject(error);
      await writer.recover();
      return;
    }
    commits += 1;
    transactions += acknowledgements.length;
    for (const acknowledge of acknowledgements) acknowledge();
  };

  const drain = async (): Promise<void> => {
    isRunning = true;
    while (waiting.length > 0) await runGroup();
    isRunning = false;
    for (const resolve of idle) resolve();
    idle = [];
  };

  return {
    transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
      if (inside.getStore() === true)
        return Promise.reject(new Error('a transaction inside a transaction would wait for itself'));
      const rehearsed = async (tx: Transaction): Promise<T> => {
        await run(tx);
        throw new RehearsalEnd();
      };
      const work = isRehearsing() ? rehearsed : run;
      return new Promise<T>((resolve, reject) => {
        waiting.push({ run: work, resolve: resolve as (value: unknown) => void, reject });
        if (!isRunning) void drain();
      });
    },
    counters: () => ({ transactions, commits }),
    /** Resolves when no work is waiting or running. */
    settled: (): Promise<void> => (isRunning ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()),
  };
};
