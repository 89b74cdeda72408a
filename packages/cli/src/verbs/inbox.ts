import type { InboxAnswer } from '@sallyport/client/answers';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { note, printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import { askedByText } from './approval.ts';

const FIELDS = fieldsOf<InboxAnswer>({
  kind: true,
  id: true,
  cursor: true,
  dueAt: true,
  words: true,
  askedBy: true,
  requestedFor: true,
  insteadOf: true,
  items: true,
  isMoreItems: true,
});

const forText = ({ requestedFor, insteadOf, items, isMoreItems }: InboxAnswer): string =>
  [
    ...(requestedFor === null ? [] : [requestedFor.login ?? requestedFor.name]),
    ...(insteadOf === null ? [] : [`in the stead of ${insteadOf.login ?? insteadOf.name}`]),
    ...(items === null ? [] : [items === 1 ? 'one answer' : `${items}${isMoreItems ? ' or more' : ''} answers`]),
  ].join(', ');

const list = async (turn: Turn): Promise<void> => {
  const given = turn.text('limit') ?? '50';
  const limit = Number(given);
  if (!/^\d{1,4}$/.test(given) || limit < 1) throw usageError('--limit: must be between 1 and 9999');
  const found: InboxAnswer[] = [];
  const pages = turn.client().pages('me.inbox', { query: { limit: String(Math.min(limit + 1, 100)) } });
  for await (const page of pages) {
    found.push(...page);
    if (found.length > limit) break;
  }
  if (found.length > limit) note(`Up to ${limit} are shown, what runs out first at the top; there are more: --limit.`);
  const waiting = found.slice(0, limit);
  if (turn.isJson) return printJson({ waiting: waiting.map(turn.jsonItem) });
  printLines(
    table(
      ['KIND', 'ID', 'ANSWER BY', 'ASKED BY', 'FOR', 'WHAT'],
      waiting.map((one) => [one.kind, one.id, turn.time(one.dueAt), askedByText(one.askedBy), forText(one), one.words]),
    ),
  );
  if (waiting.length === 0) note('Nothing waits for you.');
  else note('hint: sallyport request show <id>, sallyport approval show <id>, sallyport review list <id>');
};

/** `sallyport inbox`: the same list as the inbox of the console. */
export const addInbox = (program: Command): void => {
  addVerb(
    program,
    {
      name: 'inbox',
      summary: 'all that waits for your answer: requests, approvals, reviews; what runs out first at the top',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      options: [['--limit <count>', 'how many at most (default: 50)']],
      examples: ['sallyport inbox', 'sallyport inbox --json=kind,id,dueAt,words'],
    },
    list,
  );
};
