import { chmodSync, closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { LogEvent } from '@sallyport/model/log-event';
import { CliError, usageError } from '../cli-error.ts';
import { CSV_HEAD, eventCsv } from '../event-text.ts';
import { logQueryOf } from '../log-query.ts';
import { note, printJson } from '../print.ts';
import type { Turn } from '../verb.ts';

const PAGE = '1000';
const USUAL_DAYS = 7;

interface Sheet {
  write(text: string): void;
  finish(): void;
  abandon(): void;
}

/** The file appears when it is whole; it is for its owner's eyes, for addresses and names are in it. */
const openSheet = (file: string): Sheet => {
  if (file === '-')
    return { write: (text) => void process.stdout.write(text), finish: () => undefined, abandon: () => undefined };
  const temporary = `${file}.${process.pid}.part`;
  const handle = openSync(temporary, 'wx', 0o600);
  return {
    write: (text) => void writeSync(handle, text),
    finish() {
      closeSync(handle);
      chmodSync(temporary, 0o600);
      renameSync(temporary, file);
    },
    abandon() {
      closeSync(handle);
      rmSync(temporary, { force: true });
    },
  };
};

/** `sallyport log export`: page by page, so that a log of any size needs no memory. */
export const exportLog = async (turn: Turn): Promise<void> => {
  const format = turn.text('format') ?? 'jsonl';
  if (format !== 'csv' && format !== 'jsonl') throw usageError('--format: must be csv or jsonl');
  const file = turn.text('out') ?? '-';
  if (turn.isJson && file === '-')
    throw usageError('--json prints where the export went; name a file', '--out events.jsonl');
  if (file !== '-' && existsSync(file) && !turn.is('force'))
    throw new CliError('conflict', `${file} is there already`, { code: 'conflict', hint: 'add --force to replace it' });
  const asked = logQueryOf(turn);
  // A fixed end, or a busy log would never be exported to its end.
  const until = asked.until ?? new Date(turn.now).toISOString();
  const since = asked.since ?? new Date(Date.parse(until) - USUAL_DAYS * 86_400_000).toISOString();
  const pages = turn.client().pages('logs.list', { query: { ...asked, since, until, limit: PAGE } });
  const sheet = openSheet(file);
  const line = format === 'csv' ? eventCsv : (event: LogEvent): string => `${JSON.stringify(event)}\n`;
  let count = 0;
  try {
    if (format === 'csv') sheet.write(CSV_HEAD);
    for await (const events of pages) {
      sheet.write(events.map(line).join(''));
      count += events.length;
      if (process.stderr.isTTY) process.stderr.write(`\r${count} events`);
    }
  } catch (error) {
    sheet.abandon();
    throw error;
  } finally {
    if (process.stderr.isTTY && count > 0) process.stderr.write('\n');
  }
  sheet.finish();
  if (turn.isJson) return printJson({ events: count, file, format, since, until });
  note(`Exported ${count} event(s) from ${since} until ${until}${file === '-' ? '' : ` to ${file}`}.`);
};
