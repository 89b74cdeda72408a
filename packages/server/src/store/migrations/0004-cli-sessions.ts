import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Command-line sessions: the codes that open them, and the browser's session that each one hangs on. */
export const cliSessions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('cliCodes')
      .addColumn('codeHash', 'text', (c) => c.primaryKey())
      .addColumn('sessionId', 'text', (c) => c.notNull())
      .addColumn('userId', 'text', (c) => c.notNull())
      .addColumn('codeChallenge', 'text', (c) => c.notNull())
      .addColumn('redirectUri', 'text', (c) => c.notNull())
      .addColumn('network', 'text', (c) => c.notNull())
      .addColumn('createdAt', 'bigint', (c) => c.notNull())
      .addColumn('expiresAt', 'bigint', (c) => c.notNull())
      .addColumn('usedAt', 'bigint')
      .addColumn('openedSessionId', 'text')
      .execute();
    await db.schema.createIndex('ix_cliCodes_expiresAt').on('cliCodes').columns(['expiresAt']).execute();
    await db.schema.alterTable('sessions').addColumn('openedBySessionId', 'text').execute();
    // What ends together with a browser's session.
    await db.schema
      .createIndex('ix_sessions_openedBySessionId')
      .on('sessions')
      .columns(['openedBySessionId'])
      .execute();
  },
};
