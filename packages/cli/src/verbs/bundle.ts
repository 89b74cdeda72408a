import type { BundleAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { findNamed } from '../by-prefix.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<BundleAnswer>({
  id: true,
  name: true,
  description: true,
  roles: true,
  openGrants: true,
  offeredBy: true,
  lastUpdatedAt: true,
  version: true,
});
const BUNDLE = [['<bundle>', 'name, id or its beginning']] as const;

const allBundles = async (client: Client): Promise<readonly BundleAnswer[]> => {
  const all: BundleAnswer[] = [];
  for await (const page of client.pages('bundles.listInFull', { query: { limit: '200' } })) all.push(...page);
  return all;
};
const find = async (turn: Turn, client: Client): Promise<BundleAnswer> =>
  findNamed('bundle', await allBundles(client), String(turn.args[0]));

const overText = ({ resourceSet, targets }: BundleAnswer['roles'][number]): string => {
  if (resourceSet !== null) return resourceSet.label;
  return targets === null ? 'everything' : targets.map(({ name, id }) => name ?? `${id} (gone)`).join(', ');
};

const list = async (turn: Turn): Promise<void> => {
  const all = await allBundles(turn.client());
  if (turn.isJson) return printJson({ bundles: all.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'HELD NOW', 'NAME', 'ROLES'],
      all.map(({ id, openGrants, name, roles }) => [
        id,
        String(openGrants),
        name,
        [...new Set(roles.map(({ role }) => role.label))].join(', '),
      ]),
    ),
  );
};

const show = async (turn: Turn): Promise<void> => {
  const bundle = await find(turn, turn.client());
  if (turn.isJson) return printJson({ bundle: turn.jsonItem(bundle) });
  const { id, name, description, roles, openGrants, offeredBy, lastUpdatedAt } = bundle;
  printLines([
    ...facts([
      ['Id', id],
      ['Name', name],
      ['For', description === '' ? null : description],
      ['Held now', `by ${openGrants}`],
      // Null: not the caller's to read.
      [
        'Asked for by',
        offeredBy === null
          ? null
          : offeredBy.map((one) => `${one.name} (${one.status.toLowerCase()})`).join(', ') || 'nothing',
      ],
      ['Changed', turn.time(lastUpdatedAt)],
    ]),
    '',
    ...table(
      ['ROLE', 'OVER'],
      roles.map((one) => [one.role.label, overText(one)]),
    ),
  ]);
};

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id, name, openGrants } = await find(turn, client);
  if (!turn.is('yes'))
    await turn.confirm(`Delete ${name}?${openGrants === 0 ? '' : ` ${openGrants} grant(s) of it end.`}`, '--yes');
  await client.call('bundles.delete', { params: { bundleId: id } });
  if (turn.isJson) return printJson({ deleted: id });
  printLines([`Deleted ${name}. Nobody has it any more.`]);
};

/** `sallyport bundle …`: admin roles that can be given for a while. What is in one is said by `config apply`. */
export const addBundleVerbs = (program: Command): void => {
  const noun = program.command('bundle').description('admin roles that can be given for a while');
  const talks = { talksTo: 'server', jsonFields: FIELDS } as const;
  addVerb(
    noun,
    {
      ...talks,
      name: 'list',
      summary: 'every bundle, and how many have it now',
      hasCurl: true,
      examples: ['sallyport bundle list', 'sallyport config export --only bundles --out bundles.yaml'],
    },
    list,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'show',
      summary: 'its roles and what they are held over',
      args: BUNDLE,
      examples: ["sallyport bundle show 'Night desk'"],
    },
    show,
  );
  addVerb(
    noun,
    {
      name: 'delete',
      summary: 'delete it; its grants end with it',
      args: BUNDLE,
      options: [['--yes', 'do not ask']],
      talksTo: 'server',
      isProtected: true,
      examples: ["sallyport bundle delete 'Night desk'"],
    },
    remove,
  );
};
