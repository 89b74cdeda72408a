import type { PolicyConfirmationAnswer, PolicyVersionAnswer } from '@sallyport/client/policy-draft-answers';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { DOOR, policyIdOf } from '../find-policy.ts';
import { fieldsOf } from '../json-fields.ts';
import { note, printJson, printLines } from '../print.ts';
import { howToConfirm, publicationLines } from '../publication-text.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import { draftIdOf } from './policy-draft.ts';

const FIELDS = fieldsOf<PolicyVersionAnswer>({
  version: true,
  state: true,
  how: true,
  words: true,
  at: true,
  by: true,
  reason: true,
  confirmBy: true,
  confirmedAt: true,
});
const STATES: Readonly<Record<PolicyVersionAnswer['state'], string>> = {
  COUNTS: 'counts',
  WAITS: 'waits to be confirmed',
  REPLACED: 'replaced',
  ENDED: 'ended unconfirmed',
};
const VERSION = /^[1-9]\d{0,8}$/;
const SHOWN_MAX = 100;

const byText = (by: PolicyVersionAnswer['by']): string => (by === null ? '' : (by.name ?? by.id ?? by.kind));

const history = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const params = { policyId: await policyIdOf(client, String(turn.args[0])) };
  const versions = await client.call('policyHistory.list', { params, query: { limit: String(SHOWN_MAX) } });
  if (turn.isJson) return printJson({ versions: versions.map(turn.jsonItem) });
  printLines(
    table(
      ['VERSION', 'STATE', 'WHEN', 'BY', 'WHAT', 'REASON'],
      versions.map(({ version, state, at, by, words, reason }) => [
        String(version),
        STATES[state],
        turn.time(at),
        byText(by),
        words,
        reason ?? '',
      ]),
    ),
  );
  if (versions.length === SHOWN_MAX) note(`These are the newest ${SHOWN_MAX}; there are more.`);
};

const diff = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const policyId = await policyIdOf(client, String(turn.args[0]));
  const side = async (typed: string): Promise<string> =>
    typed === 'published' || VERSION.test(typed) ? typed : draftIdOf(client, policyId, typed);
  const [first, second] = turn.args.slice(1).map((typed) => (typed === undefined ? undefined : String(typed)));
  // With one of them it is compared with what is published: a draft is what would come, a version what was.
  const one = await side(first ?? 'published');
  const [from, to] =
    second !== undefined ? [one, await side(second)] : VERSION.test(one) ? [one, 'published'] : ['published', one];
  const answer = await client.call('policyHistory.diff', { params: { policyId }, query: { from, to } });
  if (turn.isJson) return printJson({ ...answer });
  printLines([
    `From ${from} to ${to}:`,
    ...(answer.changes.length === 0 ? ['  Both say the same.'] : answer.changes.map(({ sentence }) => `  ${sentence}`)),
  ]);
};

const rollBack = async (turn: Turn): Promise<void> => {
  const typed = String(turn.args[1]);
  if (!VERSION.test(typed)) throw usageError('<version>: must be a number', 'sallyport policy history Grafana');
  const client = turn.client();
  const reason = turn.text('reason');
  const answer = await client.call('policyHistory.rollBack', {
    params: { policyId: await policyIdOf(client, String(turn.args[0])) },
    ...(turn.is('dryRun') ? { query: { dryRun: 'true' as const } } : {}),
    body: { version: Number(typed), ...(reason === undefined ? {} : { reason }) },
  });
  if (turn.isJson) return printJson({ ...answer });
  printLines(publicationLines(turn, answer));
};

const stateText = (turn: Turn, change: NonNullable<PolicyConfirmationAnswer['change']>): string => {
  if (change.state === 'WAITS') return `ends by itself ${turn.time(change.confirmBy)} unless it is confirmed`;
  if (change.state === 'ENDED') return 'ended unconfirmed; what counted before counts again';
  return `confirmed ${turn.time(change.confirmed)} by ${change.confirmedBy?.name ?? change.confirmedBy?.id ?? 'somebody'}`;
};

const printConfirmation = (turn: Turn, answer: PolicyConfirmationAnswer): void => {
  if (turn.isJson) {
    printJson({ ...answer });
    return;
  }
  const { change } = answer;
  if (change === null) {
    printLines(['Nothing waits to be confirmed, and nothing ever did.']);
    return;
  }
  printLines([
    ...facts([
      ['Change', change.id],
      ['State', stateText(turn, change)],
      ['Made', `${turn.time(change.started)} by ${change.startedBy?.name ?? change.startedBy?.id ?? 'somebody'}`],
    ]),
    ...change.policies.flatMap(({ name, sentences }) => ['', name, ...sentences.map((sentence) => `  ${sentence}`)]),
    ...(change.state === 'WAITS' && change.refusal !== null
      ? ['', change.refusal, ...howToConfirm(turn.connection().origin)]
      : []),
  ]);
};

const takeBack = async (turn: Turn): Promise<void> => {
  await turn.client().call('policyConfirmation.takeBack', {});
  if (turn.isJson) return printJson({ takenBack: true });
  printLines(['The change is taken back: what counted before counts again.']);
};

/** `sallyport policy history`, `diff`, `rollback`, and what confirms a change. */
export const addPolicyHistoryVerbs = (policy: Command): void => {
  const common = { talksTo: 'server' } as const;
  addVerb(
    policy,
    {
      ...common,
      name: 'history',
      summary: 'versions of a policy, the newest first: who made each, when and why',
      args: [DOOR],
      jsonFields: FIELDS,
      examples: ['sallyport policy history "Admin Console"'],
    },
    history,
  );
  addVerb(
    policy,
    {
      ...common,
      name: 'diff',
      summary: 'what differs between two versions or drafts, or one and what is published, in words',
      args: [DOOR, ['<one>', 'a version, a draft, or published'], ['[other]', 'the same']],
      examples: ['sallyport policy diff Grafana pdr0', 'sallyport policy diff Grafana 3 5'],
    },
    diff,
  );
  addVerb(
    policy,
    {
      ...common,
      name: 'rollback',
      summary: 'let an earlier version count again, as a new one',
      args: [DOOR, ['<version>', 'its number']],
      options: [
        ['--reason <text>', 'why, for the history and the log'],
        ['--dry-run', 'change nothing, print what would change'],
      ],
      isProtected: true,
      examples: ['sallyport policy rollback Grafana 3 --dry-run'],
    },
    rollBack,
  );
  addVerb(
    policy,
    {
      ...common,
      name: 'pending',
      summary: 'the change of what admits administrators that waits to be confirmed, or what became of the last',
      hasCurl: true,
      examples: ['sallyport policy pending'],
    },
    async (turn) => printConfirmation(turn, await turn.client().call('policyConfirmation.get', {})),
  );
  addVerb(
    policy,
    {
      ...common,
      name: 'confirm',
      summary: 'confirm it, signed in after it',
      isProtected: true,
      examples: ['sallyport policy confirm'],
    },
    async (turn) => printConfirmation(turn, await turn.client().call('policyConfirmation.confirm', { body: {} })),
  );
  addVerb(
    policy,
    {
      ...common,
      name: 'take-back',
      summary: 'take it back at once: what counted before counts again',
      isProtected: true,
      examples: ['sallyport policy take-back'],
    },
    takeBack,
  );
};
