import type { ApprovalAnswer, ApprovalDetailAnswer, InboxAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byPrefix } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { oneLine } from '../plain.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<ApprovalDetailAnswer>({
  id: true,
  status: true,
  action: true,
  words: true,
  why: true,
  target: true,
  askedBy: true,
  from: true,
  createdAt: true,
  expiresAt: true,
  needsSecondPerson: true,
  decision: true,
  usedAt: true,
  approve: true,
  deny: true,
  summary: true,
  requests: true,
  challenge: true,
  approvers: true,
  approversCount: true,
});
const ID = ['<id>', 'of one that waits also its beginning'] as const;

const STATUS: Readonly<Record<ApprovalAnswer['status'], string>> = {
  WAITING: 'waits',
  APPROVED: 'approved, not done yet',
  DONE: 'approved and done',
  DENIED: 'denied',
  CANCELLED: 'taken back',
  EXPIRED: 'expired',
};
/** Who asks: a person, or a machine of whose. */
export const askedByText = ({ kind, person, token, app }: InboxAnswer['askedBy']): string => {
  if (person === null) return `service app ${app?.name ?? ''}`;
  return `${kind === 'token' ? `token ${token?.name ?? ''} of ` : ''}${person.login ?? person.name}`;
};

/** One that waits, by its id or the beginning of it; any other by its whole id. */
const find = async (client: Client, typed: string): Promise<ApprovalDetailAnswer> => {
  const waiting: ApprovalAnswer[] = [];
  for await (const page of client.pages('approvals.list', { query: { status: 'WAITING', limit: '100' } }))
    waiting.push(...page);
  return client.call('approvals.get', { params: { proofId: byPrefix(waiting, typed)?.id ?? typed } });
};

const detail = (turn: Turn, approval: ApprovalDetailAnswer): string[] => {
  const { askedBy, from, target, decision, requests, summary, approvers, approversCount } = approval;
  const more = approversCount - approvers.length;
  const names = approvers.map(({ login, name }) => login ?? name).join(', ');
  return [
    ...facts([
      ['Id', approval.id],
      ['What', approval.words],
      ['Why it is asked', approval.why],
      ['About', target === null ? null : `${target.name ?? 'something without a name'} (${target.id})`],
      ['Status', STATUS[approval.status]],
      ['Asked by', askedByText(askedBy)],
      ['Purpose of the token', askedBy.token?.purpose ?? null],
      ['From', `${from.address ?? 'an unknown address'} (${from.network ?? 'an unknown network'})`],
      ['Asked', turn.time(approval.createdAt)],
      ['Ends', approval.status === 'WAITING' ? turn.time(approval.expiresAt) : null],
      ['Decided', decision === null ? null : `${turn.time(decision.at)} by ${decision.by.login ?? decision.by.name}`],
      ['Reason', decision?.reason ?? null],
      ['Done', approval.usedAt === null ? null : turn.time(approval.usedAt)],
      ['You may approve', approval.approve.isAllowed ? 'yes' : `no: ${approval.approve.sentence}`],
      [
        'May approve',
        approval.status === 'WAITING' ? `${names || 'nobody'}${more > 0 ? ` and ${more} more` : ''}` : null,
      ],
    ]),
    '',
    ...requests.map(({ method, path }) => `  ${method} ${path}`),
    ...(summary === null ? [] : summary.split('\n').map((line) => `  ${line}`)),
  ];
};

