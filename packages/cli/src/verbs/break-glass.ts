import type { BreakGlassAnswer, BreakGlassUseAnswer, SealedAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byPrefix, notFound } from '../by-prefix.ts';
import { CliError, usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<BreakGlassAnswer>({
  id: true,
  login: true,
  name: true,
  state: true,
  todo: true,
  networks: true,
  split: true,
  keys: true,
  sealedAt: true,
  unsealedAt: true,
  lastDrillAt: true,
  drillDueAt: true,
  isDrillDue: true,
  drillUntil: true,
  openReviews: true,
  isRevokedInReview: true,
  alarms: true,
  created: true,
});
const SEALED_FIELDS = [...FIELDS, 'secret', 'shares'];
const USE_FIELDS = fieldsOf<BreakGlassUseAnswer>({
  id: true,
  kind: true,
  firstAt: true,
  lastAt: true,
  openings: true,
  refusals: true,
  address: true,
  reason: true,
  sessionId: true,
  closedAt: true,
  reviewersNeeded: true,
  reviews: true,
  sign: true,
});
const ACCOUNT = [['<account>', 'login, id or its beginning']] as const;

const STATE_WORDS: Readonly<Record<BreakGlassAnswer['state'], string>> = {
  READY: 'ready',
  IN_USE: 'in use now',
  USED: 'used: seal it anew',
  INCOMPLETE: 'not ready',
};

const accountOf = async (client: Client, typed: string): Promise<BreakGlassAnswer> => {
  const accounts = await client.call('breakGlass.list', {});
  const found = accounts.find(({ login }) => login === typed.toLowerCase()) ?? byPrefix(accounts, typed);
  if (found === null) throw notFound('break-glass account', typed, 'sallyport break-glass list');
  return found;
};

const list = async (turn: Turn): Promise<void> => {
  const accounts = await turn.client().call('breakGlass.list', {});
  if (turn.isJson) return printJson({ accounts: accounts.map(turn.jsonItem) });
  printLines(
    table(
      ['LOGIN', 'STATE', 'KEYS', 'SEALED', 'LAST DRILL', 'TO DO'],
      accounts.map(({ login, state, keys, sealedAt, lastDrillAt, todo }) => [
        login,
        STATE_WORDS[state],
        String(keys.filter(({ isUsable }) => isUsable).length),
        turn.time(sealedAt),
        lastDrillAt === null ? 'never' : turn.time(lastDrillAt),
        todo[0] ?? 'nothing',
      ]),
    ),
  );
};

const show = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const account = await accountOf(client, String(turn.args[0]));
  if (turn.isJson) return printJson({ account: turn.jsonItem(account) });
  const { networks, alarms } = account;
  printLines([
    ...facts([
      ['Login', account.login],
      ['State', STATE_WORDS[account.state]],
      ['Primary', networks.primary.join(', ')],
      ['Secondary', networks.secondary.join(', ') || 'none'],
      ['Tertiary', networks.tertiary.join(', ') || 'none'],
      ['Keys', account.keys.map(({ name }) => name).join(', ') || 'none'],
      ['Sealed', `${turn.time(account.sealedAt)}, ${splitWords(account.split)}`],
      ['Last drill', account.lastDrillAt === null ? 'never' : turn.time(account.lastDrillAt)],
      ['Drill due', turn.time(account.drillDueAt)],
      ['Alarms', `${alarms.mailTo} by mail, ${alarms.webhooks} webhooks`],
    ]),
    ...account.todo.map((sentence) => `to do: ${sentence}`),
  ]);
};

const splitWords = (split: BreakGlassAnswer['split']): string =>
  split === null ? 'on one paper' : `in ${split.count} shares, any ${split.needed} of which open it`;

/** What is put into an envelope: the secret, or one share of it. Nothing but these pages has it. */
const paper = ({ login, networks, split }: SealedAnswer, origin: string, text: string, number: number): string[] => [
  '',
  `  BREAK-GLASS ACCOUNT${split === null ? '' : `, share ${text.charAt(0)}, ${number} of ${split.count}`}`,
  '',
  `  Sign in at    ${origin}/sign-in, with “Use a password instead”${split === null ? '' : ', “Use shares of a secret”'}`,
  `  Name          ${login}`,
  `  ${split === null ? 'Secret' : 'Share '}        ${text}`,
  ...(split === null ? [] : [`  Needed        ${split.needed} of the ${split.count} shares, any of them`]),
  `  Networks      ${[...networks.primary, ...networks.secondary, ...networks.tertiary].join(', ')}`,
  '',
  '  Then touch one of its hardware keys, and say why you opened it.',
  '  Everybody is told at once. Afterwards: a new secret, and a review by two people.',
  '  The last character of each group checks it; there is no 0, 1, I, L or O.',
  '',
];

const CUT = '- - - - - - - - - - - - - - - - - - - cut here - - - - - - - - - - - - - - - - - - -';

