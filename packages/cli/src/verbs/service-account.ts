import type { UserAnswer } from '@sallyport/client/answers';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { NETWORK_OPTIONS, networkOf } from '../network-option.ts';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import { actionsOf, printSecret } from './token.ts';
import { USER_FIELDS } from './user-list.ts';

const list = async (turn: Turn): Promise<void> => {
  const accounts: UserAnswer[] = [];
  const query = { search: 'sallyport.serviceAccountSince pr', sortBy: 'profile.login' };
  for await (const page of turn.client().pages('users.list', { query })) accounts.push(...page);
  if (turn.isJson) return printJson({ serviceAccounts: accounts.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'LOGIN', 'STATUS', 'SINCE'],
      accounts.map(({ id, profile, status, sallyport }) => [
        id,
        profile.login,
        status,
        turn.time(sallyport?.serviceAccountSince ?? null),
      ]),
    ),
  );
};

const mark =
  (isServiceAccount: boolean) =>
  async (turn: Turn): Promise<void> => {
    const client = turn.client();
    const typed = String(turn.args[0]);
    if (isServiceAccount && !turn.is('yes'))
      await turn.confirm(`Nobody signs in as ${typed} any more, and its sessions end. Go on?`, '--yes');
    const account = await client.call('serviceAccounts.mark', {
      params: { userId: typed },
      body: { isServiceAccount },
    });
    if (turn.isJson) return printJson({ user: turn.jsonItem(account) });
    const { login } = account.profile;
    printLines([
      isServiceAccount
        ? `${login} is a service account: nobody signs in as it. Its API tokens work on.`
        : `${login} is a person’s account again: its password and keys open what they did before.`,
    ]);
  };

const createToken = async (turn: Turn): Promise<void> => {
  const purpose = turn.text('purpose');
  if (purpose === undefined) throw usageError('--purpose: say what it is for', "--purpose 'backs up'");
  const network = await networkOf(turn);
  if (network === null) throw usageError('--zone: say from where it works', '--zone loopback');
  const client = turn.client();
  const [account, name] = [String(turn.args[0]), String(turn.args[1])];
  const made = await client.call('serviceAccounts.createToken', {
    params: { userId: account },
    body: { name, purpose, ...network, protectedActions: actionsOf(turn) },
  });
  printSecret(turn, made, `Made ${made.name} (${made.id}). It has the rights of ${account} at each call.`);
};

/** `sallyport service-account …`: accounts that are not people. */
export const addServiceAccountVerbs = (program: Command): void => {
  const noun = program.command('service-account').description('accounts that no human signs in as');
  const account = [['<account>', 'id or login']] as const;
  addVerb(
    noun,
    {
      name: 'list',
      summary: 'every account that no human signs in as, and since when',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: USER_FIELDS,
      examples: ['sallyport service-account list'],
    },
    list,
  );
  addVerb(
    noun,
    {
      name: 'mark',
      summary: 'refuse every sign-in as an account from now on, and end its sessions; its API tokens work on',
      args: account,
      options: [['--yes', 'do not ask']],
      talksTo: 'server',
      isProtected: true,
      jsonFields: USER_FIELDS,
      examples: ['sallyport service-account mark backup@example.org'],
    },
    mark(true),
  );
  addVerb(
    noun,
    {
      name: 'unmark',
      summary: 'let somebody sign in as an account again',
      args: account,
      talksTo: 'server',
      isProtected: true,
      jsonFields: USER_FIELDS,
      examples: ['sallyport service-account unmark backup@example.org'],
    },
    mark(false),
  );
  addVerb(
    noun,
    {
      name: 'create-token',
      summary: 'make a token that belongs to a service account; its secret is printed once',
      args: [...account, ['<name>', 'what you know it by']],
      options: [
        ['--purpose <text>', 'what it is for'],
        ...NETWORK_OPTIONS,
        ['--protected-actions <name...>', 'protected actions that it performs by itself (default: none)'],
      ],
      talksTo: 'server',
      isProtected: true,
      examples: [
        "sallyport service-account create-token backup@example.org nightly --purpose 'backs up' --zone loopback",
      ],
    },
    createToken,
  );
};
