import type { WhatIfAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Authenticators } from '@sallyport/model/policy-proof';
import type { Command } from 'commander';
import { byPrefix } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { DRAFT, draftRules } from '../draft-rules.ts';
import { findApp } from '../find-app.ts';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { instantOf, secondsOf } from '../time-text.ts';
import { addVerb, type Turn } from '../verb.ts';

/** Checked against the model's list by its type. */
const AUTHENTICATORS: Readonly<Record<Authenticators, true>> = {
  password: true,
  totp: true,
  'synced-key': true,
  'bound-key': true,
  'password+totp': true,
  'password+synced-key': true,
  'password+bound-key': true,
  'verified-synced-key': true,
  'hardware-key': true,
  'password+hardware-key': true,
  'verified-bound-key': true,
  'verified-hardware-key': true,
  'password+verified-synced-key': true,
  'password+verified-bound-key': true,
  'password+verified-hardware-key': true,
};
const NAMES = Object.keys(AUTHENTICATORS) as Authenticators[];
const RISKS = ['LOW', 'MEDIUM', 'HIGH'] as const;

const oneOf = <const T extends string>(
  turn: Turn,
  option: string,
  values: readonly T[],
  typed?: string,
): T | undefined => {
  const given = typed ?? turn.text(option);
  if (given === undefined) return undefined;
  const found = values.find((value) => value === given);
  if (found === undefined) throw usageError(`--${option}: must be one of ${values.join(', ')}`);
  return found;
};
const flag = (turn: Turn, option: string): boolean | undefined => {
  const given = oneOf(turn, option, ['yes', 'no']);
  return given === undefined ? undefined : given === 'yes';
};

const zonesOf = async (client: Client, names: readonly string[]): Promise<string[]> => {
  const zones: { readonly id: string; readonly name: string }[] = [];
  for await (const page of client.pages('zones.list', {})) zones.push(...page);
  return names.map((typed) => {
    const zone = zones.find(({ name }) => name === typed) ?? byPrefix(zones, typed);
    if (zone === null) throw usageError(`--zone: there is no zone ${typed}`, 'sallyport zone list');
    return zone.id;
  });
};

const factsOf = async (client: Client, turn: Turn) => {
  const zones = turn.options['zone'] as readonly string[] | undefined;
  const proved = turn.text('proved');
  const provedSecondsAgo = proved === undefined ? undefined : secondsOf(proved);
  if (provedSecondsAgo === null) throw usageError('--proved: must be a time', '--proved 2h');
  const time = turn.text('at');
  const at = time === undefined ? undefined : instantOf(time, turn.now);
  if (at === null) throw usageError('--at: must be an instant', '--at 2026-11-25T12:00:00Z');
  const given = {
    user: turn.text('user'),
    ip: turn.text('ip'),
    zones: zones === undefined ? undefined : await zonesOf(client, zones),
    authenticators: oneOf(turn, 'with', NAMES),
    provedSecondsAgo,
    deviceIsRegistered: flag(turn, 'registered') ?? (turn.text('managed') === 'yes' ? true : undefined),
    deviceIsManaged: flag(turn, 'managed'),
    risk: oneOf(turn, 'risk', RISKS, turn.text('risk')?.toUpperCase()),
    at,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
};

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
        ['--user <person>', 'login or id'],
        ['--ip <address>', 'from where'],
        ['--zone <zone...>', 'network zones, in place of those of the address'],
        ['--with <authenticators>', `signed in with: ${NAMES.join(', ')}`],
        ['--proved <time>', 'how long ago, like 2h (default: just now)'],
        ['--registered <yes|no>', 'the device is registered'],
        ['--managed <yes|no>', 'the device is managed'],
        ['--risk <level>', 'low, medium or high'],
        ['--at <instant>', 'when, like 2d (ago) or 2026-11-25T12:00:00Z (default: now, or when the event was)'],
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
