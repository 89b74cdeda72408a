import type { ResourceSetAnswer, ResourceSetDetailAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { notFound } from '../by-prefix.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<ResourceSetAnswer>({
  id: true,
  label: true,
  description: true,
  created: true,
  lastUpdated: true,
});

const allSets = async (client: Client): Promise<readonly ResourceSetAnswer[]> => {
  const sets: ResourceSetAnswer[] = [];
  for (let after: string | undefined; ; after = sets.at(-1)?.id) {
    const page = (
      await client.call('resourceSets.list', { query: { limit: '200', ...(after === undefined ? {} : { after }) } })
    )['resource-sets'];
    sets.push(...page);
    if (page.length < 200) return sets;
  }
};

const read = (client: Client, turn: Turn): Promise<ResourceSetDetailAnswer> =>
  client.call('resourceSetDetails.get', { params: { resourceSetIdOrLabel: String(turn.args[0]) } });
const countHolders = ({ bindings }: ResourceSetDetailAnswer): number =>
  bindings.reduce((sum, { holders }) => sum + holders.length, 0);
const exceptText = (except: readonly { readonly name: string }[]): string =>
  except.length === 0 ? '' : ` but for ${except.map(({ name }) => name).join(', ')}`;

const show = async (turn: Turn): Promise<void> => {
  const set = await read(turn.client(), turn);
  if (turn.isJson) return printJson({ resourceSet: set });
  printLines([
    ...facts([
      ['Id', set.id],
      ['Name', set.label],
      ['For', set.description === '' ? null : set.description],
      ['Changed', `${turn.time(set.lastUpdatedAt)}${set.lastUpdatedBy === null ? '' : ` by ${set.lastUpdatedBy}`}`],
    ]),
    '',
    ...(set.resources.length === 0
      ? ['Nothing is in it: roles that are held over it give nothing.']
      : table(
          ['ID', 'KIND', 'RESOURCE'],
          set.resources.map(({ id, kind, name, except }) => [id, kind, `${name}${exceptText(except)}`]),
        )),
    ...(countHolders(set) === 0
      ? ['', 'Nobody holds a role over it.']
      : [
          '',
          ...table(
            ['ROLE', 'HELD BY', 'KIND', 'SINCE'],
            set.bindings.flatMap(({ role, holders }) =>
              holders.map(({ name, kind, since }) => [
                role.label,
                name,
                kind === 'user' ? 'person' : 'group',
                turn.time(since),
              ]),
            ),
          ),
        ]),
  ]);
};

const create = async (turn: Turn): Promise<void> => {
  const resources = turn.args[1] as readonly string[];
  const set = await turn.client().call('resourceSets.create', {
    body: { label: String(turn.args[0]), description: turn.text('description') ?? '', resources: [...resources] },
  });
  if (turn.isJson) return printJson({ resourceSet: set });
  printLines([
    `Created ${set.label} (${set.id})${resources.length === 0 ? '. It is empty: roles over it give nothing' : ''}.`,
  ]);
};

const add = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const before = await read(client, turn);
  await client.call('resources.addAll', {
    params: { resourceSetIdOrLabel: before.id },
    body: { additions: [...(turn.args[1] as readonly string[])] },
  });
  const after = await read(client, turn);
  const added = after.resources.filter(({ id }) => !before.resources.some((one) => one.id === id));
  if (turn.isJson) return printJson({ added });
  printLines(added.length === 0 ? ['All of it was there already.'] : added.map(({ name }) => `Added ${name}.`));
};

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const set = await read(client, turn);
  const resources = [...new Set(turn.args[1] as readonly string[])].map((typed) => {
    const found = set.resources.find(({ id, orn, name }) => [id, orn, name].includes(typed));
    if (found === undefined)
      throw notFound(`resource in ${set.label} called`, typed, `sallyport resource-set show ${set.id}`);
    return found;
  });
  const names = resources.map(({ name }) => name).join(', ');
  if (!turn.is('yes')) await turn.confirm(`Take ${names} out of ${set.label}?`, '--yes');
  const results = await client.sendAll(
    resources.map(({ id }) =>
      requestOf('resources.remove', { params: { resourceSetIdOrLabel: set.id, resourceId: id } }),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  if (turn.isJson) return printJson({ removed: resources.map(({ id }) => id) });
  printLines(resources.map(({ name }) => `Took out ${name}.`));
};

const deleteSet = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const set = await read(client, turn);
  if (!turn.is('yes'))
    await turn.confirm(`Delete ${set.label}? ${countHolders(set)} assignments over it end.`, '--yes');
  await client.call('resourceSets.delete', { params: { resourceSetIdOrLabel: set.id } });
  if (turn.isJson) return printJson({ deleted: set.id });
  printLines([`Deleted ${set.label}.`]);
};

const SET = ['<set>', 'its id or name'] as const;
const NAMES = 'addresses like /api/v1/groups/<id>/users, or resource names (ORN)';

/** `sallyport resource-set …`: what custom roles are held over. */
export const addResourceSetVerbs = (program: Command): void => {
  const noun = program.command('resource-set').description('what custom roles are held over');
  addVerb(
    noun,
    {
      name: 'list',
      summary: 'all of them',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport resource-set list'],
    },
    async (turn) => {
      const sets = await allSets(turn.client());
      if (turn.isJson) return printJson({ resourceSets: sets.map(turn.jsonItem) });
      printLines(
        table(
          ['ID', 'CHANGED', 'NAME'],
          sets.map(({ id, label, lastUpdated }) => [id, turn.time(lastUpdated), label]),
        ),
      );
    },
  );
  addVerb(
    noun,
    {
      name: 'show',
      summary: 'what is in it, and who holds which role over it',
      args: [SET],
      talksTo: 'server',
      examples: ['sallyport resource-set show Support'],
    },
    show,
  );
  addVerb(
    noun,
    {
      name: 'create',
      summary: 'make one',
      args: [
        ['<name>', 'what it shall be called'],
        ['[resources...]', NAMES],
      ],
      options: [['--description <text>', 'what it is for']],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport resource-set create Support /api/v1/groups/00g…/users'],
    },
    create,
  );
  addVerb(
    noun,
    {
      name: 'add',
      summary: 'put more into it',
      args: [SET, ['<resources...>', NAMES]],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport resource-set add Support /api/v1/apps'],
    },
    add,
  );
  addVerb(
    noun,
    {
      name: 'remove',
      summary: 'take something out of it; one proof covers all of it',
      args: [SET, ['<resources...>', 'ids, resource names, or the words that show prints']],
      options: [['--yes', 'do not ask']],
      talksTo: 'server',
      isProtected: true,
      examples: ["sallyport resource-set remove Support 'All apps'"],
    },
    remove,
  );
  addVerb(
    noun,
    {
      name: 'delete',
      summary: 'delete it; what is held over it is held no more',
      args: [SET],
      options: [['--yes', 'do not ask']],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport resource-set delete Support'],
    },
    deleteSet,
  );
};
