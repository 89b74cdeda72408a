import { chmodSync, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { LogExportAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import { CliError, usageError } from '../cli-error.ts';
import { interruptible } from '../interrupts.ts';
import { logQueryOf } from '../log-query.ts';
import { note, printJson } from '../print.ts';
import type { Turn } from '../verb.ts';

const USUAL_DAYS = 7;
const LOOK_MS = { first: 100, most: 1_000 } as const;

/** Waits until the server has written the export; how far it is, it says where somebody watches. */
const untilWritten = async (client: Client, started: LogExportAnswer): Promise<LogExportAnswer> => {
  let state = started;
  for (let waitMs: number = LOOK_MS.first; state.status === 'RUNNING'; waitMs = Math.min(waitMs * 2, LOOK_MS.most)) {
    if (process.stderr.isTTY) process.stderr.write(`\r${state.rows} of about ${state.estimatedRows} events`);
    await pause(waitMs);
    // To wait is no interaction: a long export does not keep its session alive.
    state = await client.call('logExports.get', { params: { exportId: state.id } }, { isBackground: true });
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (state.status === 'DONE') return state;
  throw new CliError('failed', state.reason ?? 'the export was not written', { code: 'export_failed' });
};

/** The file appears when it is whole; it is for its owner's eyes, for addresses and names are in it. */
const writeFile = async (file: string, bytes: Readable): Promise<void> => {
  const temporary = `${file}.${process.pid}.part`;
  try {
    await pipeline(bytes, createWriteStream(temporary, { flags: 'wx', mode: 0o600 }));
    chmodSync(temporary, 0o600);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
};

/** `sallyport log export`: the server writes the export, and that somebody took it; then its file is fetched. */
export const exportLog = async (turn: Turn): Promise<void> => {
  const format = turn.text('format') ?? 'jsonl';
  if (format !== 'csv' && format !== 'jsonl') throw usageError('--format: must be csv or jsonl');
  const file = turn.text('out') ?? '-';
  if (turn.isJson && file === '-')
    throw usageError('--json prints where the export went; name a file', '--out events.jsonl');
  if (file !== '-' && existsSync(file) && !turn.is('force'))
    throw new CliError('conflict', `${file} is there already`, { code: 'conflict', hint: 'add --force to replace it' });
  const asked = logQueryOf(turn);
  const until = asked.until ?? new Date(turn.now).toISOString();
  const since = asked.since ?? new Date(Date.parse(until) - USUAL_DAYS * 86_400_000).toISOString();
  const client = turn.client();
  const started = await client.call('logExports.start', { body: { ...asked, format, since, until } });
  const params = { exportId: started.id };
  const fetchFile = async (): Promise<number> => {
    const written = await untilWritten(client, started);
    const bytes = Readable.from(client.download(requestOf('logExports.download', { params })));
    if (file === '-') await pipeline(bytes, process.stdout, { end: false });
    else await writeFile(file, bytes);
    return written.rows;
  };
  const rows = await interruptible(fetchFile, async () => {
    if (file !== '-') rmSync(`${file}.${process.pid}.part`, { force: true });
    await client.call('logExports.delete', { params });
  });
  if (turn.isJson) return printJson({ events: rows, file, format, since, until });
  note(`Exported ${rows} event(s) from ${since} until ${until}${file === '-' ? '' : ` to ${file}`}.`);
};
