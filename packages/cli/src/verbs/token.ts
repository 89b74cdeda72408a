import type { ApiTokenAnswer, TokenUseAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { ActionName } from '@sallyport/model/protected-actions';
import type { Command } from 'commander';
import { byName, byPrefix, notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { NETWORK_OPTIONS, networkOf } from '../network-option.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<TokenUseAnswer>({
  id: true,
  name: true,
  purpose: true,
  owner: true,
  network: true,
  protectedActions: true,
  createdAt: true,
  lastUsedAt: true,
  lastUsedFrom: true,
  expiresAt: true,
  isSliding: true,
  secretSetAt: true,
  isOld: true,
  oldSecret: true,
  isOwn: true,
  use: true,
  serviceApp: true,
});
const SHOWS = ['anywhere', 'unused', 'expiring', 'old', 'rotating', 'service-app'] as const;
const TOKEN = ['<token>', 'id, its beginning, or name'] as const;
const allTokens = async (client: Client, show?: (typeof SHOWS)[number]): Promise<TokenUseAnswer[]> => {
  const tokens: TokenUseAnswer[] = [];
  for await (const page of client.pages('apiTokens.listUse', { query: show === undefined ? {} : { show } }))
    tokens.push(...page);
  return tokens.sort(byName);
};

const tokenOf = async (client: Client, turn: Turn): Promise<TokenUseAnswer> => {
  const typed = String(turn.args[0]);
  const tokens = await allTokens(client);
  const named = tokens.filter(({ name }) => name === typed);
  const found = named.length === 1 ? named[0] : byPrefix(named.length > 1 ? [] : tokens, typed);
  // Two tokens may have the same name: what is revoked must be what was meant.
  if (named.length > 1)
    throw usageError(`${typed} names ${named.length} tokens`, `one of ${named.map(({ id }) => id).join(', ')}`);
  if (found === null || found === undefined) throw notFound('token', typed, 'sallyport token list');
  return found;
};

/** As they were typed: the server knows which there are. */
export const actionsOf = (turn: Turn) => (turn.options['protectedActions'] ?? []) as ActionName[];

/** The secret goes to stdout, alone, so that it can be piped to where it is kept; what people read goes to stderr. */
export const printSecret = (turn: Turn, made: ApiTokenAnswer, ...words: readonly string[]): void => {
  if (turn.isJson) {
    const { token, ...rest } = made;
    printJson({ token: rest, secret: token });
    return;
  }
  note(...words, 'This is shown once:');
  printLines([made.token ?? '']);
};

const hoursOf = (turn: Turn): number => {
  const given = turn.text('overlap') ?? '24h';
  const [, amount, unit] = /^(\d{1,3})([hd])$/.exec(given) ?? [];
  const hours = amount === undefined ? Number.NaN : Number(amount) * (unit === 'd' ? 24 : 1);
  if (!(hours >= 0 && hours <= 168)) throw usageError('--overlap: must be from 0h to 7d', '--overlap 24h');
  return hours;
};

const addChanging = (token: Command): void => {
  addVerb(
    token,
    {
      name: 'create',
      summary: 'make a token with your rights; its secret is printed once',
      args: [['<name>', 'what you know it by']],
      options: [
        ['--purpose <text>', 'what it is for'],
        ...NETWORK_OPTIONS,
        ['--protected-actions <name...>', 'protected actions that it performs by itself (default: none)'],
      ],
      talksTo: 'server',
      isProtected: true,
      examples: [
        "sallyport token create siem --purpose 'reads the log' --zone office",
        "sallyport token create nightly --purpose 'backs up' --zone loopback --json",
      ],
    },
    async (turn) => {
      const purpose = turn.text('purpose');
      if (purpose === undefined) throw usageError('--purpose: say what it is for', "--purpose 'reads the log'");
      const network = await networkOf(turn);
      if (network === null) throw usageError('--zone: say from where it works', '--zone loopback');
      const body = { name: String(turn.args[0]), purpose, ...network, protectedActions: actionsOf(turn) };
      const made = await turn.client().call('apiTokens.create', { body });
      printSecret(turn, made, `Made ${made.name} (${made.id}). It has your rights at each call.`);
    },
  );
  addVerb(
    token,
    {
      name: 'rotate',
      summary: 'give a token of yours a new secret; the old one works for a while longer',
      args: [TOKEN],
      options: [['--overlap <time>', 'how long the old secret works: 0h to 7d (default: 24h)']],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport token rotate siem', 'sallyport token rotate siem --overlap 0h --json'],
    },
    async (turn) => {
      const overlapHours = hoursOf(turn);
      const client = turn.client();
      const { id } = await tokenOf(client, turn);
      const made = await client.call('apiTokens.rotate', { params: { apiTokenId: id }, body: { overlapHours } });
      const { oldSecret } = made.sallyport;
      const until =
        oldSecret === null ? 'The old secret works no more.' : `The old secret works until ${oldSecret.endsAt}.`;
      printSecret(turn, made, `${made.name} has a new secret. ${until}`);
    },
  );
  addVerb(
    token,
    {
      name: 'update',
      summary: 'change name, purpose or network',
      args: [TOKEN],
      options: [['--name <name>', 'another name'], ['--purpose <text>', 'what it is for'], ...NETWORK_OPTIONS],
      talksTo: 'server',
      isProtected: true,
      examples: [
        'sallyport token update siem --zone office branch',
        "sallyport token update siem --purpose 'reads the log'",
      ],
    },
    async (turn) => {
      const [name, purpose] = [turn.text('name'), turn.text('purpose')];
      const network = await networkOf(turn);
      if (name === undefined && purpose === undefined && network === null)
        throw usageError('nothing to change', 'sallyport token update siem --zone office');
      const client = turn.client();
      const { id } = await tokenOf(client, turn);
      const body = {
        ...(name === undefined ? {} : { name }),
        ...(purpose === undefined ? {} : { purpose }),
        ...network,
      };
      const changed = await client.call('apiTokens.update', { params: { apiTokenId: id }, body });
      if (turn.isJson) return printJson({ token: changed });
      printLines([`Changed: ${changed.name}`]);
    },
  );
  addVerb(
    token,
    {
      name: 'revoke',
      summary: 'end a token; what uses it stops working at once',
      args: [TOKEN],
      options: [
        ['--old-secret', 'end only the secret of before the last rotation'],
        ['--yes', 'do not ask'],
      ],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport token revoke siem', 'sallyport token revoke siem --old-secret --yes'],
    },
    async (turn) => {
      const client = turn.client();
      const found = await tokenOf(client, turn);
      const isOld = turn.is('oldSecret');
      const what = isOld ? `the old secret of ${found.name}` : found.name;
      const used = found.lastUsedAt === null ? 'It was never used.' : `It was used ${turn.time(found.lastUsedAt)}.`;
      if (!turn.is('yes')) await turn.confirm(`Revoke ${what}? ${isOld ? '' : used}`.trim(), '--yes');
      await client.call(isOld ? 'apiTokens.endOldSecret' : 'apiTokens.revoke', { params: { apiTokenId: found.id } });
      if (turn.isJson) return printJson({ revoked: found.id, isOldSecret: isOld });
      printLines([`Revoked: ${what}`]);
    },
  );
};

