import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { isCaller, type Principal } from '@sallyport/model/principal';
import { rightsOfSession, standingRights, standingRightsOfApp } from '../roles/standing-rights.ts';
import type { Services } from '../services.ts';
import { assertAlive } from '../sessions/assert-still-live.ts';
import type { LogSearch } from '../system-log/log-search.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { inOrder, type Position, scanEvents } from '../system-log/scan-events.ts';
import { type ExportFormat, exportHead, exportLine } from './export-line.ts';
import { type ExportStatus, exportFile, type LogExport, removeFile } from './store.ts';

const PAGE_ROWS = 500;
const ROWS_MAX = 2_000_000;
const SLICE_BUDGET_MS = 300;

interface End {
  readonly status: ExportStatus;
  readonly reason: string | null;
  readonly digest?: string;
}

/** The exports that run in this process, so that they can be stopped. */
const running = new Map<
  string,
  { readonly s: Services; readonly stop: AbortController; readonly ended: Promise<void> }
>();

/** Stops one; what it wrote is taken away by itself. False when it does not run here. */
export const stopExport = (id: string): boolean => {
  running.get(id)?.stop.abort({ status: 'CANCELED', reason: 'It was cancelled by its owner.' } satisfies End);
  return running.has(id);
};

/** When the server stops: none goes on, and each says why. */
export const stopAllExports = async (s: Services): Promise<void> => {
  const own = [...running.values()].filter((entry) => entry.s === s);
  for (const { stop } of own)
    stop.abort({ status: 'INTERRUPTED', reason: 'The server was stopped while it was being written.' } satisfies End);
  await Promise.all(own.map(({ ended }) => ended));
};

/** Whoever has lost the session or the permission gets no more of the log, begun or not. */
export const mayStillRead = async (s: Services, principal: Principal): Promise<boolean> => {
  try {
    await assertAlive(s, s.store.read, principal);
  } catch {
    return false;
  }
  if (!isCaller(principal)) return true;
  if (principal.kind === 'service-app')
    return (await standingRightsOfApp(s.store.read, principal.appId)).permissions.has('okta.logs.read');
  const rights =
    principal.kind === 'session'
      ? rightsOfSession(s.store.read, principal.userId, s.clock.now())
      : standingRights(s.store.read, principal.userId);
  return (await rights).permissions.has('okta.logs.read');
};

/** Writes down how an export ended, and the event that says so. */
export const finishExport = async (s: Services, principal: Principal, row: LogExport, end: End): Promise<void> => {
  if (end.status !== 'DONE') removeFile(s, row);
  const result = end.status === 'DONE' ? 'SUCCESS' : end.status === 'CANCELED' ? 'ABANDONED' : 'FAILURE';
  await s.store.transaction(async (tx) => {
    await tx
      .updateTable('logExports')
      .set({
        status: end.status,
        reason: end.reason,
        rowCount: row.rowCount,
        byteCount: row.byteCount,
        finishedAt: s.clock.now(),
      })
      .where('id', '=', row.id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: 'analytics.reports.export.generate',
      outcome: { result, reason: end.reason },
      target: [
        { id: row.id, type: 'LogExport', alternateId: row.format, displayName: 'System Log', detailEntry: null },
      ],
      debugData: {
        rows: String(row.rowCount),
        bytes: String(row.byteCount),
        ...(end.digest === undefined ? {} : { sha256: end.digest }),
      },
    });
  });
};

/**
 * Writes the file of an export, page by page and oldest first: what is held is one page. Between pages the right to go
 * on is asked again.
 */
const writeExport = async (
  s: Services,
  principal: Principal,
  started: LogExport,
  search: LogSearch,
  signal: AbortSignal,
): Promise<void> => {
  let row = started;
  let end: End = { status: 'FAILED', reason: 'The file could not be written.' };
  try {
    const file = await open(exportFile(s, row), 'wx', 0o600);
    const digest = createHash('sha256');
    const write = async (text: string): Promise<void> => {
      digest.update(text);
      row = { ...row, byteCount: row.byteCount + Buffer.byteLength(text) };
      await file.write(text);
    };
    try {
      await write(exportHead(row.format as ExportFormat));
      let after: Position | null = null;
      for (;;) {
        const page: { at: number; node: string; seq: number; body: string }[] = [];
        const { readTo }: { readTo: Position | null } = await scanEvents(s, {
          search,
          isDescending: false,
          after,
          budgetMs: SLICE_BUDGET_MS,
          isLimited: true,
          visit: async (slice) => {
            const query = inOrder(slice, false).select(['publishedAt as at', 'node', 'seq', 'body']);
            page.push(...(await query.limit(PAGE_ROWS - page.length).execute()));
            return page.length >= PAGE_ROWS;
          },
        });
        if (page.length > 0) await write(page.map(({ body }) => exportLine(row.format as ExportFormat, body)).join(''));
        row = { ...row, rowCount: row.rowCount + page.length };
        const last = page.at(-1);
        after = page.length >= PAGE_ROWS && last !== undefined ? last : readTo;
        if (signal.aborted) {
          end = signal.reason as End;
          break;
        }
        if (!(await mayStillRead(s, principal))) {
          end = { status: 'CANCELED', reason: 'The session or the permission of its owner ended.' };
          break;
        }
        if (after === null) {
          end = { status: 'DONE', reason: null, digest: digest.digest('hex') };
          break;
        }
        if (row.rowCount >= ROWS_MAX) {
          end = { status: 'FAILED', reason: `More than ${ROWS_MAX} events: take a shorter range.` };
          break;
        }
        const { rowCount, byteCount } = row;
        await s.store.transaction((tx) =>
          tx.updateTable('logExports').set({ rowCount, byteCount }).where('id', '=', row.id).execute(),
        );
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    s.logger.error({ err: error, export: row.id }, 'an export failed');
  }
  await finishExport(s, principal, row, end);
};

/** Begins an export; it goes on after the request that asked for it. */
export const runExport = (s: Services, principal: Principal, row: LogExport, search: LogSearch): void => {
  const stop = new AbortController();
  const ended = writeExport(s, principal, row, search, stop.signal)
    .catch((error: unknown) => s.logger.error({ err: error, export: row.id }, 'the end of an export was not written'))
    .finally(() => running.delete(row.id));
  running.set(row.id, { s, stop, ended });
};
