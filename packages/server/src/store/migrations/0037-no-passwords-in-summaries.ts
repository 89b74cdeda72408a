import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What was shown of a request that sets somebody's password held the password: `summaryOf` hid `password: "…"`, and not
 * `password: {value: "…"}`. Nobody needs it any more, for a proof lives for minutes.
 */
export const noPasswordsInSummaries: Migration = {
  async up(db: Kysely<{ actionProofs: { summary: string | null } }>) {
    await db.updateTable('actionProofs').set({ summary: null }).where('summary', 'like', '%"password": {%').execute();
  },
};
