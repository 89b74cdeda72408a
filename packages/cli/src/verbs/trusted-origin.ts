import type { TrustedOriginAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byName, byPrefix, notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<TrustedOriginAnswer>({
  id: true,
  name: true,
  origin: true,
  status: true,
  scopes: true,
  lastUpdated: true,
});

type ScopeType = TrustedOriginAnswer['scopes'][number]['type'];
/** What is typed, what it is on the wire, and what it does. */
const SCOPES = [
  ['cors', 'CORS', 'its pages may call the API'],
  ['redirect', 'REDIRECT', 'kept for clients, allows nothing'],
  ['iframe', 'IFRAME_EMBED', 'kept for clients, allows nothing'],
] as const satisfies readonly (readonly [string, ScopeType, string])[];
const scopeText = (scopes: TrustedOriginAnswer['scopes']): string =>
  scopes.map(({ type }) => SCOPES.find(([, wire]) => wire === type)?.[0] ?? type).join(', ');

const SCOPE_OPTION = [
  '--scope <scope...>',
  `${SCOPES.map(([word, , meaning]) => `${word} (${meaning})`).join(', ')}`,
] as const;

const scopesOf = (turn: Turn): readonly ScopeType[] | null => {
  const typed = turn.options['scope'] as readonly string[] | undefined;
  if (typed === undefined) return null;
  return [...new Set(typed)].map((word) => {
    const found = SCOPES.find(([known]) => known === word.toLowerCase());
    if (found === undefined) throw usageError('--scope: must be cors, redirect or iframe');
    return found[1];
  });
};

const allOrigins = async (client: Client): Promise<TrustedOriginAnswer[]> => {
  const origins: TrustedOriginAnswer[] = [];
  for await (const page of client.pages('trustedOrigins.list', {})) origins.push(...page);
  return origins.sort(byName);
};

const originOf = async (client: Client, typed: string): Promise<TrustedOriginAnswer> => {
  const origins = await allOrigins(client);
  const found = origins.find(({ name, origin }) => name === typed || origin === typed) ?? byPrefix(origins, typed);
  if (found === null) throw notFound('trusted origin', typed, 'sallyport trusted-origin list');
  return found;
};

const ORIGIN_ARG = ['<origin>', 'id, its beginning, name, or the origin itself'] as const;

const create = async (turn: Turn): Promise<void> => {
  const [name, origin] = [String(turn.args[0]), String(turn.args[1])];
  const scopes = (scopesOf(turn) ?? ['CORS']).map((type) => ({ type }));
  const body = { name, origin, scopes };
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ wouldCreate: body });
    return printLines([`Would trust ${origin} as ${name}: ${scopeText(scopes)}.`]);
  }
  const made = await turn.client().call('trustedOrigins.create', { body });
  if (turn.isJson) return printJson({ trustedOrigin: turn.jsonItem(made) });
  printLines([`Trusted ${made.origin} as ${made.name} (${made.id}), from now on.`]);
};

/** What else is kept with a scope stays with it. */
const scopeAfter = ({ scopes }: TrustedOriginAnswer, type: ScopeType) => {
  const apps = scopes.find((scope) => scope.type === type)?.allowedOktaApps;
  return { type, ...(apps === undefined ? {} : { allowedOktaApps: [...apps] }) };
};

const update = async (turn: Turn): Promise<void> => {
  const [name, origin, types] = [turn.text('name'), turn.text('origin'), scopesOf(turn)];
  if (name === undefined && origin === undefined && types === null)
    throw usageError('nothing to change: name --name, --origin or --scope', 'sallyport trusted-origin update --help');
  const client = turn.client();
  const before = await originOf(client, String(turn.args[0]));
  const after = {
    name: name ?? before.name,
    origin: origin ?? before.origin,
    scopes: (types ?? before.scopes.map(({ type }) => type)).map((type) => scopeAfter(before, type)),
    status: before.status,
  };
  const changes = (
    [
      ['name', before.name, after.name],
      ['origin', before.origin, after.origin],
      ['scopes', scopeText(before.scopes), scopeText(after.scopes)],
    ] as const
  ).filter(([, from, to]) => from !== to);
  if (turn.is('dryRun') || changes.length === 0) {
    if (turn.isJson) return printJson({ changes: changes.map(([field, from, to]) => ({ field, from, to })) });
    if (changes.length === 0) return printLines(['It is so already.']);
    return printLines(
      table(
        ['FIELD', 'NOW', 'THEN'],
        changes.map((line) => [...line]),
      ),
    );
  }
  const saved = await client.call('trustedOrigins.replace', { params: { trustedOriginId: before.id }, body: after });
  if (turn.isJson) return printJson({ trustedOrigin: turn.jsonItem(saved) });
  printLines([`Saved ${saved.name}. It counts from the next request on.`]);
};

