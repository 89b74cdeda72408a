import type { RoleAnswer, RoleDetailAnswer, RoleHolderAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { findApp } from '../find-app.ts';
import { fieldsOf } from '../json-fields.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<RoleAnswer>({
  id: true,
  kind: true,
  label: true,
  description: true,
  lastUpdatedAt: true,
  permissions: true,
  sensitive: true,
  people: true,
});

/** `a,b` as typed; null where the option was not given. */
const listOf = (turn: Turn, name: string): string[] | null => {
  const given = turn.text(name);
  if (given === undefined) return null;
  return [
    ...new Set(
      given
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    ),
  ];
};

const readRole = async (client: Client, role: string): Promise<{ role: RoleDetailAnswer; etag: string | null }> => {
  const { body, etag } = await client.send(requestOf('roles.get', { params: { roleIdOrLabel: role } }));
  return { role: body as RoleDetailAnswer, etag };
};

const overText = ({ resourceSet, targets }: RoleHolderAnswer): string =>
  resourceSet?.label ?? (targets === null ? 'everything' : targets.join(', ') || 'nothing');
const conditionText = (condition: RoleDetailAnswer['permissions'][number]['condition']): string =>
  condition === null ? '' : ` ${condition.kind === 'include' ? 'only' : 'not'} ${condition.attributes.join(',')}`;
/** What the role names itself, as it is sent. */
const chosenOf = (role: RoleDetailAnswer) =>
  role.permissions
    .filter(({ isChosen }) => isChosen)
    .map(({ permission, condition }) => ({
      permission,
      condition: condition === null ? null : { kind: condition.kind, attributes: [...condition.attributes] },
    }));

const heldText = ({ people }: RoleDetailAnswer): string =>
  people === 0 ? 'Nobody holds it.' : people === 1 ? 'One person holds it.' : `${people} people hold it.`;

const show = async (turn: Turn): Promise<void> => {
  const { role } = await readRole(turn.client(), String(turn.args[0]));
  if (turn.isJson) return printJson({ role });
  printLines([
    ...facts([
      ['Id', role.id],
      ['Name', role.label],
      ['Kind', role.kind],
      ['For', role.description === '' ? null : role.description],
      ['Held by', role.people === 0 ? 'nobody' : role.people === 1 ? '1 person' : `${role.people} people`],
      ['Changed', role.lastUpdatedAt === null ? 'never' : turn.time(role.lastUpdatedAt)],
    ]),
    '',
    ...table(
      ['PERMISSION', 'SENSITIVE', 'CAN'],
      role.permissions
        .filter(({ givesNothing }) => !givesNothing)
        .map(({ permission, isSensitive, words, condition, isChosen }) => [
          permission,
          isSensitive ? 'yes' : 'no',
          `${words}${conditionText(condition)}${isChosen ? '' : ' (comes along)'}`,
        ]),
    ),
    ...(role.never.length === 0 ? [] : ['', 'Never:', ...role.never.map((words) => `  ${words}`)]),
    ...(role.holders.length === 0
      ? []
      : [
          '',
          ...table(
            ['HELD BY', 'KIND', 'OVER', 'SINCE'],
            role.holders.map((holder) => [
              holder.name,
              holder.kind === 'user' ? 'person' : 'group',
              overText(holder),
              turn.time(holder.since),
            ]),
          ),
        ]),
  ]);
};

const create = async (turn: Turn): Promise<void> => {
  const permissions = listOf(turn, 'permissions');
  if (permissions === null || permissions.length === 0)
    throw usageError('--permissions: names no permission', '--permissions okta.users.read,okta.groups.read');
  const role = await turn.client().call('roles.create', {
    body: {
      label: String(turn.args[0]),
      description: turn.text('description') ?? '',
      permissions: permissions.map((permission) => ({ permission })),
    },
  });
  if (turn.isJson) return printJson({ role });
  printLines([`Created ${role.label} (${role.id}). Nobody holds it yet.`]);
};

