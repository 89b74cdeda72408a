import { Worker } from 'node:worker_threads';
import type { DatabaseConnection, QueryResult } from 'kysely';

interface Answer {
  readonly id: number;
  readonly rows?: unknown[];
  readonly changes?: number;
  readonly error?: string;
  readonly code?: string | null;
}
interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export interface SqliteThread {
  readonly connection: DatabaseConnection;
  run(sql: string, parameters?: readonly unknown[]): Promise<Answer>;
  close(): Promise<void>;
}

/** A SQLite connection in a worker thread, spoken to by messages, in order. */
export const openSqliteThread = (file: string, isReader: boolean): SqliteThread => {
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: { file, isReader } });
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let failure: Error | null = null;

  const fail = (error: Error): void => {
    failure = error;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  worker.on('message', (answer: Answer) => {
    const waiting = pending.get(answer.id);
    if (waiting === undefined) return;
    pending.delete(answer.id);
    if (answer.error === undefined) waiting.resolve(answer);
    else waiting.reject(Object.assign(new Error(answer.error), { code: answer.code }));
  });
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => fail(failure ?? new Error('the database thread has stopped')));

  const run = (sql: string, parameters: readonly unknown[] = []): Promise<Answer> =>
    failure !== null
      ? Promise.reject(failure)
      : new Promise((resolve, reject) => {
          const id = nextId++;
          pending.set(id, { resolve, reject });
          worker.postMessage({ id, sql, parameters });
        });

  const connection: DatabaseConnection = {
    async executeQuery<R>(query: { sql: string; parameters: readonly unknown[] }): Promise<QueryResult<R>> {
      const answer = await run(query.sql, query.parameters);
      return { rows: (answer.rows ?? []) as R[], numAffectedRows: BigInt(answer.changes ?? 0) };
    },
    // biome-ignore lint/correctness/useYield: a stream of rows is not offered; lists are paged
    async *streamQuery() {
      throw new Error('rows are not streamed; ask for pages');
    },
  };
  return {
    connection,
    run,
    async close() {
      await run('#close').catch(() => undefined);
      await worker.terminate();
    },
  };
};