/** `sallyport token …`. */
export const addTokenVerbs = (program: Command): void => {
  const token = program
    .command('token')
    .description('API tokens: who owns them, from where they work, when they were used');
  addVerb(
    token,
    {
      name: 'list',
      summary: 'tokens that work now',
      options: [['--show <which>', SHOWS.join(', ')]],
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport token list', 'sallyport token list --show service-app --json=name,use,serviceApp'],
    },
    async (turn) => {
      const given = turn.text('show');
      const show = SHOWS.find((one) => one === given);
      if (given !== undefined && show === undefined) throw usageError(`--show: must be one of ${SHOWS.join(', ')}`);
      const tokens = await allTokens(turn.client(), show);
      if (turn.isJson) return printJson({ tokens: tokens.map(turn.jsonItem) });
      printLines(
        table(
          ['ID', 'NAME', 'OWNER', 'FROM', 'LAST USED', 'EXPIRES', 'SECRET SET'],
          tokens.map((one) => [
            one.id,
            one.name,
            one.owner.login,
            one.network.words,
            one.lastUsedAt === null ? '' : turn.time(one.lastUsedAt),
            turn.time(one.expiresAt),
            turn.time(one.secretSetAt),
          ]),
        ),
      );
      const remarks = tokens.flatMap(({ name, network, oldSecret, serviceApp }) => [
        ...(network.isAnywhere ? [`${name}: works from anywhere; ${network.anywhereReason ?? 'nobody said why'}`] : []),
        ...(oldSecret === null ? [] : [`${name}: the old secret works, too; it ends ${turn.time(oldSecret.endsAt)}`]),
        ...(serviceApp.could ? [`${name}: could become a service app. ${serviceApp.why}`] : []),
      ]);
      if (remarks.length > 0) note(...remarks);
    },
  );
  addVerb(
    token,
    {
      name: 'show',
      summary: 'a token, and what it was used for',
      args: [TOKEN],
      talksTo: 'server',
      jsonFields: FIELDS,
      examples: ['sallyport token show siem'],
    },
    async (turn) => {
      const found = await tokenOf(turn.client(), turn);
      if (turn.isJson) return printJson({ token: turn.jsonItem(found) });
      const { use, network, lastUsedFrom, oldSecret } = found;
      printLines(
        facts([
          ['Id', found.id],
          ['Name', found.name],
          ['Purpose', found.purpose],
          ['Owner', found.owner.login],
          ['Works from', network.words],
          ['Because', network.anywhereReason],
          ['Protected actions', [found.protectedActions].flat().join(', ') || 'none: a human approves each'],
          ['Last used', found.lastUsedAt === null ? 'never' : turn.time(found.lastUsedAt)],
          [
            'From',
            lastUsedFrom === null ? null : [lastUsedFrom.address, lastUsedFrom.network].filter(Boolean).join(', '),
          ],
          ['Expires', `${turn.time(found.expiresAt)}${found.isSliding ? ', unless it is used before' : ''}`],
          ['Secret set', turn.time(found.secretSetAt)],
          ['Old secret ends', oldSecret === null ? null : turn.time(oldSecret.endsAt)],
          ['Old secret used', oldSecret === null ? null : turn.time(oldSecret.lastUsedAt)],
          ['Networks', use.networks.join(', ') || 'none seen'],
          [
            'Two networks within the hour',
            use.secondNetworks.map(({ network: n, at }) => `${n} ${turn.time(at)}`).join(', ') || null,
          ],
          ['Programs', use.programs.join(', ') || 'none seen'],
          ['Permissions used', use.permissions.join(', ') || 'none seen'],
          ['As a service app', `${found.serviceApp.could ? 'could be one. ' : ''}${found.serviceApp.why}`],
        ]),
      );
    },
  );
  addChanging(token);
};
