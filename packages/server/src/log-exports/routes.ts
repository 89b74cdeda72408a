import { pipeline } from 'node:stream/promises';
import type { Principal } from '@sallyport/model/principal';
import type { Handler } from '../http/exchange.ts';
import type { Services } from '../services.ts';
import {
  deleteExport,
  downloadExport,
  estimateExport,
  getExport,
  type LogExportBody,
  listExports,
  startExport,
} from './manage-exports.ts';
import { mayStillRead } from './run-export.ts';

const id = (params: Readonly<Record<string, string>>): string => params['exportId'] ?? '';
const TYPES: Readonly<Record<string, string>> = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' };

/** How often a download is looked at: the end of time and of rights stops it at most this late. */
const LOOK_MS = 1000;

/**
 * Aborts when the session or the person behind a stream is stopped, at once; or when idleness, the lifetime or a lost
 * permission ends its right: what was admitted is not admitted for ever (design §5.2).
 */
const untilStopped = (s: Services, principal: Principal): { signal: AbortSignal; release: () => void } => {
  const stop = new AbortController();
  const subjects: Readonly<Record<string, string>> =
    principal.kind === 'session'
      ? { session: principal.sessionId, user: principal.userId }
      : principal.kind === 'token'
        ? { token: principal.tokenId, user: principal.userId }
        : principal.kind === 'service-app'
          ? { token: principal.tokenId, app: principal.appId }
          : {};
  const unsubscribe = s.bus.subscribe(({ kind, id: subject }) => {
    if (subject === '*' || subjects[kind] === subject) stop.abort();
  });
  const look = async (): Promise<void> => {
    const isLive = principal.kind !== 'session' || s.sessions.isLive(principal.sessionId);
    if (!isLive || !(await mayStillRead(s, principal))) stop.abort();
  };
  // A database that does not answer has not said yes.
  const timer = setInterval(() => void look().catch(() => stop.abort()), LOOK_MS);
  return {
    signal: stop.signal,
    release() {
      clearInterval(timer);
      unsubscribe();
    },
  };
};

export const logExportHandlers = {
  'logExports.estimate': async ({ services, query }) => ({ body: await estimateExport(services, query) }),
  'logExports.list': async ({ services, principal }) => ({ body: await listExports(services, principal) }),
  'logExports.start': async ({ services, principal, body }) => ({
    body: await startExport(services, principal, body as LogExportBody),
  }),
  'logExports.get': async ({ services, principal, params }) => ({
    body: await getExport(services, principal, id(params)),
  }),
  'logExports.download': async ({ services, principal, params, reply }) => {
    const { row, stream } = await downloadExport(services, principal, id(params));
    const { signal, release } = untilStopped(services, principal);
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value as string);
    reply.raw.writeHead(200, {
      'Content-Type': TYPES[row.format] ?? 'application/octet-stream',
      'Content-Length': row.byteCount,
      'Content-Disposition': `attachment; filename="system-log-${row.id}.${row.format}"`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cache-Control': 'no-store',
    });
    await pipeline(stream, reply.raw, { signal })
      .catch((error: unknown) => {
        // The head is out: all that can be done is to end before the length that was promised.
        services.logger.info({ err: error, export: row.id }, 'a download ended early');
        reply.raw.destroy();
      })
      .finally(release);
    return {};
  },
  'logExports.delete': async ({ services, principal, params }) => {
    await deleteExport(services, principal, id(params));
    return {};
  },
} satisfies Record<string, Handler>;
