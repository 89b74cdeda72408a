import type { WhatCanAnswer, WhoCanAnswer } from '@sallyport/client/answers';
import type { Command } from 'commander';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

type Source = WhoCanAnswer['people'][number]['by'][number];
const sourceText = ({ role, group, until }: Source): string =>
  `${role.label}${group === null ? '' : ` through ${group.name}`}${until === null ? '' : ` until ${until}`}`;

const who = async (turn: Turn): Promise<void> => {
  const [permission, resource] = turn.args as readonly [string, string | undefined];
  const answer = await turn.client().call('access.who', {
    query: { permission, ...(resource === undefined ? {} : { resource }) },
  });
  if (turn.isJson) return printJson({ ...answer });
  const lines = [
    ...answer.people.map(({ login, status, by }) => [login, status.toLowerCase(), by.map(sourceText).join(', ')]),
    ...answer.apps.map(({ label, by }) => [label, 'service app', by.map(sourceText).join(', ')]),
  ];
  printLines([
    `${answer.words}: ${answer.resource?.name ?? 'anything at all'}`,
    '',
    ...(lines.length === 0 ? ['Nobody can.'] : table(['WHO', 'IS', 'BY'], lines)),
  ]);
};

const overText = (by: WhatCanAnswer['can'][number]['by']): string =>
  [...new Set(by.flatMap(({ over }) => over))].join(', ');

const what = async (turn: Turn): Promise<void> => {
  const answer = await turn.client().call('access.what', { params: { userId: String(turn.args[0]) } });
  if (turn.isJson) return printJson({ ...answer });
  if (answer.can.length === 0) return printLines([`${answer.user.login} holds no admin role.`]);
  const { permissions, onlyStandard, unused } = answer.suggestion;
  const shown = turn.is('unused') ? answer.can.filter(({ lastUsedAt }) => lastUsedAt === null) : answer.can;
  printLines([
    ...table(
      ['PERMISSION', 'LAST USED', 'DAYS', 'BY', 'OVER'],
      shown.map(({ permission, lastUsedAt, usedDays, by }) => [
        permission,
        lastUsedAt === null ? 'not known' : turn.time(lastUsedAt),
        String(usedDays),
        by.map(sourceText).join(', '),
        overText(by),
      ]),
    ),
    '',
    `${unused.length} of ${answer.can.length} were not used in ${answer.days} days, as far as uses are written down.`,
    ...(unused.length === 0 || permissions.length === 0
      ? []
      : [`What was used: --permissions ${permissions.map(({ permission }) => permission).join(',')}`]),
    ...(onlyStandard.length === 0
      ? []
      : [`For standard roles only: ${onlyStandard.map(({ permission }) => permission).join(', ')}`]),
  ]);
};

/** `sallyport access …`: the judgement of rights, asked from both ends. */
export const addAccessVerbs = (program: Command): void => {
  const access = program.command('access').description('who can do what, by the judgement that every request passes');
  addVerb(
    access,
    {
      name: 'who',
      summary: 'who can do this, to this thing or to anything',
      args: [
        ['<permission>', 'like okta.users.credentials.resetFactors'],
        ['[resource]', 'its address, like /api/v1/users/<id>, or its resource name (ORN)'],
      ],
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport access who okta.users.credentials.resetFactors /api/v1/users'],
    },
    who,
  );
  addVerb(
    access,
    {
      name: 'what',
      summary: 'what a person can do, when they last used it, and the smallest role for that',
      args: [['<person>', 'login or id']],
      options: [['--unused', 'only what they did not use']],
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport access what max@example.org', 'sallyport access what max@example.org --unused'],
    },
    what,
  );
};
