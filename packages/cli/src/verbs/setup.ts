import type { ZeroStandingAnswer, ZeroStandingOutcomeAnswer } from '@sallyport/client/answers';
import type { Command } from 'commander';
import { CliError, usageError } from '../cli-error.ts';
import { printJson, printLines } from '../print.ts';
import { runOnHost } from '../run-on-host.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

interface OrgAnswer {
  readonly orgId: string;
  readonly userId: string;
  readonly login: string;
  readonly enrolmentLink: string;
}
interface TokenAnswer {
  readonly token: string;
  readonly id: string;
  readonly expiresAt: string;
}
interface KeyAnswer {
  readonly userId: string;
  readonly enrolmentLink: string;
}

const outcomeLines = ({ changes, people, standing, weaknesses, refusals }: ZeroStandingOutcomeAnswer): string[] => [
  ...table(
    ['WHO', 'BEFORE', 'AFTER', 'CAN SAY YES'],
    people.map(({ login, before, after, canSayYes, canGetIt }) => [
      login,
      before.join('; '),
      after.join('; '),
      canGetIt === null ? 'not known yet' : canSayYes.join(', ') || 'nobody',
    ]),
  ),
  ...changes,
  standing.length === 0
    ? 'Nobody holds super admin all the time then.'
    : `Super admin stands with ${standing.map(({ login }) => login).join(', ')} then.`,
  ...people.flatMap(({ login, weaknesses: own }) => own.map((sentence) => `${login}: ${sentence}`)),
  ...weaknesses.map((sentence) => `weaker: ${sentence}`),
  ...refusals.map((sentence) => `not yet: ${sentence}`),
];

/** `--take ana@example.org=HELP_DESK_ADMIN`; without a role they keep what else they hold. */
const taken = (words: readonly string[], { standing, dayRoles }: ZeroStandingAnswer) =>
  words.map((word) => {
    const [login = '', role] = word.split('=');
    const person = standing.find((one) => one.login === login.toLowerCase() || one.id === login);
    if (person === undefined)
      throw new CliError('notFound', `${login} does not hold super admin all the time`, {
        code: 'not_found',
        hint: 'sallyport setup zero-standing',
      });
    const day = dayRoles.find(({ type }) => type === role);
    if (role !== undefined && day === undefined)
      throw usageError(`--take: the role is one of ${dayRoles.map(({ type }) => type).join(', ')}`);
    return { id: person.id, role: day?.type ?? null };
  });

const zeroStanding = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const answer = await client.call('zeroStanding.get', {});
  const words = turn.options['take'] as readonly string[] | undefined;
  if (words === undefined && !turn.is('askable')) {
    if (turn.isJson) return printJson({ zeroStanding: answer });
    return printLines([
      ...table(
        ['WHO', 'HOLDS', 'LAST USED', 'ABLE TO SIGN IN'],
        answer.standing.map(({ login, roles, lastUsedAt, isAble }) => [
          login,
          roles.join('; '),
          lastUsedAt === null ? 'not in 90 days' : turn.time(lastUsedAt),
          isAble ? 'yes' : 'no',
        ]),
      ),
      answer.isZero
        ? 'Nobody holds super admin all the time.'
        : `${answer.standing.length} hold super admin all the time; it should be break-glass accounts only.`,
      answer.breakGlass.some(({ state }) => state === 'READY')
        ? 'A break-glass account is ready.'
        : 'No break-glass account is ready: the last super admin goes only with one.',
    ]);
  }
  const typed = turn.text('sequence');
  const sequence = answer.sequences.find(
    ({ id, name }) => id === (typed ?? answer.defaults.sequenceId) || name === typed,
  );
  if (sequence === undefined)
    throw usageError(`--sequence: one of ${answer.sequences.map(({ name }) => `“${name}”`).join(', ')}`);
  const body = {
    people: taken(words ?? [], answer),
    sequenceId: sequence.id,
    maximumDuration: turn.text('max') ?? answer.defaults.maximumDuration,
  };
  const seen = await client.call('zeroStanding.preview', { body });
  if (turn.is('dryRun')) return turn.isJson ? printJson({ zeroStanding: seen }) : printLines(outcomeLines(seen));
  if (!turn.is('yes')) {
    printLines(outcomeLines(seen));
    if (seen.refusals.length === 0) await turn.confirm('Do all of it?', '--yes');
  }
  const done = await client.call('zeroStanding.apply', { body });
  if (turn.isJson) return printJson({ zeroStanding: done });
  printLines(turn.is('yes') ? outcomeLines(done) : ['Done.']);
};

