import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

export type LogExport = Row<'logExports'>;
export type ExportStatus = 'RUNNING' | 'DONE' | 'CANCELED' | 'FAILED' | 'INTERRUPTED' | 'EXPIRED';

/** Where exports wait for their owner; inside the data folder, which nobody else may read. */
export const exportFolder = (s: Services): string => join(s.config.dataDir, 'exports');

/** The id is made by the server, and is no path of a caller's. */
export const exportFile = (s: Services, row: Pick<LogExport, 'id' | 'format'>): string =>
  join(exportFolder(s), `${row.id}.${row.format}`);

/** An export of this person; of anybody else's is said what is said of none. */
export const findExport = async (s: Services, id: string, ownerId: string): Promise<LogExport> => {
  const row = await s.store.read
    .selectFrom('logExports')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  if (row === undefined) throw notFound(id, 'LogExport');
  return row;
};

/** The file can be had: it is whole, and its time is not over (design §4.5). */
export const isReady = (row: LogExport, now: number): boolean => row.status === 'DONE' && now < row.expiresAt;

/** An export as its owner sees it. */
export const presentExport = (row: LogExport, now: number) => ({
  id: row.id,
  format: row.format,
  search: JSON.parse(row.search) as unknown,
  status: row.status === 'DONE' && now >= row.expiresAt ? 'EXPIRED' : row.status,
  estimatedRows: row.estimatedRows,
  rows: row.rowCount,
  bytes: row.byteCount,
  reason: row.reason,
  created: toIso(row.createdAt),
  finished: row.finishedAt === null ? null : toIso(row.finishedAt),
  expiresAt: toIso(row.expiresAt),
  downloadUrl: isReady(row, now) ? `/sallyport/v1/logs/exports/${row.id}/download` : null,
});

/** Takes the file away, if there is one. */
export const removeFile = (s: Services, row: Pick<LogExport, 'id' | 'format'>): void =>
  rmSync(exportFile(s, row), { force: true });

/** Deletes the files and rows whose time is over. */
export const deleteStaleExports = async (s: Services): Promise<void> => {
  const stale = await s.store.read
    .selectFrom('logExports')
    .selectAll()
    .where('expiresAt', '<=', s.clock.now())
    .where('status', '!=', 'RUNNING')
    .execute();
  for (const row of stale) removeFile(s, row);
  if (stale.length > 0)
    await s.store.transaction((tx) =>
      tx
        .deleteFrom('logExports')
        .where(
          'id',
          'in',
          stale.map(({ id }) => id),
        )
        .execute(),
    );
};