const update = async (turn: Turn): Promise<void> => {
  const [add, remove] = [listOf(turn, 'add') ?? [], listOf(turn, 'remove') ?? []];
  const { label, description } = { label: turn.text('label'), description: turn.text('description') };
  if (add.length + remove.length === 0 && label === undefined && description === undefined)
    throw usageError('nothing to change', 'sallyport role update helpers --add okta.groups.read --dry-run');
  const client = turn.client();
  const { role, etag } = await readRole(client, String(turn.args[0]));
  if (role.kind === 'standard')
    throw usageError(
      `the role ${role.label} comes with Sallyport and cannot be changed`,
      'make a custom role of your own',
    );
  const before = chosenOf(role);
  const missing = remove.find((name) => !before.some(({ permission }) => permission === name));
  if (missing !== undefined)
    throw notFound(`permission of ${role.label} called`, missing, `sallyport role show ${role.id}`);
  const added = add.filter((name) => !before.some(({ permission }) => permission === name));
  const body = {
    label: label ?? role.label,
    description: description ?? role.description,
    permissions: [
      ...before.filter(({ permission }) => !remove.includes(permission)),
      ...added.map((permission) => ({ permission, condition: null })),
    ],
  };
  const diff = [
    ...(body.label === role.label ? [] : [`- name: ${role.label}`, `+ name: ${body.label}`]),
    ...(body.description === role.description ? [] : [`- for: ${role.description}`, `+ for: ${body.description}`]),
    ...remove.map((permission) => `- ${permission}`),
    ...added.map((permission) => `+ ${permission}`),
  ];
  const isDryRun = turn.is('dryRun');
  const lines = diff.length === 0 ? ['Nothing changes.'] : diff;
  if (!turn.isJson) (isDryRun ? printLines : (some: readonly string[]) => note(...some))(lines);
  const isApplied = diff.length > 0 && !isDryRun;
  if (isApplied) {
    if (!turn.is('yes')) await turn.confirm(`Change ${role.label}? ${heldText(role)}`, '--yes');
    // Only what was shown is changed: somebody else's change in between is a refusal.
    await client.send({
      ...requestOf('roles.put', { params: { roleIdOrLabel: role.id }, body }),
      ...(etag === null ? {} : { ifMatch: etag }),
    });
  }
  if (turn.isJson) return printJson({ id: role.id, ...body, isApplied });
  if (!isDryRun) printLines([isApplied ? 'Changed.' : 'Unchanged.']);
};

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { role } = await readRole(client, String(turn.args[0]));
  if (!turn.is('yes')) await turn.confirm(`Delete ${role.label}? ${heldText(role)}`, '--yes');
  await client.call('customRoles.delete', { params: { roleIdOrLabel: role.id } });
  if (turn.isJson) return printJson({ deleted: role.id });
  printLines([`Deleted ${role.label}. Nobody holds it any more.`]);
};

type Holder = { readonly kind: 'user' | 'group' | 'client'; readonly id: string; readonly name: string };

/** `--to <login>`, `--to-group <name>` or `--to-app <name>`: exactly one of them. */
const typedHolder = (turn: Turn, prefix: 'to' | 'from') => {
  const typed = {
    person: turn.text(prefix),
    group: turn.text(`${prefix}Group`),
    app: turn.text(`${prefix}App`),
  };
  if (Object.values(typed).filter((one) => one !== undefined).length !== 1)
    throw usageError(`needs one of --${prefix} <login>, --${prefix}-group <name> and --${prefix}-app <name>`);
  return typed;
};
const holderOf = async (client: Client, { person, group, app }: ReturnType<typeof typedHolder>): Promise<Holder> => {
  if (app !== undefined) {
    const { id, label } = await findApp(client, app);
    return { kind: 'client', id, name: label };
  }
  if (person !== undefined) {
    const { body } = await client.send(requestOf('users.get', { params: { userId: person } }));
    const { id, profile } = body as { id: string; profile: { login: string } };
    return { kind: 'user', id, name: profile.login };
  }
  return { kind: 'group', ...(await groupOf(client, group ?? '')) };
};

