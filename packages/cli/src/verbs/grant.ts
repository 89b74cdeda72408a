import type { GrantAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byPrefix } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { oneLine } from '../plain.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { secondsOf } from '../time-text.ts';
import { addVerb, type Turn } from '../verb.ts';
import { REQUEST_FIELDS, waitFor } from './request.ts';

const FIELDS = fieldsOf<GrantAnswer>({
  id: true,
  status: true,
  user: true,
  entitlement: true,
  startsAt: true,
  expiresAt: true,
  powerEndsAt: true,
  endedAt: true,
  endReason: true,
  endedBy: true,
  source: true,
  askedBy: true,
  extendsGrantId: true,
  reason: true,
  createdAt: true,
  createdBy: true,
});
const ID = ['<id>', 'of an open one that you have or answer for also its beginning'] as const;

const END_TEXT: Readonly<Record<NonNullable<GrantAnswer['endReason']>, string>> = {
  expired: 'ran out',
  extended: 'goes on in a longer one',
  'ended-by-holder': 'ended by whoever had it',
  'ended-by-asker': 'ended by whoever asked for it',
  'ended-by-manager': 'ended by the manager of the account',
  'ended-by-admin': 'ended by an administrator',
  'bundle-deleted': 'its bundle was deleted',
  'group-deleted': 'its group was deleted',
  'mark-changed': 'the account became a service account, or a person’s',
  'app-deleted': 'its app was deleted',
  'user-deactivated': 'the account was deactivated',
  'user-deleted': 'the account was deleted',
};
const whatText = ({ entitlement: { kind, name } }: GrantAnswer): string =>
  kind === 'service-account' ? `sign in as ${name}` : `${kind} ${name}`;

/** An open one that the caller has or answers for by the beginning of its id; any other by its whole id. */
const find = async (client: Client, typed: string): Promise<GrantAnswer> => {
  const own: GrantAnswer[] = [];
  for await (const page of client.pages('grants.list', { query: { status: 'OPEN', limit: '200' } })) own.push(...page);
  return client.call('grants.get', { params: { grantId: byPrefix(own, typed)?.id ?? typed } });
};

const list = async (turn: Turn): Promise<void> => {
  const given = turn.text('limit') ?? '50';
  const limit = Number(given);
  if (!/^\d{1,4}$/.test(given) || limit < 1) throw usageError('--limit: must be between 1 and 9999');
  const found: GrantAnswer[] = [];
  const pages = turn.client().pages('grants.list', {
    query: {
      whose: turn.is('all') ? 'all' : 'mine',
      status: turn.is('ended') ? 'ENDED' : 'OPEN',
      limit: String(Math.min(limit + 1, 200)),
    },
  });
  for await (const page of pages) {
    found.push(...page);
    if (found.length > limit) break;
  }
  if (found.length > limit) note(`The newest ${limit} are shown; there are more: --limit.`);
  const grants = found.slice(0, limit);
  if (turn.isJson) return printJson({ grants: grants.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'STATUS', 'WHO', 'WHAT', 'FROM', turn.is('ended') ? 'ENDED' : 'UNTIL', 'REASON'],
      grants.map((grant) => [
        grant.id,
        grant.status,
        grant.user.login,
        whatText(grant),
        turn.time(grant.startsAt),
        turn.time(grant.endedAt ?? grant.powerEndsAt),
        oneLine(grant.reason),
      ]),
    ),
  );
};

const detail = (turn: Turn, grant: GrantAnswer): string[] =>
  facts([
    ['Id', grant.id],
    ['Who', `${grant.user.login} (${grant.user.name})`],
    ['What', `${whatText(grant)} (${grant.entitlement.id})`],
    ['Status', grant.status],
    ['From', turn.time(grant.startsAt)],
    ['Until', turn.time(grant.expiresAt)],
    ['Ended', grant.endedAt === null ? null : turn.time(grant.endedAt)],
    ['Why it ended', grant.endReason === null ? null : END_TEXT[grant.endReason]],
    ['Ended by', grant.endedBy],
    ['Asked by', grant.askedBy?.login ?? null],
    ['Reason', grant.reason],
    ['Made longer', grant.extendsGrantId],
    ['Given by', grant.source.kind === 'request' ? `request ${grant.source.id}` : grant.createdBy],
  ]);