const switchTo =
  (verb: 'activate' | 'deactivate') =>
  async (turn: Turn): Promise<void> => {
    const client = turn.client();
    const { id, name, origin } = await originOf(client, String(turn.args[0]));
    await client.call(`trustedOrigins.${verb}`, { params: { trustedOriginId: id } });
    if (turn.isJson) return printJson({ id, status: verb === 'activate' ? 'ACTIVE' : 'INACTIVE' });
    printLines([
      verb === 'activate' ? `${name} is on: ${origin} is trusted.` : `${name} is off: ${origin} is not trusted.`,
    ]);
  };

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id, name, origin } = await originOf(client, String(turn.args[0]));
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ wouldDelete: id });
    return printLines([`Would delete ${name} (${id}): ${origin} would not be trusted.`]);
  }
  if (!turn.is('yes')) await turn.confirm(`Delete ${name}?`, '--yes');
  await client.call('trustedOrigins.delete', { params: { trustedOriginId: id } });
  if (turn.isJson) return printJson({ deleted: id });
  printLines([`Deleted ${name}. ${origin} is not trusted any more.`]);
};

/** `sallyport trusted-origin …`. */
export const addTrustedOriginVerbs = (program: Command): void => {
  const noun = program.command('trusted-origin').description('other sites whose pages may call the API');
  addVerb(
    noun,
    {
      name: 'list',
      summary: 'all trusted origins',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport trusted-origin list'],
    },
    async (turn) => {
      const origins = await allOrigins(turn.client());
      if (turn.isJson) return printJson({ trustedOrigins: origins.map(turn.jsonItem) });
      if (origins.length === 0) return printLines(['No other site is trusted.']);
      printLines(
        table(
          ['ID', 'NAME', 'ORIGIN', 'STATUS', 'SCOPES'],
          origins.map(({ id, name, origin, status, scopes }) => [id, name, origin, status, scopeText(scopes)]),
        ),
      );
    },
  );
  addVerb(
    noun,
    {
      name: 'show',
      summary: 'one trusted origin',
      args: [ORIGIN_ARG],
      talksTo: 'server',
      jsonFields: FIELDS,
      examples: ['sallyport trusted-origin show https://app.example.com'],
    },
    async (turn) => {
      const found = await originOf(turn.client(), String(turn.args[0]));
      if (turn.isJson) return printJson({ trustedOrigin: turn.jsonItem(found) });
      printLines(
        facts([
          ['Id', found.id],
          ['Name', found.name],
          ['Origin', found.origin],
          ['Status', found.status],
          ...found.scopes.map(({ type }): [string, string] => {
            const [word = type, , meaning = ''] = SCOPES.find(([, wire]) => wire === type) ?? [];
            return [`Scope ${word}`, meaning];
          }),
          ['Changed', turn.time(found.lastUpdated)],
        ]),
      );
    },
  );
  addVerb(
    noun,
    {
      name: 'create',
      summary: 'trust an origin; it counts at once',
      args: [
        ['<name>', 'what it is called here'],
        ['<origin>', 'scheme and host, like https://app.example.com'],
      ],
      options: [SCOPE_OPTION, ['--dry-run', 'make nothing, print what would be trusted']],
      talksTo: 'server',
      isProtected: true,
      jsonFields: FIELDS,
      examples: ['sallyport trusted-origin create "Status page" https://status.example.com'],
    },
    create,
  );
  addVerb(
    noun,
    {
      name: 'update',
      summary: 'change the name, the origin or what it is trusted with',
      args: [ORIGIN_ARG],
      options: [
        ['--name <name>', 'what it is called here'],
        ['--origin <origin>', 'scheme and host, like https://app.example.com'],
        SCOPE_OPTION,
        ['--dry-run', 'change nothing, print what would change'],
      ],
      talksTo: 'server',
      isProtected: true,
      jsonFields: FIELDS,
      examples: ['sallyport trusted-origin update "Status page" --origin https://status.example.net --dry-run'],
    },
    update,
  );
  for (const verb of ['activate', 'deactivate'] as const)
    addVerb(
      noun,
      {
        name: verb,
        summary: verb === 'activate' ? 'trust it again' : 'trust it no longer, and keep it',
        args: [ORIGIN_ARG],
        talksTo: 'server',
        isProtected: true,
        examples: [`sallyport trusted-origin ${verb} "Status page"`],
      },
      switchTo(verb),
    );
  addVerb(
    noun,
    {
      name: 'delete',
      summary: 'trust an origin no longer, and forget it',
      args: [ORIGIN_ARG],
      options: [
        ['--dry-run', 'delete nothing, print what would be deleted'],
        ['--yes', 'do not ask'],
      ],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport trusted-origin delete "Status page" --yes'],
    },
    remove,
  );
};
