import type { GroupAnswer, GroupDetailAnswer, GroupMemberAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import { Refusal } from '@sallyport/client/refusal';
import type { Command } from 'commander';
import { notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const GROUP_FIELDS = fieldsOf<GroupAnswer>({
  id: true,
  type: true,
  profile: true,
  lastMembershipUpdated: true,
  _embedded: true,
});
const MEMBER_FIELDS = fieldsOf<GroupMemberAnswer>({
  id: true,
  login: true,
  name: true,
  status: true,
  since: true,
  until: true,
  by: true,
  refusal: true,
});
const SHOWN = 100;
const GROUP_ARG = ['<group>', 'name or id'] as const;
const LIMIT_OPTION = ['--limit <count>', `at most so many (default: ${SHOWN})`] as const;

const limitOf = (turn: Turn): number => {
  const text = turn.text('limit') ?? String(SHOWN);
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1) throw usageError('--limit: must be a number, at least 1');
  return Number(text);
};

/** The items of a list up to a limit, and whether there are more. */
const upTo = async <T>(pages: AsyncIterable<readonly T[]>, limit: number) => {
  const items: T[] = [];
  for await (const page of pages) {
    items.push(...page);
    if (items.length > limit) break;
  }
  return { shown: items.slice(0, limit), isMore: items.length > limit };
};
const pageSize = (limit: number): string => String(Math.min(limit + 1, 200));

/** By its whole name, else by its id. */
export const groupOf = async (client: Client, typed: string): Promise<GroupDetailAnswer> => {
  const [named] = await client.call('groups.list', { query: { search: `profile.name eq ${JSON.stringify(typed)}` } });
  try {
    return await client.call('groupDetails.get', { params: { groupId: named?.id ?? typed } });
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) throw notFound('group', typed, 'sallyport group list');
    throw error;
  }
};

const byText = ({ kind, name }: GroupMemberAnswer['by']): string =>
  kind === 'rule' ? `rule ${name ?? '(hidden)'}` : (name ?? '');

const show = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const limit = limitOf(turn);
  const group = await groupOf(client, String(turn.args[0]));
  const { shown, isMore } = await upTo(
    client.pages('groupDetails.members', { params: { groupId: group.id }, query: { limit: pageSize(limit) } }),
    limit,
  );
  if (turn.isJson) return printJson({ group, members: shown.map(turn.jsonItem), isMore });
  printLines([
    ...facts([
      ['Id', group.id],
      ['Name', group.name],
      ['For', group.description],
      ['Gives an admin role', group.givesRole ? 'yes, to everybody in it' : 'no'],
      ['Filled by', group.rules?.map(({ name, status }) => `${name} (${status})`).join(', ') || 'no rule'],
      ['Not changed by you', group.refusals.change ?? group.refusals.members],
    ]),
    '',
    ...(shown.length === 0
      ? ['Nobody whom you may see is in it.']
      : table(
          ['LOGIN', 'NAME', 'STATUS', 'ADDED BY', 'SINCE'],
          shown.map(({ login, name, status, by, since }) => [login, name, status, byText(by), turn.time(since)]),
        )),
  ]);
  if (isMore) note(`There are more; --limit ${limit * 10} shows them.`);
};

/** Each person is named once; one proof covers all of them. */
const change =
  (verb: 'add' | 'remove') =>
  async (turn: Turn): Promise<void> => {
    const client = turn.client();
    const group = await groupOf(client, String(turn.args[0]));
    const people = [...new Set(turn.args[1] as readonly string[])];
    const words = verb === 'add' ? 'in' : 'not in';
    if (turn.is('dryRun')) {
      if (turn.isJson) return printJson({ [verb === 'add' ? 'wouldAdd' : 'wouldRemove']: people, group: group.id });
      return printLines([
        ...people.map((person) => `${person} would be ${words} ${group.name}.`),
        ...(group.givesRole ? ['It gives an admin role.'] : []),
      ]);
    }
    if (verb === 'remove' && !turn.is('yes'))
      await turn.confirm(`Take ${people.join(', ')} out of ${group.name}?`, '--yes');
    const name = verb === 'add' ? 'groups.addMember' : 'groups.removeMember';
    const results = await client.sendAll(
      people.map((userId) => requestOf(name, { params: { groupId: group.id, userId } })),
    );
    const done = people.filter((_, i) => results[i]?.status === 'fulfilled');
    if (!turn.isJson) printLines(done.map((person) => `${person} is ${words} ${group.name}.`));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    if (turn.isJson) printJson({ [verb === 'add' ? 'added' : 'removed']: done, group: group.id });
  };