const end = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const found = await find(client, String(turn.args[0]));
  const isMaintenance = found.entitlement.kind === 'service-account';
  const what = isMaintenance ? `signing in as ${found.user.login}` : `${whatText(found)} of ${found.user.login}`;
  if (!turn.is('yes')) await turn.confirm(`End ${what} now?`, '--yes');
  const grant = await client.call('grants.end', { params: { grantId: found.id } });
  if (turn.isJson) return printJson({ grant: turn.jsonItem(grant) });
  printLines([
    isMaintenance
      ? `Ended. Nobody signs in as ${grant.user.login} any more, and its sessions are over.`
      : `Ended. ${grant.user.login} does not have ${whatText(grant)} any more.`,
  ]);
};

/** Asks for more time; it takes the same approvals as what it makes longer. */
const extend = async (turn: Turn): Promise<void> => {
  const seconds = secondsOf(turn.text('for') ?? '');
  const reason = turn.text('reason')?.trim() ?? '';
  if (seconds === null || seconds < 1) throw usageError('--for: say how much longer', '--for 1h');
  if (reason === '') throw usageError('--reason: say why', "--reason 'The import runs longer than planned'");
  const client = turn.client();
  const { id, entitlement } = await find(client, String(turn.args[0]));
  const ticket = turn.text('ticket');
  const request = await client.call('requests.create', {
    body: {
      entitlement: { kind: entitlement.kind, id: entitlement.id },
      extends: id,
      duration: `PT${seconds}S`,
      reason,
      ...(ticket === undefined ? {} : { ticket }),
    },
  });
  const isWaiting = turn.options['wait'] !== undefined;
  const lines = [
    `Asked: ${oneLine(request.words)}${request.extends === null ? '' : `, until ${turn.time(request.extends.untilAt)}`}.`,
    `It takes ${request.approvalsNeeded === 1 ? 'one approval' : `${request.approvalsNeeded} approvals`}, by ${turn.time(request.decideBy)}${isWaiting ? '' : `: sallyport request show ${request.id} --wait`}`,
  ];
  if (isWaiting) {
    if (!turn.isJson) note(...lines, '');
    return waitFor(turn, client, request);
  }
  if (turn.isJson) return printJson({ request: turn.jsonItem(request) });
  printLines(lines);
};

/** `sallyport grant …`: access that ends by itself. */
export const addGrantVerbs = (program: Command): void => {
  const noun = program
    .command('grant')
    .description('access for a while: what you have, what others have, more time, and ending it');
  addVerb(
    noun,
    {
      name: 'list',
      summary: 'what you have for a while now, will have, or answer for',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      options: [
        ['--all', 'of everybody'],
        ['--ended', 'what has ended'],
        ['--limit <count>', 'how many at most (default: 50)'],
      ],
      examples: ['sallyport grant list', 'sallyport grant list --all --ended'],
    },
    list,
  );
  addVerb(
    noun,
    {
      name: 'show',
      summary: 'who was given what, from when until when, and why',
      args: [ID],
      talksTo: 'server',
      jsonFields: FIELDS,
      examples: ['sallyport grant show gra4Qx'],
    },
    async (turn) => {
      const grant = await find(turn.client(), String(turn.args[0]));
      if (turn.isJson) return printJson({ grant: turn.jsonItem(grant) });
      printLines(detail(turn, grant));
    },
  );
  addVerb(
    noun,
    {
      name: 'extend',
      summary: 'ask for more time while it runs; others approve it, as they did what it makes longer',
      args: [ID],
      talksTo: 'server',
      jsonFields: REQUEST_FIELDS,
      options: [
        ['--for <time>', 'how much longer: 30m, 1h'],
        ['--reason <words>', 'why; whoever decides reads it'],
        ['--ticket <id>', 'the ticket or change that it is for'],
        ['--wait [time]', 'wait until it is decided, at most that long (default: 30m)'],
      ],
      examples: ["sallyport grant extend gra4Qx --for 1h --reason 'The import runs longer than planned'"],
    },
    extend,
  );
  addVerb(
    noun,
    {
      name: 'end',
      summary: 'end it now, without a key: taking power never waits',
      args: [ID],
      talksTo: 'server',
      jsonFields: FIELDS,
      options: [['--yes', 'do not ask']],
      examples: ['sallyport grant end gra4Qx --yes'],
    },
    end,
  );
};
