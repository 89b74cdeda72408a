import type { GroupRuleAnswer, GroupRulePreviewAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byName, byPrefix, notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { createNames } from '../configuration/names.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<GroupRuleAnswer>({
  id: true,
  name: true,
  status: true,
  lastUpdated: true,
  conditions: true,
  actions: true,
  _embedded: true,
});

const RULE_ARG = ['<rule>', 'id, its beginning, or name'] as const;

const allRules = async (client: Client): Promise<GroupRuleAnswer[]> => {
  const rules: GroupRuleAnswer[] = [];
  for await (const page of client.pages('groupRules.list', { query: { expand: 'groupIdToGroupNameMap' } }))
    rules.push(...page);
  return rules.sort(byName);
};

const ruleOf = async (client: Client, typed: string): Promise<GroupRuleAnswer> => {
  const rules = await allRules(client);
  const found = rules.find(({ name }) => name === typed) ?? byPrefix(rules, typed);
  if (found === null) throw notFound('group rule', typed, 'sallyport group rule list');
  return found;
};

const groupNames = ({ actions, _embedded }: GroupRuleAnswer): string =>
  actions.assignUserToGroups.groupIds.map((id) => _embedded?.groupIdToGroupNameMap[id] || id).join(', ');

const groupIdsOf = async (client: Client, typed: readonly string[]): Promise<readonly string[]> => {
  const names = createNames(client);
  const groupIds: string[] = [];
  for (const group of typed) groupIds.push(await names.idOf('group', group));
  return groupIds;
};

interface RuleParts {
  readonly name: string;
  readonly expression: string;
  readonly groupIds: readonly string[];
  readonly excluded: readonly string[];
}
const bodyOf = ({ name, expression, groupIds, excluded }: RuleParts) => ({
  type: 'group_rule' as const,
  name,
  conditions: {
    expression: { value: expression, type: 'urn:okta:expression:1.0' as const },
    people: { users: { exclude: [...excluded] } },
  },
  actions: { assignUserToGroups: { groupIds: [...groupIds] } },
});

/** Whom such a rule would add. */
const previewOf = (client: Client, { expression, groupIds, excluded }: RuleParts) =>
  client.call('groupRules.preview', {
    query: {
      expression,
      groupIds: groupIds.join(','),
      ...(excluded.length === 0 ? {} : { excludedUserIds: excluded.join(',') }),
    },
  });
const previewWords = ({ adds, matches, people }: GroupRulePreviewAnswer): string =>
  `would add ${adds} ${adds === 1 ? 'person' : 'people'} (${matches} of ${people} match)`;

const create = async (turn: Turn): Promise<void> => {
  const [name, expression] = [String(turn.args[0]), turn.text('when') ?? ''];
  const typed = (turn.options['group'] as readonly string[] | undefined) ?? [];
  if (expression === '' || typed.length === 0)
    throw usageError('--when and --group are needed', 'sallyport group rule create --help');
  const client = turn.client();
  const groupIds = await groupIdsOf(client, typed);
  const parts: RuleParts = { name, expression, groupIds, excluded: [] };
  const preview = await previewOf(client, parts);
  const words = previewWords(preview);
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ preview });
    return printLines([
      ...table(
        ['LOGIN', 'NAME'],
        preview.sample.map(({ login, displayName }) => [login, displayName]),
      ),
      `${name} ${words}.`,
    ]);
  }
  const rule = await client.call('groupRules.create', { body: bodyOf(parts) });
  if (turn.isJson) return printJson({ rule: turn.jsonItem(rule), preview });
  printLines([`Created ${name} (${rule.id}). Once activated it ${words}.`, `sallyport group rule activate ${rule.id}`]);
};

const switchTo =
  (verb: 'activate' | 'deactivate') =>
  async (turn: Turn): Promise<void> => {
    const client = turn.client();
    const rule = await ruleOf(client, String(turn.args[0]));
    await client.call(`groupRules.${verb}`, { params: { groupRuleId: rule.id } });
    if (turn.isJson) return printJson({ id: rule.id, status: verb === 'activate' ? 'ACTIVE' : 'INACTIVE' });
    printLines([
      verb === 'activate'
        ? `${rule.name} is active. It adds people in the background, and from now on.`
        : `${rule.name} is off. Whoever it added stays.`,
    ]);
  };

const show = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const rule = await ruleOf(client, String(turn.args[0]));
  if (turn.isJson) return printJson({ rule: turn.jsonItem(rule) });
  const names = createNames(client);
  const excluded: string[] = [];
  for (const id of rule.conditions.people.users.exclude) excluded.push(await names.nameOf('user', id));
  printLines(
    facts([
      ['Id', rule.id],
      ['Name', rule.name],
      ['Status', rule.status],
      ['When', rule.conditions.expression.value],
      ['Into', groupNames(rule)],
      ['But never', excluded.length === 0 ? null : excluded.join(', ')],
      ['Changed', turn.time(rule.lastUpdated)],
    ]),
  );
};

