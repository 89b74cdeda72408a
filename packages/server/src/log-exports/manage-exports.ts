import { createReadStream, mkdirSync } from 'node:fs';
import { invalid, notFound } from '@sallyport/model/errors';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { jobContext } from '../setup/announce-setup.ts';
import { histogram } from '../system-log/histogram.ts';
import { type LogSearchInput, searchOf } from '../system-log/log-search.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { finishExport, runExport, stopExport } from './run-export.ts';
import {
  deleteStaleExports,
  exportFile,
  exportFolder,
  findExport,
  isReady,
  type LogExport,
  presentExport,
  removeFile,
} from './store.ts';

/** How long a finished file waits. */
const KEPT_MS = 24 * 3_600_000;
const BYTES_A_ROW = 1_500;
const LISTED_MAX = 20;

export interface LogExportBody extends LogSearchInput {
  readonly format: 'csv' | 'jsonl';
  readonly since: string;
  readonly until: string;
}

/** `GET …/estimate`: counted as far as the time allows; then the rest is reckoned from what was counted. */
export const estimateExport = async (s: Services, input: LogSearchInput) => {
  const { total, isPartial, since, until, countedFrom } = await histogram(s, { ...input, buckets: 1 });
  const whole = Date.parse(until) - Date.parse(since);
  const counted = Math.max(1, Date.parse(until) - Date.parse(countedFrom));
  const rows = isPartial ? Math.round((total * whole) / counted) : total;
  return { rows, bytes: rows * BYTES_A_ROW, isExact: !isPartial };
};

/**
 * `POST …/exports`: writes down that somebody asked for it and begins. One at a time for a person: E0000001 for a second.
 */
export const startExport = async (s: Services, principal: Principal, body: LogExportBody) => {
  const ownerId = authorOf(principal);
  const { format, ...asked } = body;
  const search = searchOf(s, asked);
  const { rows } = await estimateExport(s, asked);
  const now = s.clock.now();
  const row: LogExport = {
    id: newId(s.random, 'logExport'),
    ownerId,
    format,
    search: JSON.stringify(asked),
    status: 'RUNNING',
    estimatedRows: rows,
    rowCount: 0,
    byteCount: 0,
    reason: null,
    createdAt: now,
    finishedAt: null,
    expiresAt: now + KEPT_MS,
  };
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const other = await tx
      .selectFrom('logExports')
      .select('id')
      .where('ownerId', '=', ownerId)
      .where('status', '=', 'RUNNING')
      .executeTakeFirst();
    if (other !== undefined) throw invalid('export', 'An export of yours is being written; wait for it or cancel it');
    await tx.insertInto('logExports').values(row).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'analytics.reports.export.request',
      target: [{ id: row.id, type: 'LogExport', alternateId: format, displayName: 'System Log', detailEntry: null }],
      debugData: {
        format,
        since: asked.since,
        until: asked.until,
        ...(asked.filter === undefined ? {} : { filter: asked.filter }),
        ...(asked.q === undefined ? {} : { q: asked.q }),
      },
    });
  });
  mkdirSync(exportFolder(s), { recursive: true, mode: 0o700 });
  runExport(s, principal, row, search);
  return presentExport(row, now);
};

/** `GET …/exports`: mine, newest first. */
export const listExports = async (s: Services, principal: Principal) => {
  const rows = await s.store.read
    .selectFrom('logExports')
    .selectAll()
    .where('ownerId', '=', authorOf(principal))
    .orderBy('createdAt', 'desc')
    .limit(LISTED_MAX)
    .execute();
  return rows.map((row) => presentExport(row, s.clock.now()));
};

/** `GET …/exports/{id}`. E0000007 for another's. */
export const getExport = async (s: Services, principal: Principal, id: string) =>
  presentExport(await findExport(s, id, authorOf(principal)), s.clock.now());

/** The file of a finished export, for its owner; each download is an event. E0000007 when its time is over. */
export const downloadExport = async (s: Services, principal: Principal, id: string) => {
  const row = await findExport(s, id, authorOf(principal));
  if (!isReady(row, s.clock.now())) throw notFound(id, 'LogExport');
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await recordEvent(s, tx, principal, {
      eventType: 'analytics.reports.export.download',
      target: [
        { id: row.id, type: 'LogExport', alternateId: row.format, displayName: 'System Log', detailEntry: null },
      ],
      debugData: { rows: String(row.rowCount), bytes: String(row.byteCount) },
    });
  });
  return { row, stream: createReadStream(exportFile(s, row)) };
};

/** `DELETE …/exports/{id}`: a running one is stopped, a finished one loses its file. */
export const deleteExport = async (s: Services, principal: Principal, id: string): Promise<void> => {
  const row = await findExport(s, id, authorOf(principal));
  if (row.status === 'RUNNING' && stopExport(id)) return;
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    await tx.deleteFrom('logExports').where('id', '=', id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'analytics.reports.export.generate',
      outcome: { result: 'ABANDONED', reason: 'Its owner deleted the file.' },
      target: [{ id, type: 'LogExport', alternateId: row.format, displayName: 'System Log', detailEntry: null }],
    });
  });
  removeFile(s, row);
};

/** At start: an export that a stopped process left behind says so, and its half file goes. */
export const settleInterruptedExports = async (s: Services): Promise<void> => {
  const left = await s.store.read.selectFrom('logExports').selectAll().where('status', '=', 'RUNNING').execute();
  const job: Principal = {
    kind: 'job',
    job: 'log-exports',
    permissions: new Set(),
    request: jobContext('log-exports'),
  };
  for (const row of left)
    await finishExport(s, job, row, {
      status: 'INTERRUPTED',
      reason: 'The server was stopped while it was being written.',
    });
  await deleteStaleExports(s);
};
