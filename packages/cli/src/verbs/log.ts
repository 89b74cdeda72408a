import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { LogReportAnswer, WhyAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import { Refusal } from '@sallyport/client/refusal';
import { Unreachable } from '@sallyport/client/unreachable';
import type { LogEvent } from '@sallyport/model/log-event';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { EVENT_HEADS, eventCells, eventLine } from '../event-text.ts';
import { EXIT } from '../exit-codes.ts';
import { fieldsOf } from '../json-fields.ts';
import { logQueryOf } from '../log-query.ts';
import { logWay } from '../log-way.ts';
import { note, printJson, printJsonLine, printLines } from '../print.ts';
import { runOnHost } from '../run-on-host.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import { exportLog } from './log-export.ts';

const FIELDS = fieldsOf<LogEvent>({
  uuid: true,
  published: true,
  eventType: true,
  legacyEventType: true,
  version: true,
  severity: true,
  displayMessage: true,
  actor: true,
  client: true,
  device: true,
  authenticationContext: true,
  outcome: true,
  securityContext: true,
  target: true,
  transaction: true,
  request: true,
  debugContext: true,
});
const TAIL_SECONDS = 1;
const LIMIT = { usual: 100, max: 10_000, page: 1000 } as const;
const HOST: readonly [string, string] = ['--host', 'on the host, through the control socket of the data folder'];
const FILTER_OPTIONS = [
  ['--since <when>', 'like 2h, 30d or 2026-11-25T12:00:00Z (default: 7d)'],
  ['--until <when>', 'the same; what was published before'],
  ['--words <words>', 'words that the event holds'],
] as const;

const query = async (turn: Turn): Promise<void> => {
  const given = turn.text('limit') ?? String(LIMIT.usual);
  const limit = Number(given);
  if (!/^\d{1,5}$/.test(given) || limit < 1 || limit > LIMIT.max)
    throw usageError(`--limit: must be between 1 and ${LIMIT.max}`, 'for more: sallyport log export');
  const asked = logQueryOf(turn);
  const events: LogEvent[] = [];
  // One more than is shown tells whether there are more.
  const pages = turn.client().pages('logs.list', {
    query: { ...asked, sortOrder: 'DESCENDING', limit: String(Math.min(limit + 1, LIMIT.page)) },
  });
  for await (const page of pages) {
    events.push(...page);
    if (events.length > limit) break;
  }
  const hasMore = events.length > limit;
  events.splice(limit);
  if (turn.isJson) return printJson({ events: events.map(turn.jsonItem), hasMore });
  if (events.length > 0)
    printLines(
      table(
        EVENT_HEADS,
        events.map((event) => eventCells(event, turn.time(event.published))),
      ),
    );
  else note('No event matches.');
  if (hasMore) note(`The newest ${limit} are shown; there are more: --limit, or sallyport log export.`);
};

const printTail = (turn: Turn, events: readonly LogEvent[]): void => {
  for (const event of events) {
    if (turn.isJson) printJsonLine({ ...turn.jsonItem(event) });
    else printLines([eventLine(event)]);
  }
};

const sinceOf = (turn: Turn): string => logQueryOf(turn).since ?? new Date(turn.now - 3_600_000).toISOString();

const tailOnHost = async (turn: Turn): Promise<void> => {
  const { filter } = logQueryOf(turn);
  let from: Record<string, string> = { since: sinceOf(turn) };
  for (;;) {
    const page = await runOnHost<{ events: readonly LogEvent[]; after: string; searchedTo: number | null }>(
      'log.read',
      { ...from, ...(filter === undefined ? {} : { filter }) },
      turn.isJson,
    );
    if (page === null) return;
    printTail(turn, page.events);
    from = { after: page.after };
    // A page that ran out of time is no end: the next one looks on.
    if (page.events.length > 0 || page.searchedTo !== null) continue;
    if (turn.is('once')) return;
    await pause(TAIL_SECONDS * 1000);
  }
};

/** Each event once, also over a restart of the server: the place in the log is in the link that was last given. */
const tailOverNetwork = async (turn: Turn): Promise<void> => {
  const { filter, q } = logQueryOf(turn);
  const client = turn.client();
  let request = requestOf('logs.list', { query: { since: sinceOf(turn), filter, q } });
  let isFirst = true;
  for (;;) {
    try {
      // To watch is no interaction: an unattended tail does not keep its session alive.
      const answer = await client.send(request, { isBackground: true });
      const events = answer.body as readonly LogEvent[];
      printTail(turn, events);
      isFirst = false;
      if (answer.nextPath !== null) request = { method: 'GET', path: answer.nextPath };
      if (events.length > 0 || answer.searchedTo !== null) continue;
      if (turn.is('once')) return;
      await pause(TAIL_SECONDS * 1000);
    } catch (error) {
      const waitSeconds =
        error instanceof Unreachable
          ? 2
          : error instanceof Refusal && error.status === 429
            ? (error.retryAfterSeconds ?? 5)
            : null;
      if (isFirst || turn.is('once') || waitSeconds === null) throw error;
      note(`${(error as Error).message}; trying again`);
      await pause(waitSeconds * 1000);
    }
  }
};

const verify = async (turn: Turn): Promise<void> => {
  const file = turn.text('checkpoints');
  const asked = { proofs: turn.is('proofs'), verdicts: turn.is('verdicts') };
  const report =
    logWay(turn) === 'host'
      ? await runOnHost<LogReportAnswer>(
          'log.verify',
          { ...(file === undefined ? {} : { checkpoints: readFileSync(file, 'utf8') }), ...asked },
          turn.isJson,
        )
      : await turn.client().call('logs.verify', {
          query: { ...(asked.proofs && { proofs: 'true' }), ...(asked.verdicts && { verdicts: 'true' }) },
        });
  if (report === null) return;
  if (!report.ok) process.exitCode = EXIT.failed;
  if (turn.isJson) return printJson({ ...report });
  printLines([
    ...report.nodes.flatMap((node) => [
      `node ${node.node}: ${node.events} events, ${node.firstBad === null ? 'chain holds' : `BROKEN at seq ${node.firstBad.seq}: ${node.firstBad.what}`}`,
      node.uncoveredFrom === null
        ? '  every event is covered by a checkpoint outside'
        : `  not yet covered by a checkpoint outside: seq ${node.uncoveredFrom} to ${node.uncoveredTo ?? '?'}`,
    ]),
    ...(report.proofs === undefined
      ? []
      : [
          `protected actions: ${report.proofs.checked} signatures checked, ${report.proofs.withoutSignature} without one of their own`,
          ...report.proofs.bad.map(({ uuid, what }) => `  BAD ${uuid}: ${what}`),
        ]),
    ...(report.verdicts === undefined
      ? []
      : [
          `verdicts: ${report.verdicts.checked} judged again, ${report.verdicts.withoutCommitment} of before the chain held their facts`,
          ...report.verdicts.bad.map(({ uuid, what }) => `  BAD ${uuid}: ${what}`),
        ]),
    report.ok ? 'verified' : 'NOT verified',
  ]);
};

const kindOf = (verdict: WhyAnswer['recorded']): string => verdict?.kind ?? verdict?.verdict?.kind ?? 'unknown';

const why = async (turn: Turn): Promise<void> => {
  const uuid = String(turn.args[0]);
  const result =
    logWay(turn) === 'host'
      ? await runOnHost<WhyAnswer>('log.why', { uuid }, turn.isJson)
      : await turn.client().call('logs.why', { params: { uuid } });
  if (result === null) return;
  if (result.agrees === false) process.exitCode = EXIT.failed;
  if (turn.isJson) return printJson({ ...result });
  printLines([
    ...facts([
      ['Event', `${result.event.eventType} (${result.event.uuid})`],
      ['At', turn.time(result.event.published)],
      ...(result.agrees === null
        ? []
        : ([
            ['Recorded', kindOf(result.recorded)],
            ['Computed', `${kindOf(result.computed)}, ${result.agrees ? 'the same' : 'NOT the same'}`],
          ] as const)),
    ]),
    'Because:',
    ...result.sentences.map((sentence) => `  ${sentence}`),
  ]);
};

/** `sallyport log …` and `sallyport why`. */
export const addLogVerbs = (program: Command): void => {
  const log = program.command('log').description('read, watch, export and verify the System Log');
  addVerb(
    log,
    {
      name: 'query',
      summary: 'the newest events that a filter selects',
      args: [['[filter...]', 'as one word, or as typed: eventType eq "user.session.start"']],
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      options: [...FILTER_OPTIONS, ['--limit <count>', `how many at most (default: ${LIMIT.usual})`]],
      examples: [
        'sallyport log query eventType eq "security.session.detect_client_roaming"',
        `sallyport log query 'outcome.result eq "DENY"' --since 2h`,
        'sallyport log query --words 203.0.113.7 --since 7d --json=published,eventType,actor',
      ],
    },
    query,
  );
  addVerb(
    log,
    {
      name: 'tail',
      summary: 'events as they are written, from an hour ago on',
      talksTo: 'server',
      jsonFields: FIELDS,
      options: [
        ['--filter <filter>', 'like eventType eq "user.session.start"'],
        ['--since <when>', 'like 15m or 2026-11-25T12:00:00Z'],
        ['--words <words>', 'words that the event holds'],
        ['--once', 'stop when all is printed'],
        HOST,
      ],
      examples: [`sallyport log tail --filter 'severity eq "WARN"'`, 'sallyport log tail --json --once'],
    },
    (turn) => (logWay(turn) === 'host' ? tailOnHost(turn) : tailOverNetwork(turn)),
  );
  addVerb(
    log,
    {
      name: 'verify',
      summary: 'verify the hash chain and the checkpoints',
      talksTo: 'server',
      options: [
        ['--verdicts', 'also make every judgement again from the facts that were kept with it'],
        ['--proofs', 'also check the signature of each protected action against the key that the log saw enrolled'],
        ['--checkpoints <file>', 'on the host: checkpoints kept elsewhere, JSON lines'],
        HOST,
      ],
      examples: [
        'sallyport log verify',
        'sallyport log verify --proofs --verdicts',
        'sallyport log verify --host --checkpoints /mnt/worm/checkpoints.jsonl',
      ],
    },
    verify,
  );
  addVerb(
    log,
    {
      name: 'export',
      summary: 'all events that a filter selects, into a file',
      args: [['[filter...]', 'as for log query']],
      talksTo: 'server',
      isProtected: true,
      options: [
        ...FILTER_OPTIONS,
        ['--format <format>', 'csv or jsonl (default: jsonl)'],
        ['--out <file>', 'the file; - for standard output (default: -)'],
        ['--force', 'replace the file if it is there'],
      ],
      examples: ['sallyport log export --since 30d --format csv --out november.csv'],
    },
    exportLog,
  );
  addVerb(
    program,
    {
      name: 'why',
      summary: 'compute a past verdict again from its stored facts',
      args: [['<event>', 'id of the event']],
      talksTo: 'server',
      hasCurl: true,
      options: [HOST],
      examples: ['sallyport why 0f5c9a1e-1111-4222-8333-444455556666'],
    },
    why,
  );
};