const printSealed = (turn: Turn, sealed: SealedAnswer, words: string): void => {
  const texts = sealed.shares ?? [sealed.secret ?? ''];
  if (turn.isJson) printJson({ account: turn.jsonItem(sealed) });
  else if (turn.is('print'))
    printLines(
      texts.flatMap((text, i) => [...(i === 0 ? [] : [CUT]), ...paper(sealed, turn.connection().origin, text, i + 1)]),
    );
  else
    printLines([
      words,
      '',
      ...texts.map((text) => `    ${text}`),
      '',
      sealed.split === null
        ? 'It is shown this once. Write it down, and seal it.'
        : `They are shown this once. Any ${sealed.split.needed} of the ${sealed.split.count} open it: put each into an envelope of its own.`,
    ]);
};

/** The shares that were asked for; undefined where nothing is said of them. */
const splitAsked = (turn: Turn): { count: number; needed: number } | null | undefined => {
  const [count, needed] = [turn.text('shares'), turn.text('needed')];
  const isWhole = turn.is('whole');
  if (isWhole && (count ?? needed) !== undefined) throw usageError('--whole: either one paper or shares');
  if (count === undefined && needed === undefined) return isWhole ? null : undefined;
  if (count === undefined || needed === undefined)
    throw usageError('--shares and --needed: how many there are, and how many of them open it');
  return { count: Number(count), needed: Number(needed) };
};

const rangesOf = (turn: Turn, name: string): string[] =>
  ((turn.options[name] as readonly string[] | undefined) ?? []).flatMap((text) => text.split(',')).filter(Boolean);

const create = async (turn: Turn): Promise<void> => {
  const primary = rangesOf(turn, 'primary');
  if (primary.length === 0) throw usageError('--primary: name the networks that it is used from');
  const body = {
    login: String(turn.args[0]),
    name: turn.text('name') ?? 'Break-glass',
    networks: { primary, secondary: rangesOf(turn, 'secondary'), tertiary: rangesOf(turn, 'tertiary') },
    split: splitAsked(turn),
  };
  const made = await turn.client().call('breakGlass.create', { body });
  printSealed(turn, made, `Created ${made.login}. Register two hardware keys for it in the console. Its secret:`);
};

const networks = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const before = await accountOf(client, String(turn.args[0]));
  const of = (name: 'primary' | 'secondary' | 'tertiary'): string[] => {
    const given = rangesOf(turn, name);
    return given.length === 0 ? [...before.networks[name]] : given;
  };
  const saved = await client.call('breakGlass.update', {
    params: { breakGlassId: before.id },
    body: { networks: { primary: of('primary'), secondary: of('secondary'), tertiary: of('tertiary') } },
  });
  if (turn.isJson) return printJson({ account: turn.jsonItem(saved) });
  printLines([`Saved. ${saved.login} signs in from ${Object.values(saved.networks).flat().join(', ')}.`]);
};

const rotate = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const split = splitAsked(turn);
  const { id, login } = await accountOf(client, String(turn.args[0]));
  if (!turn.is('yes')) await turn.confirm(`Give ${login} a new secret, and end its sessions?`, '--yes');
  const sealed = await client.call('breakGlass.seal', { params: { breakGlassId: id }, body: { split } });
  printSealed(turn, sealed, `The old secret of ${login} opens nothing any more. The new one:`);
};

const drill = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id } = await accountOf(client, String(turn.args[0]));
  const account = await client.call('breakGlass.drill', { params: { breakGlassId: id } });
  if (turn.isJson) return printJson({ account: turn.jsonItem(account) });
  printLines([
    `A drill of ${account.login} is announced; everybody was told. Until ${turn.time(account.drillUntil)}:`,
    `  1. open the envelope, and sign in at ${turn.connection().origin}/sign-in with the secret and a key`,
    '  2. see that the alarms arrive, and sign out',
    `  3. sallyport break-glass rotate ${account.login} --print`,
    `  4. sallyport break-glass review ${account.login} --note "…"`,
  ]);
};

const uses = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id } = await accountOf(client, String(turn.args[0]));
  const all = await client.call('breakGlass.uses', { params: { breakGlassId: id } });
  if (turn.isJson) return printJson({ uses: all.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'KIND', 'FIRST', 'OPENED', 'REFUSED', 'FROM', 'REVIEW'],
      all.map((use) => [
        use.id,
        use.kind === 'DRILL' ? 'drill' : 'use',
        turn.time(use.firstAt),
        String(use.openings),
        String(use.refusals),
        use.address ?? 'unknown',
        use.closedAt === null ? `${use.reviews.length} of ${use.reviewersNeeded}` : 'closed',
      ]),
    ),
  );
};

const review = async (turn: Turn): Promise<void> => {
  const note = turn.text('note');
  if (note === undefined) throw usageError('--note: say what you found, in a sentence');
  const client = turn.client();
  const { id, login } = await accountOf(client, String(turn.args[0]));
  const open = (await client.call('breakGlass.uses', { params: { breakGlassId: id } })).filter(
    ({ closedAt }) => closedAt === null,
  );
  const typed = turn.text('use');
  const use = typed === undefined ? open[0] : byPrefix(open, typed);
  if (use === undefined || use === null)
    throw new CliError('notFound', `there is no use of ${login} that waits for a review`, {
      code: 'not_found',
      hint: `sallyport break-glass uses ${login}`,
    });
  const signed = await client.call('breakGlass.review', {
    params: { breakGlassId: id, useId: use.id },
    body: { note },
  });
  if (turn.isJson) return printJson({ use: turn.jsonItem(signed) });
  printLines([
    signed.closedAt === null
      ? `Signed, ${signed.reviews.length} of ${signed.reviewersNeeded}. Another person signs it now.`
      : 'Signed. The review is closed.',
  ]);
};

