import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Every ASCII character that a word may hold: a word of `events.keywords` is whatever stands between two spaces, as it
 * stands. Beyond ASCII, this tokenizer takes every character as part of a word.
 */
const PUNCTUATION = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`;
const TOKENIZER = `ascii tokenchars '${PUNCTUATION.replaceAll("'", "''")}'`;

/**
 * An index on the words of each event, made from `events.keywords` alone and never apart from it: what is taken from
 * that column is gone from the index as well. On SQLite triggers keep it, whoever writes; it holds no text of its own.
 */
export const logWords: Migration = {
  async up(db: Kysely<unknown>) {
    if (db.getExecutor().adapter instanceof PostgresAdapter) {
      // The usual 64 MB would write a large log's words to disk many times over.
      await sql`set local maintenance_work_mem = '256MB'`.execute(db);
      // A short list of what waits to be sorted in: a commit that empties it keeps the others waiting.
      await sql`create index ix_events_words on events using gin (string_to_array(keywords collate "C", ' '))
        with (gin_pending_list_limit = 256)`.execute(db);
      return;
    }
    const run = (statement: string) => sql.raw(statement).execute(db);
    await run(`create virtual table event_words using fts5(keywords, content = 'events', content_rowid = 'rowid',
      detail = none, columnsize = 0, tokenize = "${TOKENIZER.replaceAll('"', '""')}")`);
    // A word that is taken away leaves no trace in the file's index (erasure, design §4.12).
    await run(`insert into event_words(event_words, rank) values ('secure-delete', 1)`);
    const add = 'insert into event_words(rowid, keywords) values (new.rowid, new.keywords);';
    const take = `insert into event_words(event_words, rowid, keywords) values ('delete', old.rowid, old.keywords);`;
    await run(`create trigger event_words_insert after insert on events begin ${add} end`);
    await run(`create trigger event_words_delete after delete on events begin ${take} end`);
    await run(`create trigger event_words_update after update of keywords on events begin ${take} ${add} end`);
    await run(`insert into event_words(event_words) values ('rebuild')`);
  },
};
