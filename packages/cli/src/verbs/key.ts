import type { AuthenticatorAnswer } from '@sallyport/client/answers';
import type { Command } from 'commander';
import { byPrefix, notFound } from '../by-prefix.ts';
import { fieldsOf } from '../json-fields.ts';
import { openBrowser } from '../open-browser.ts';
import { note, printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<AuthenticatorAnswer>({
  id: true,
  name: true,
  kind: true,
  isDeviceBound: true,
  isAttested: true,
  qualifies: true,
  whyNot: true,
  createdAt: true,
  lastUsedAt: true,
});
const PERSON = ['--person <login>', 'of somebody else, by login or id'] as const;
const KEY = ['<key>', 'id, its beginning, or name'] as const;

const personOf = (turn: Turn): string => turn.text('person') ?? 'me';

/** Those that work; one whose registration was not finished is none. */
const keysOf = async (turn: Turn): Promise<AuthenticatorAnswer[]> => {
  const factors = await turn.client().call('userFactors.list', { params: { userId: personOf(turn) } });
  return factors.filter(({ status }) => status === 'ACTIVE').map(({ sallyport }) => sallyport);
};

const keyOf = async (turn: Turn): Promise<AuthenticatorAnswer> => {
  const typed = String(turn.args[0]);
  const keys = await keysOf(turn);
  const found = keys.find(({ name }) => name === typed) ?? byPrefix(keys, typed);
  if (found === null) throw notFound('key', typed, 'sallyport key list');
  return found;
};

const kindText = ({ kind, isDeviceBound }: AuthenticatorAnswer): string => {
  if (kind === 'totp') return 'one-time code';
  return isDeviceBound ? 'device-bound' : 'synced';
};

/** `sallyport key …`. */
export const addKeyVerbs = (program: Command): void => {
  const key = program.command('key').description('keys and other authenticators: your own, and those of others');
  addVerb(
    key,
    {
      name: 'list',
      summary: 'your authenticators, or somebody else’s',
      options: [PERSON],
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport key list', 'sallyport key list --person kim@example.org --json=name,lastUsedAt'],
    },
    async (turn) => {
      const keys = await keysOf(turn);
      if (turn.isJson) return printJson({ keys: keys.map(turn.jsonItem) });
      printLines(
        table(
          ['ID', 'NAME', 'KIND', 'ATTESTATION', 'CONSOLE', 'ENROLLED', 'LAST USED'],
          keys.map((one) => [
            one.id,
            one.name,
            kindText(one),
            one.kind === 'totp' ? '' : one.isAttested ? 'attested' : 'claimed',
            one.qualifies ? 'opens' : 'does not open',
            turn.time(one.createdAt),
            one.lastUsedAt === null ? '' : turn.time(one.lastUsedAt),
          ]),
        ),
      );
      for (const { name, whyNot } of keys) if (whyNot !== null) note(`${name}: ${whyNot}`);
    },
  );
  addVerb(
    key,
    {
      name: 'add',
      summary: 'register another key of yours: opens the page on which the browser asks for it',
      options: [['--no-browser', 'only print the page; open it yourself']],
      talksTo: 'server',
      examples: ['sallyport key add', 'sallyport key add --no-browser'],
    },
    (turn) => {
      const url = `${turn.connection().origin}/me/keys`;
      if (turn.isJson) return printJson({ url });
      note('A key is registered in a browser. Open this page:');
      printLines([url]);
      if (turn.options['browser'] !== false) openBrowser(url);
    },
  );
  addVerb(
    key,
    {
      name: 'rename',
      summary: 'give an authenticator of yours another name',
      args: [KEY, ['<name>', 'what you know it by']],
      talksTo: 'server',
      examples: ["sallyport key rename 'Security key 2' 'Blue one, at home'"],
    },
    async (turn) => {
      const { id } = await keyOf(turn);
      const name = String(turn.args[1]);
      const renamed = await turn
        .client()
        .call('userFactors.rename', { params: { userId: 'me', factorId: id }, body: { name } });
      if (turn.isJson) return printJson({ key: renamed.sallyport });
      printLines([`Renamed: ${renamed.sallyport.name}`]);
    },
  );
  addVerb(
    key,
    {
      name: 'remove',
      summary: 'remove an authenticator; nothing accepts it any more',
      args: [KEY],
      options: [PERSON, ['--yes', 'do not ask']],
      talksTo: 'server',
      examples: ["sallyport key remove 'Security key 2'", 'sallyport key remove fwfAbc --person kim@example.org --yes'],
    },
    async (turn) => {
      const found = await keyOf(turn);
      if (!turn.is('yes')) await turn.confirm(`Remove ${found.name}, and end the sessions that it opened?`, '--yes');
      await turn.client().call('userFactors.remove', { params: { userId: personOf(turn), factorId: found.id } });
      if (turn.isJson) return printJson({ removed: found });
      printLines([`Removed: ${found.name}`]);
    },
  );
};