const create = async (turn: Turn): Promise<void> => {
  const [name, description] = [String(turn.args[0]), turn.text('for') ?? null];
  const body = { profile: { name, description } };
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ wouldCreate: body });
    return printLines([`Would make the group ${name}, with nobody in it.`]);
  }
  const made = await turn.client().call('groups.create', { body });
  if (turn.isJson) return printJson({ group: turn.jsonItem(made) });
  printLines([`Made ${made.profile.name} (${made.id}). Nobody is in it.`]);
};

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id, name, members, givesRole, rules, refusals } = await groupOf(client, String(turn.args[0]));
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ wouldDelete: id, members, givesRole, refusal: refusals.change });
    return printLines([
      ...(refusals.change === null
        ? [`Would delete ${name} (${id}). In it, as far as you see: ${members}.`]
        : [`${name} (${id}) cannot be deleted by you: ${refusals.change}`]),
      ...(givesRole ? ['It gives an admin role, which everybody in it would lose.'] : []),
      ...(rules ?? []).map((rule) => `The rule ${rule.name} (${rule.status}) fills it.`),
    ]);
  }
  if (!turn.is('yes')) await turn.confirm(`Delete the group ${name}?`, '--yes');
  await client.call('groups.delete', { params: { groupId: id } });
  if (turn.isJson) return printJson({ deleted: id });
  printLines([`Deleted ${name}. Whoever was in it keeps their account.`]);
};

/** `sallyport group …`. */
export const addGroupVerbs = (group: Command): void => {
  addVerb(
    group,
    {
      name: 'list',
      summary: 'groups, and how many are in them',
      options: [['--q <start>', 'the start of the name'], LIMIT_OPTION],
      talksTo: 'server',
      hasCurl: true,
      jsonFields: GROUP_FIELDS,
      examples: ['sallyport group list --q ops'],
    },
    async (turn) => {
      const limit = limitOf(turn);
      const q = turn.text('q');
      const query = { ...(q === undefined ? {} : { q }), expand: 'stats', limit: pageSize(limit) };
      const { shown, isMore } = await upTo(turn.client().pages('groups.list', { query }), limit);
      if (turn.isJson) return printJson({ groups: shown.map(turn.jsonItem), isMore });
      printLines(
        table(
          ['ID', 'NAME', 'MEMBERS', 'FOR'],
          shown.map(({ id, profile, _embedded }) => [
            id,
            profile.name,
            String(_embedded?.stats.usersCount ?? ''),
            profile.description ?? '',
          ]),
        ),
      );
      if (isMore) note(`There are more; --limit ${limit * 10} shows them.`);
    },
  );
  addVerb(
    group,
    {
      name: 'show',
      summary: 'who is in a group, and by whom or which rule',
      args: [GROUP_ARG],
      options: [LIMIT_OPTION],
      talksTo: 'server',
      jsonFields: MEMBER_FIELDS,
      examples: ['sallyport group show Ops', 'sallyport group show Ops --json=login,by'],
    },
    show,
  );
  for (const verb of ['add', 'remove'] as const)
    addVerb(
      group,
      {
        name: verb,
        summary: verb === 'add' ? 'put people into a group' : 'take people out of a group',
        args: [GROUP_ARG, ['<person...>', 'logins or ids']],
        options: [
          ['--dry-run', 'change nothing, print what would change'],
          ...(verb === 'remove' ? ([['--yes', 'do not ask']] as const) : []),
        ],
        talksTo: 'server',
        isProtected: true,
        examples: [`sallyport group ${verb} Ops olu@example.org`],
      },
      change(verb),
    );
  addVerb(
    group,
    {
      name: 'create',
      summary: 'make a group; nobody is in it',
      args: [['<name>', 'what it is called']],
      options: [
        ['--for <text>', 'what it is for'],
        ['--dry-run', 'make nothing, print what would be made'],
      ],
      talksTo: 'server',
      jsonFields: GROUP_FIELDS,
      examples: ['sallyport group create Ops --for "Who runs the servers"'],
    },
    create,
  );
  addVerb(
    group,
    {
      name: 'delete',
      summary: 'delete a group; whoever is in it keeps their account',
      args: [GROUP_ARG],
      options: [
        ['--dry-run', 'delete nothing, print what would go'],
        ['--yes', 'do not ask'],
      ],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport group delete Ops --dry-run'],
    },
    remove,
  );
};