/** `sallyport setup …`: headless set-up on the host, which is the root of trust. Each use is logged. */
export const addSetupVerbs = (program: Command): void => {
  const setup = program.command('setup').description('set up an org, a token or a key from the host');
  setup
    .command('org')
    .description('create the org and its first super admin')
    .requiredOption('--admin <login>', 'login of the first super admin')
    .option('--organisation <name>', 'name of the organisation')
    .option('--json', 'print JSON')
    .action(async (options: { admin: string; organisation?: string; json?: boolean }) => {
      const result = await runOnHost<OrgAnswer>(
        'setup.org',
        { admin: options.admin, ...(options.organisation === undefined ? {} : { organisation: options.organisation }) },
        options.json === true,
      );
      if (result === null) return;
      if (options.json === true) return printJson({ ...result });
      printLines([
        `Created the org; ${result.login} is its super admin.`,
        'Register the first key within 30 minutes:',
        `  ${result.enrolmentLink}`,
      ]);
    });
  setup
    .command('token')
    .description('make an API token, shown once')
    .requiredOption('--owner <login>', 'whose rights the token has')
    .requiredOption('--zone <loopback|any>', 'where it may be used from')
    .option('--ttl <duration>', 'like 15m or 1h, at most 24h', '1h')
    .option('--name <name>', 'name of the token')
    .option('--protected-actions <all|names>', 'protected actions that it may perform')
    .option('--json', 'print JSON')
    .action(
      async (options: {
        owner: string;
        zone: string;
        ttl: string;
        name?: string;
        protectedActions?: string;
        json?: boolean;
      }) => {
        const { json, ...args } = options;
        const result = await runOnHost<TokenAnswer>(
          'setup.token',
          args,
          json === true,
          `npx sallyport setup token --owner ${options.owner} --zone loopback --ttl 1h`,
        );
        if (result === null) return;
        if (json === true) return printJson({ ...result });
        printLines([result.token]);
        process.stderr.write(`Shown once; it expires at ${result.expiresAt}.\n`);
      },
    );
  setup
    .command('key')
    .description('print a link with which a person registers a key, when all keys are lost')
    .requiredOption('--owner <login>', 'whose key')
    .option('--json', 'print JSON')
    .action(async (options: { owner: string; json?: boolean }) => {
      const result = await runOnHost<KeyAnswer>('setup.key', { owner: options.owner }, options.json === true);
      if (result === null) return;
      if (options.json === true) return printJson({ ...result });
      printLines([result.enrolmentLink]);
    });
  addVerb(
    setup,
    {
      name: 'zero-standing',
      summary: 'make super admin something that is asked for, and take it from people',
      talksTo: 'server',
      isProtected: true,
      options: [
        [
          '--take <people...>',
          'from whom: a login, and a small role for the day, like ana@example.org=HELP_DESK_ADMIN',
        ],
        ['--askable', 'only let it be asked for; take it from nobody'],
        ['--sequence <name>', 'whose yes it takes (default: Two fellow admins)'],
        ['--max <duration>', 'the longest that it is asked for, ISO 8601 (default: PT4H)'],
        ['--dry-run', 'print what would change for whom, and what is weak about it; change nothing'],
        ['--yes', 'do not ask'],
      ],
      examples: [
        'sallyport setup zero-standing',
        'sallyport setup zero-standing --take ana@example.org=HELP_DESK_ADMIN --dry-run',
      ],
    },
    zeroStanding,
  );
};
