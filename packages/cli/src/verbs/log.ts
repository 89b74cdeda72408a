import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { printJson, printLines } from '../print.ts';
import { runOnHost } from '../run-on-host.ts';

interface NodeReport {
  readonly node: string;
  readonly events: number;
  readonly firstBad: { readonly seq: number; readonly what: string } | null;
  readonly lastCheckpointSeq: number | null;
  readonly uncoveredFrom: number | null;
  readonly uncoveredTo: number | null;
}
interface LogEvent {
  readonly uuid: string;
  readonly published: string;
  readonly severity: string;
  readonly eventType: string;
  readonly displayMessage: string;
  readonly actor: { readonly alternateId: string };
  readonly outcome: { readonly result: string; readonly reason: string | null };
  readonly client: { readonly ipAddress: string | null };
}

const TAIL_SECONDS = 1;

const line = (event: LogEvent): string =>
  `${event.published}  ${event.severity.padEnd(5)} ${event.eventType}  ${event.actor.alternateId}  ${event.outcome.result}${event.outcome.reason === null ? '' : ` (${event.outcome.reason})`}  ${event.client.ipAddress ?? '-'}  ${event.uuid}`;

const verify = async (options: { checkpoints?: string; json?: boolean }): Promise<void> => {
  const checkpoints =
    options.checkpoints === undefined ? {} : { checkpoints: readFileSync(options.checkpoints, 'utf8') };
  const report = await runOnHost<{ ok: boolean; nodes: readonly NodeReport[] }>(
    'log.verify',
    checkpoints,
    options.json === true,
  );
  if (report === null) return;
  if (!report.ok) process.exitCode = EXIT.failed;
  if (options.json === true) return printJson({ ...report });
  printLines([
    ...report.nodes.flatMap((node) => [
      `node ${node.node}: ${node.events} events, ${node.firstBad === null ? 'chain holds' : `BROKEN at seq ${node.firstBad.seq}: ${node.firstBad.what}`}`,
      node.uncoveredFrom === null
        ? '  every event is covered by a checkpoint outside'
        : `  not yet covered by a checkpoint outside: seq ${node.uncoveredFrom} to ${node.uncoveredTo ?? '?'}`,
    ]),
    report.ok ? 'verified' : 'NOT verified',
  ]);
};

const tail = async (options: { filter?: string; json?: boolean; once?: boolean }): Promise<void> => {
  let after: string | undefined;
  const since = new Date(Date.now() - 3_600_000).toISOString();
  for (;;) {
    const page = await runOnHost<{ events: readonly LogEvent[]; after: string }>(
      'log.read',
      {
        ...(after === undefined ? { since } : { after }),
        ...(options.filter === undefined ? {} : { filter: options.filter }),
      },
      options.json === true,
    );
    if (page === null) return;
    for (const event of page.events)
      process.stdout.write(options.json === true ? `${JSON.stringify(event)}\n` : `${line(event)}\n`);
    after = page.after;
    if (options.once === true && page.events.length === 0) return;
    if (page.events.length === 0) await new Promise((resolve) => setTimeout(resolve, TAIL_SECONDS * 1000));
  }
};

/** `sallyport log …` and `sallyport why`. On the host, through the control socket. */
export const addLogVerbs = (program: Command): void => {
  const log = program.command('log').description('read and verify the System Log');
  log
    .command('verify')
    .description('verify the hash chain and the checkpoints')
    .option('--checkpoints <file>', 'checkpoints kept on another host, JSON lines')
    .option('--json', 'print JSON')
    .action(verify);
  log
    .command('tail')
    .description('print events as they are written')
    .option('--filter <filter>', 'like eventType eq "user.session.start"')
    .option('--once', 'stop when all is printed')
    .option('--json', 'print JSON lines')
    .action(tail);
  program
    .command('why')
    .description('compute a past verdict again from its stored facts')
    .argument('<event>', 'uuid of the event')
    .option('--json', 'print JSON')
    .action(async (uuid: string, options: { json?: boolean }) => {
      const result = await runOnHost<Record<string, unknown>>('log.why', { uuid }, options.json === true);
      if (result === null) return;
      if (options.json === true) return printJson(result);
      printLines([JSON.stringify(result, null, 2)]);
    });
};
