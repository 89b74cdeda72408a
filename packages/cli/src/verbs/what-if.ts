import type { WhatIfAnswer } from '@sallyport/client/answers';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { DRAFT, draftRules } from '../draft-rules.ts';
import { FACT_OPTIONS, factsOf } from '../fact-options.ts';
import { findApp } from '../find-app.ts';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const VERDICTS: Readonly<Record<WhatIfAnswer['verdict'], string>> = {
  allow: 'Allowed',
  deny: 'Denied',
  step_up: 'Asked for more',
};
const STATUSES: Readonly<Record<WhatIfAnswer['rules'][number]['status'], string>> = {
  MATCH: 'decides',
  NOT_MATCH: 'did not apply',
  UNDEFINED: 'did not apply',
  NOT_READ: 'not read',
  INACTIVE: 'switched off',
};

const whatIf = async (turn: Turn): Promise<void> => {
  const door = turn.args[0] as string | undefined;
  const event = turn.text('event');
  const policy = turn.text('policy');
  if (door === undefined && event === undefined && policy === undefined)
    throw usageError('names no app, policy or event', 'sallyport what-if Grafana --user max@example.org');
  const client = turn.client();
  const rules = draftRules(turn);
  const facts = await factsOf(client, turn);
  const answer = await client.call('whatIf.judge', {
    body: {
      ...(door === undefined ? {} : { app: (await findApp(client, door)).id }),
      ...(policy === undefined ? {} : { policy }),
      ...(event === undefined ? {} : { event }),
      ...(rules === null ? {} : { draft: { rules } }),
      facts,
    },
  });
  if (turn.isJson) return printJson({ ...answer });
  const { recorded } = answer;
  printLines([
    `${VERDICTS[answer.verdict]} by ${answer.rule === null ? 'no rule' : `“${answer.rule.name}”`} of “${answer.policy.name}”${answer.isDraft ? ', as drafted' : ''}.`,
    ...answer.sentences,
    ...(answer.needs.length === 0 ? [] : [`It would do with ${answer.needs.join(', or ')}.`]),
    ...(recorded === null
      ? []
      : [`Then it was: ${recorded.verdict}, by ${recorded.rule === null ? 'no rule' : `“${recorded.rule.name}”`}.`]),
    '',
    ...table(
      ['RULE', 'DID', 'WHY'],
      answer.rules.map(({ name, status, failed }) => [name, STATUSES[status], failed?.sentence ?? '']),
    ),
    '',
    ...table(
      ['FACT', 'FROM', 'VALUE'],
      answer.facts.map(({ name, words, isKnown, source, shown }) => [
        words,
        isKnown ? (source ?? '') : '',
        isKnown ? (name === 'userId' ? (answer.person?.login ?? shown) : shown) : 'not known: it never lets anybody in',
      ]),
    ),
  ]);
};

/** `sallyport what-if`: the judgement of a policy on facts that somebody imagines, or on those of a past event. */
export const addWhatIf = (program: Command): void => {
  addVerb(
    program,
    {
      name: 'what-if',
      summary: 'what a policy would decide, on given facts or on those of a past event, and why',
      args: [['[app]', 'whose policy is asked: name, id, or the beginning of it']],
      options: [
        ['--policy <id>', 'a policy in place of an app'],
        ['--event <id>', 'take the facts of this event; what else is given counts in place of them'],
        DRAFT,
        ...FACT_OPTIONS,
      ],
      talksTo: 'server',
      examples: [
        'sallyport what-if Grafana --user max@example.org --ip 203.0.113.7 --with verified-bound-key',
        'sallyport what-if --event 0f5c9a1e-1111-4222-8333-444455556666 --ip 203.0.113.7',
      ],
    },
    whatIf,
  );
};
