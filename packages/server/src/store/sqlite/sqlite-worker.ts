/**
 * One SQLite connection in its own thread, so that no fsync ever runs on the thread that answers checks.
 * Messages in: { id, sql, parameters }; out: { id, rows, changes } or { id, error, code }.
 */
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

const { file, isReader } = workerData as { file: string; isReader: boolean };
const db = new Database(file, { readonly: isReader, timeout: 5000 });
if (!isReader) {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
}
db.pragma('foreign_keys = ON');
db.pragma('cache_size = -65536');

const statements = new Map<string, Database.Statement>();
const STATEMENTS_MAX = 500;

const prepare = (sql: string): Database.Statement => {
  const known = statements.get(sql);
  if (known !== undefined) return known;
  if (statements.size >= STATEMENTS_MAX) statements.clear();
  const made = db.prepare(sql);
  statements.set(sql, made);
  return made;
};

const port = parentPort;
if (port === null) throw new Error('sqlite-worker runs as a worker thread');

interface Message {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

port.on('message', (message: Message) => {
  const { id, sql, parameters } = message;
  try {
    if (sql === '#close') {
      db.close();
      port.postMessage({ id, rows: [], changes: 0 });
      port.close();
      return;
    }
    if (sql === '#backup') {
      db.backup(String(parameters[0])).then(
        () => port.postMessage({ id, rows: [], changes: 0 }),
        (error: unknown) => port.postMessage({ id, error: String(error), code: null }),
      );
      return;
    }
    const statement = prepare(sql);
    if (statement.reader) port.postMessage({ id, rows: statement.all(...parameters), changes: 0 });
    else port.postMessage({ id, rows: [], changes: statement.run(...parameters).changes });
  } catch (error) {
    port.postMessage({
      id,
      error: error instanceof Error ? error.message : String(error),
      code: (error as { code?: string }).code ?? null,
    });
  }
});
