import type { Migrator } from 'kysely/migration';

/** Brings the schema to today's. Throws what went wrong; a half-done migration is rolled back. */
export const runMigrations = async (migrator: Migrator): Promise<void> => {
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'unknown';
    throw new Error(`migration ${failed} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};