/** A group by its id or its whole name. */
const groupOf = async (client: Client, typed: string): Promise<{ id: string; name: string }> => {
  const { body } = await client.send(requestOf('groups.list', { query: { q: typed, limit: '200' } }));
  const groups = body as readonly { id: string; profile: { name: string } }[];
  const found = groups.find(({ profile }) => profile.name === typed);
  if (found !== undefined) return { id: found.id, name: found.profile.name };
  if (!/^00g\w{17}$/.test(typed)) throw notFound('group', typed, 'sallyport api GET /api/v1/groups');
  const group = (await client.send(requestOf('groups.get', { params: { groupId: typed } }))).body as (typeof groups)[0];
  return { id: group.id, name: group.profile.name };
};

const assign = async (turn: Turn): Promise<void> => {
  const typed = typedHolder(turn, 'to');
  const client = turn.client();
  const { role } = await readRole(client, String(turn.args[0]));
  const over = turn.text('over');
  const names = listOf(turn, 'forGroups');
  if (role.kind === 'custom' && over === undefined)
    throw usageError('a custom role is held over a resource set', '--over <resource set>');
  if (role.kind === 'standard' && over !== undefined)
    throw usageError(`the role ${role.label} is held over no resource set`, '--for-groups <group,...>');
  const holder = await holderOf(client, typed);
  const groups: string[] = [];
  for (const name of names ?? []) groups.push((await groupOf(client, name)).id);
  const body =
    role.kind === 'custom'
      ? { type: 'CUSTOM', role: role.id, 'resource-set': String(over) }
      : { type: role.id, ...(names === null ? {} : { targets: { groups } }) };
  const made = await {
    user: () => client.call('userRoles.assign', { params: { userId: holder.id }, body }),
    group: () => client.call('groupRoles.assign', { params: { groupId: holder.id }, body }),
    client: () => client.call('clientRoles.assign', { params: { clientId: holder.id }, body }),
  }[holder.kind]();
  if (turn.isJson) return printJson({ assignment: made });
  printLines([`${holder.name} holds ${made.label} now.`]);
};

const unassign = async (turn: Turn): Promise<void> => {
  const typed = typedHolder(turn, 'from');
  const client = turn.client();
  const { role } = await readRole(client, String(turn.args[0]));
  const holder = await holderOf(client, typed);
  const over = turn.text('over');
  const own = role.holders.filter(({ kind, id }) => kind === holder.kind && id === holder.id);
  const found =
    over === undefined ? own : own.filter(({ resourceSet }) => [resourceSet?.id, resourceSet?.label].includes(over));
  const [line, ...more] = found;
  if (line === undefined)
    throw notFound('direct assignment of this role to', holder.name, `sallyport role show ${role.id}`);
  if (more.length > 0)
    throw usageError(
      `${holder.name} holds ${role.label} ${found.length} times`,
      `--over ${found.map(overText).join(' or ')}`,
    );
  if (!turn.is('yes')) await turn.confirm(`Take ${role.label} over ${overText(line)} from ${holder.name}?`, '--yes');
  const roleAssignmentId = line.assignmentId;
  if (holder.kind === 'user')
    await client.call('userRoles.unassign', { params: { userId: holder.id, roleAssignmentId } });
  else if (holder.kind === 'client')
    await client.call('clientRoles.unassign', { params: { clientId: holder.id, roleAssignmentId } });
  else await client.call('groupRoles.unassign', { params: { groupId: holder.id, roleAssignmentId } });
  if (turn.isJson) return printJson({ unassigned: roleAssignmentId });
  printLines([`${holder.name} does not hold ${role.label} over ${overText(line)} any more.`]);
};

const compare = async (turn: Turn): Promise<void> => {
  const comparison = await turn.client().call('roles.compare', {
    params: { roleIdOrLabel: String(turn.args[0]), otherRoleIdOrLabel: String(turn.args[1]) },
  });
  if (turn.isJson) return printJson({ comparison });
  const { left, right, onlyLeft, onlyRight, otherCondition, both } = comparison;
  printLines([
    ...onlyLeft.map(({ permission, words }) => `- ${permission}  ${words}`),
    ...onlyRight.map(({ permission, words }) => `+ ${permission}  ${words}`),
    ...otherCondition.map(({ permission, words }) => `~ ${permission}  ${words}, for other attributes`),
    `${both.length} are the same in ${left.label} and ${right.label}.`,
  ]);
};