const testAlarm = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const accounts = await client.call('breakGlass.list', {});
  const typed = turn.args[0];
  const account = typed === undefined ? accounts[0] : await accountOf(client, String(typed));
  if (account === undefined) throw notFound('break-glass account', 'at all', 'sallyport break-glass create --help');
  const told = await client.call('breakGlass.testAlarm', { params: { breakGlassId: account.id } });
  if (turn.isJson) return printJson({ alarm: told });
  printLines([
    `Sent to ${told.mailTo} people by mail, and to ${told.webhooks} webhooks.`,
    ...told.late.map(({ channel, error }) => `not arrived yet by ${channel}: ${error ?? 'it waits'}`),
  ]);
  if (told.mailTo === 0 || told.webhooks === 0)
    throw new CliError('failed', 'one channel alone, or none, tells of a use: set up mail and a webhook', {
      code: 'alarm_incomplete',
    });
};

const RANGES = [
  ['--primary <ranges...>', 'where it is used from: CIDRs, addresses or ranges'],
  ['--secondary <ranges...>', 'for the day on which the primary is what is broken'],
  ['--tertiary <ranges...>', 'and a third way round'],
] as const;
const PRINT = ['--print', 'print a page for each envelope, with the secret or a share of it'] as const;
const SPLIT = [
  ['--shares <n>', 'print the secret in so many shares, each for an envelope of its own'],
  ['--needed <k>', 'how many of the shares, whichever they are, open it'],
] as const;

/** `sallyport break-glass …`: the last way in. */
export const addBreakGlassVerbs = (program: Command): void => {
  const noun = program.command('break-glass').description('accounts for the day on which nothing else works');
  const talks = { talksTo: 'server', jsonFields: FIELDS } as const;
  addVerb(
    noun,
    {
      ...talks,
      name: 'list',
      summary: 'every break-glass account, whether it is ready, and what to do',
      hasCurl: true,
      examples: ['sallyport break-glass list'],
    },
    list,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'show',
      summary: 'one of them: networks, keys, alarms',
      args: ACCOUNT,
      examples: ['sallyport break-glass show glass@example.org'],
    },
    show,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'create',
      summary: 'create one; its sealed secret is shown once',
      args: [['<login>', 'a name that nobody has']],
      options: [['--name <name>', 'what it is called'], ...RANGES, ...SPLIT, PRINT],
      isProtected: true,
      jsonFields: SEALED_FIELDS,
      examples: [
        'sallyport break-glass create glass@example.org --primary 198.51.100.0/24 --print',
        'sallyport break-glass create glass@example.org --primary 198.51.100.0/24 --shares 3 --needed 2 --print',
      ],
    },
    create,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'networks',
      summary: 'change where it signs in from; what is not named stays',
      args: ACCOUNT,
      options: RANGES,
      isProtected: true,
      examples: ['sallyport break-glass networks glass@example.org --secondary 203.0.113.7'],
    },
    networks,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'rotate',
      summary: 'give it a new sealed secret, and end its sessions',
      args: ACCOUNT,
      options: [...SPLIT, ['--whole', 'print it on one paper, where it was in shares'], PRINT, ['--yes', 'do not ask']],
      isProtected: true,
      jsonFields: SEALED_FIELDS,
      examples: ['sallyport break-glass rotate glass@example.org --print'],
    },
    rotate,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'drill',
      summary: 'announce a drill: for an hour its use is one, and its alarms say so',
      args: ACCOUNT,
      isProtected: true,
      examples: ['sallyport break-glass drill glass@example.org'],
    },
    drill,
  );
  addVerb(
    noun,
    {
      name: 'uses',
      summary: 'what was done with it, and who reviewed that',
      args: ACCOUNT,
      talksTo: 'server',
      jsonFields: USE_FIELDS,
      examples: ['sallyport break-glass uses glass@example.org'],
    },
    uses,
  );
  addVerb(
    noun,
    {
      name: 'review',
      summary: 'sign the review of a use; two people close it, of a drill one',
      args: ACCOUNT,
      options: [
        ['--note <text>', 'what you found'],
        ['--use <id>', 'which, where several wait'],
      ],
      talksTo: 'server',
      isProtected: true,
      jsonFields: USE_FIELDS,
      examples: ['sallyport break-glass review glass@example.org --note "Opened for INC-17; we read each event."'],
    },
    review,
  );
  addVerb(
    noun,
    {
      name: 'test-alarm',
      summary: 'send a test of its alarm on every channel; fails unless there are two',
      args: [['[account]', 'login, id or its beginning; the first where none is named']],
      talksTo: 'server',
      examples: ['sallyport break-glass test-alarm'],
    },
    testAlarm,
  );
};