const list = async (turn: Turn): Promise<void> => {
  const state = turn.text('state') ?? 'waiting';
  if (state !== 'waiting' && state !== 'past') throw usageError('--state: must be waiting or past');
  const given = turn.text('limit') ?? '50';
  const limit = Number(given);
  if (!/^\d{1,4}$/.test(given) || limit < 1) throw usageError('--limit: must be between 1 and 9999');
  const found: ApprovalAnswer[] = [];
  const pages = turn.client().pages('approvals.list', {
    query: {
      show: turn.is('asked') ? 'asked' : 'decide',
      status: state === 'past' ? 'PAST' : 'WAITING',
      limit: String(Math.min(limit + 1, 100)),
    },
  });
  for await (const page of pages) {
    found.push(...page);
    if (found.length > limit) break;
  }
  if (found.length > limit) note(`The newest ${limit} are shown; there are more: --limit.`);
  const approvals = found.slice(0, limit);
  if (turn.isJson) return printJson({ approvals: approvals.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'STATUS', 'ASKED BY', 'FROM', state === 'waiting' ? 'ENDS' : 'ASKED', 'WHAT'],
      approvals.map(({ id, status, askedBy, from, expiresAt, createdAt, words }) => [
        id,
        STATUS[status],
        askedByText(askedBy),
        from.address ?? '',
        turn.time(state === 'waiting' ? expiresAt : createdAt),
        words,
      ]),
    ),
  );
};

const approve = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const asked = await find(client, String(turn.args[0]));
  if (!turn.isJson) note(...detail(turn, asked), '');
  // The body is what the key signs: the digest of what was shown, and of nothing else.
  const approval = await client.call('approvals.approve', {
    params: { proofId: asked.id },
    body: { challenge: asked.challenge },
  });
  if (turn.isJson) return printJson({ approval: turn.jsonItem(approval) });
  printLines([`Approved: ${oneLine(approval.words)}. ${askedByText(approval.askedBy)} has five minutes to do it.`]);
};

const deny = async (turn: Turn): Promise<void> => {
  const reason = turn.text('reason')?.trim() ?? '';
  if (reason === '') throw usageError('--reason: whoever asked must read why', "--reason 'Not on a Friday'");
  const client = turn.client();
  const { id } = await find(client, String(turn.args[0]));
  const approval = await client.call('approvals.deny', { params: { proofId: id }, body: { reason } });
  if (turn.isJson) return printJson({ approval: turn.jsonItem(approval) });
  printLines([`Denied: ${oneLine(approval.words)}. ${askedByText(approval.askedBy)} reads why.`]);
};

/** `sallyport approval …`: what a machine or a person may do only after somebody said yes with their key. */
export const addApprovalVerbs = (program: Command): void => {
  const noun = program.command('approval').description('what waits for somebody’s yes, given with their key');
  addVerb(
    noun,
    {
      name: 'list',
      summary: 'what waits for your decision, or what you and your tokens asked for',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      options: [
        ['--state <state>', 'waiting or past (default: waiting)'],
        ['--asked', 'what you and your tokens asked for'],
        ['--limit <count>', 'how many at most (default: 50)'],
      ],
      examples: ['sallyport approval list', 'sallyport approval list --asked --state past'],
    },
    list,
  );
  addVerb(
    noun,
    {
      name: 'show',
      summary: 'what exactly is asked for, by whom, from where, and who may decide',
      args: [ID],
      talksTo: 'server',
      jsonFields: FIELDS,
      examples: ['sallyport approval show apf4Qx'],
    },
    async (turn) => {
      const approval = await find(turn.client(), String(turn.args[0]));
      if (turn.isJson) return printJson({ approval: turn.jsonItem(approval) });
      printLines(detail(turn, approval));
    },
  );
  addVerb(
    noun,
    {
      name: 'approve',
      summary: 'approve it with your key; whoever asked then has five minutes',
      args: [ID],
      talksTo: 'server',
      isProtected: true,
      jsonFields: FIELDS,
      examples: ['sallyport approval approve apf4Qx'],
    },
    approve,
  );
  addVerb(
    noun,
    {
      name: 'deny',
      summary: 'deny it for good, without a key: a no gives nobody power',
      args: [ID],
      talksTo: 'server',
      jsonFields: FIELDS,
      options: [['--reason <words>', 'why; whoever asked reads it']],
      examples: ["sallyport approval deny apf4Qx --reason 'Not on a Friday'"],
    },
    deny,
  );
};