const ROLE = ['<role>', 'its id, its name, or a type like HELP_DESK_ADMIN'] as const;
const OVER = ['--over <resource set>', 'of a custom role: its id or name'] as const;

/** `sallyport role …`: what roles mean, and who holds them. */
export const addRoleVerbs = (program: Command): void => {
  const role = program.command('role').description('admin roles: what they can, and who holds them');
  addVerb(
    role,
    {
      name: 'list',
      summary: 'standard and custom roles, and how many people hold them',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport role list', 'sallyport role list --json=label,people'],
    },
    async (turn) => {
      const roles = await turn.client().call('roles.list', {});
      if (turn.isJson) return printJson({ roles: roles.map(turn.jsonItem) });
      printLines(
        table(
          ['ID', 'KIND', 'PERMISSIONS', 'SENSITIVE', 'PEOPLE', 'NAME'],
          roles.map(({ id, kind, permissions, sensitive, people, label }) => [
            id,
            kind,
            String(permissions),
            String(sensitive),
            String(people),
            label,
          ]),
        ),
      );
    },
  );
  addVerb(
    role,
    {
      name: 'show',
      summary: 'what a role can, what it never can, and who holds it',
      args: [ROLE],
      talksTo: 'server',
      examples: ['sallyport role show HELP_DESK_ADMIN'],
    },
    show,
  );
  addVerb(
    role,
    {
      name: 'compare',
      summary: 'what two roles hold against each other',
      args: [ROLE, ['<other>', 'the other one']],
      talksTo: 'server',
      examples: ['sallyport role compare USER_ADMIN HELP_DESK_ADMIN'],
    },
    compare,
  );
  addVerb(
    role,
    {
      name: 'create',
      summary: 'make a custom role',
      args: [['<name>', 'what it shall be called']],
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--permissions <name,...>', 'what it can'],
        ['--description <text>', 'what it is for'],
      ],
      examples: [
        "sallyport role create 'Front desk' --permissions okta.users.read,okta.users.credentials.resetPassword",
      ],
    },
    create,
  );
  addVerb(
    role,
    {
      name: 'update',
      summary: 'change a custom role in one go; prints what differs',
      args: [ROLE],
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--add <name,...>', 'permissions to add'],
        ['--remove <name,...>', 'permissions to take out'],
        ['--label <text>', 'another name'],
        ['--description <text>', 'what it is for'],
        ['--dry-run', 'change nothing, print what would change'],
        ['--yes', 'do not ask'],
      ],
      examples: ["sallyport role update 'Front desk' --add okta.groups.read --dry-run"],
    },
    update,
  );
  addVerb(
    role,
    {
      name: 'delete',
      summary: 'delete a custom role; nobody holds it any more',
      args: [ROLE],
      talksTo: 'server',
      isProtected: true,
      options: [['--yes', 'do not ask']],
      examples: ["sallyport role delete 'Front desk'"],
    },
    remove,
  );
  addVerb(
    role,
    {
      name: 'assign',
      summary: 'give a role to a person, a group or a service app',
      args: [ROLE],
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--to <login>', 'a person'],
        ['--to-group <name>', 'everybody in a group, whoever joins it later too'],
        ['--to-app <name>', 'a service app'],
        OVER,
        ['--for-groups <group,...>', 'of a standard role: narrowed to these groups and their people'],
      ],
      examples: [
        "sallyport role assign 'Front desk' --to max@example.org --over Support",
        "sallyport role assign HELP_DESK_ADMIN --to max@example.org --for-groups 'Support team'",
      ],
    },
    assign,
  );
  addVerb(
    role,
    {
      name: 'unassign',
      summary: 'take a role that is held directly',
      args: [ROLE],
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--from <login>', 'a person'],
        ['--from-group <name>', 'a group'],
        ['--from-app <name>', 'a service app'],
        OVER,
        ['--yes', 'do not ask'],
      ],
      examples: ["sallyport role unassign 'Front desk' --from max@example.org"],
    },
    unassign,
  );
};
