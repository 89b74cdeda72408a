import type { GroupRuleAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byName, byPrefix, notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { createNames } from '../configuration/names.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
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

const create = async (turn: Turn): Promise<void> => {
  const [name, expression] = [String(turn.args[0]), turn.text('when') ?? ''];
  const typed = (turn.options['group'] as readonly string[] | undefined) ?? [];
  if (expression === '' || typed.length === 0)
    throw usageError('--when and --group are needed', 'sallyport group rule create --help');
  const client = turn.client();
  const names = createNames(client);
  const groupIds: string[] = [];
  for (const group of typed) groupIds.push(await names.idOf('group', group));
  const preview = await client.call('groupRules.preview', { query: { expression, groupIds: groupIds.join(',') } });
  const words = `would add ${preview.adds} ${preview.adds === 1 ? 'person' : 'people'} (${preview.matches} of ${preview.people} match)`;
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
  const rule = await client.call('groupRules.create', {
    body: {
      type: 'group_rule',
      name,
      conditions: { expression: { value: expression, type: 'urn:okta:expression:1.0' } },
      actions: { assignUserToGroups: { groupIds } },
    },
  });
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
        args: [['<rule>', 'id, its beginning, or name']],
        talksTo: 'server',
        isProtected: true,
        examples: [`sallyport group rule ${verb} "Ops people"`],
      },
      switchTo(verb),
    );
};