/** What is not named stays. An active rule is refused by the server: what it did would not be what it says. */
const update = async (turn: Turn): Promise<void> => {
  const [name, expression] = [turn.text('name'), turn.text('when')];
  const typed = turn.options['group'] as readonly string[] | undefined;
  if (name === undefined && expression === undefined && typed === undefined)
    throw usageError('nothing to change: name --name, --when or --group', 'sallyport group rule update --help');
  const client = turn.client();
  const before = await ruleOf(client, String(turn.args[0]));
  const after: RuleParts = {
    name: name ?? before.name,
    expression: expression ?? before.conditions.expression.value,
    groupIds: typed === undefined ? before.actions.assignUserToGroups.groupIds : await groupIdsOf(client, typed),
    excluded: before.conditions.people.users.exclude,
  };
  const changes = (
    [
      ['name', before.name, after.name],
      ['when', before.conditions.expression.value, after.expression],
      ['into', groupNames(before), typed === undefined ? groupNames(before) : typed.join(', ')],
    ] as const
  ).filter(([, from, to]) => from !== to);
  if (changes.length === 0) return turn.isJson ? printJson({ changes: [] }) : printLines(['It is so already.']);
  const isActive = before.status === 'ACTIVE';
  const preview = await previewOf(client, after);
  if (turn.is('dryRun')) {
    if (turn.isJson)
      return printJson({ changes: changes.map(([field, from, to]) => ({ field, from, to })), preview, isActive });
    return printLines([
      ...table(
        ['FIELD', 'NOW', 'THEN'],
        changes.map((line) => [...line]),
      ),
      `Once activated it ${previewWords(preview)}.`,
      ...(isActive
        ? [`It is active, and stays as it is until then: sallyport group rule deactivate ${before.id}`]
        : []),
    ]);
  }
  const saved = await client.call('groupRules.replace', { params: { groupRuleId: before.id }, body: bodyOf(after) });
  if (turn.isJson) return printJson({ rule: turn.jsonItem(saved), preview });
  printLines([`Saved ${saved.name}. Once activated it ${previewWords(preview)}.`]);
};

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const rule = await ruleOf(client, String(turn.args[0]));
  const takesOut = turn.is('takeOut');
  const people = takesOut ? 'is taken out, except from groups that give an admin role' : 'stays';
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ wouldDelete: rule.id, takesOut, isActive: rule.status === 'ACTIVE' });
    return printLines([
      `Would delete ${rule.name} (${rule.id}). Whoever it put into ${groupNames(rule)} ${people}.`,
      ...(rule.status === 'ACTIVE' ? [`It is active; first: sallyport group rule deactivate ${rule.id}`] : []),
    ]);
  }
  if (!turn.is('yes'))
    await turn.confirm(`Delete ${rule.name}? Whoever it put into ${groupNames(rule)} ${people}.`, '--yes');
  await client.call('groupRules.delete', {
    params: { groupRuleId: rule.id },
    query: takesOut ? { removeUsers: 'true' } : {},
  });
  if (turn.isJson) return printJson({ deleted: rule.id, takesOut });
  printLines([`Deleted ${rule.name}. Whoever it put into ${groupNames(rule)} ${people}.`]);
};

/** `sallyport group rule …`. */
export const addGroupRuleVerbs = (group: Command): void => {
  const rule = group.command('rule').description('rules that put people into groups by what their profiles say');
  addVerb(
    rule,
    {
      name: 'list',
      summary: 'all rules',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport group rule list'],
    },
    async (turn) => {
      const rules = await allRules(turn.client());
      if (turn.isJson) return printJson({ rules: rules.map(turn.jsonItem) });
      printLines(
        table(
          ['ID', 'NAME', 'STATUS', 'WHEN', 'INTO'],
          rules.map((one) => [one.id, one.name, one.status, one.conditions.expression.value, groupNames(one)]),
        ),
      );
    },
  );
  addVerb(
    rule,
    {
      name: 'show',
      summary: 'one rule, and whom it never adds',
      args: [RULE_ARG],
      talksTo: 'server',
      jsonFields: FIELDS,
      examples: ['sallyport group rule show "Ops people"'],
    },
    show,
  );
  addVerb(
    rule,
    {
      name: 'create',
      summary: 'make a rule; it adds nobody before it is activated',
      args: [['<name>', 'what the rule is called']],
      options: [
        ['--when <expression>', 'for example user.department=="Ops" and !String.startsWith(user.title,"Ext")'],
        ['--group <name...>', 'the groups that it puts people into, by name'],
        ['--dry-run', 'make nothing, print whom it would add'],
      ],
      talksTo: 'server',
      isProtected: true,
      jsonFields: FIELDS,
      examples: ['sallyport group rule create "Ops people" --when \'user.department=="Ops"\' --group Ops --dry-run'],
    },
    create,
  );
  for (const verb of ['activate', 'deactivate'] as const)
    addVerb(
      rule,
      {
        name: verb,
        summary: verb === 'activate' ? 'let a rule add people' : 'stop a rule; whoever it added stays',
        args: [RULE_ARG],
        talksTo: 'server',
        isProtected: true,
        examples: [`sallyport group rule ${verb} "Ops people"`],
      },
      switchTo(verb),
    );
  addVerb(
    rule,
    {
      name: 'update',
      summary: 'change a rule that is not active; what is not named stays',
      args: [RULE_ARG],
      options: [
        ['--name <name>', 'what the rule is called'],
        ['--when <expression>', 'whom it is about'],
        ['--group <name...>', 'the groups that it puts people into, by name, in place of those before'],
        ['--dry-run', 'change nothing, print what would change'],
      ],
      talksTo: 'server',
      isProtected: true,
      jsonFields: FIELDS,
      examples: ['sallyport group rule update "Ops people" --when \'user.department=="Operations"\' --dry-run'],
    },
    update,
  );
  addVerb(
    rule,
    {
      name: 'delete',
      summary: 'delete a rule that is not active; whoever it added stays',
      args: [RULE_ARG],
      options: [
        ['--take-out', 'take out whom it put in, too; not of groups that give an admin role by now'],
        ['--dry-run', 'delete nothing, print what would go'],
        ['--yes', 'do not ask'],
      ],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport group rule delete "Ops people" --yes'],
    },
    remove,
  );
};
