import type { PolicyAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byName, byPrefix, notFound } from '../by-prefix.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb } from '../verb.ts';

/** Checked against the model's list by its type. */
const TYPES: readonly PolicyAnswer['type'][] = ['OKTA_SIGN_ON', 'ACCESS_POLICY'];

const FIELDS = fieldsOf<PolicyAnswer>({
  id: true,
  type: true,
  name: true,
  description: true,
  priority: true,
  status: true,
  system: true,
  lastUpdated: true,
});

const allPolicies = async (client: Client): Promise<PolicyAnswer[]> => {
  const policies: PolicyAnswer[] = [];
  for (const type of TYPES)
    policies.push(...[...(await client.call('policies.list', { query: { type } }))].sort(byName));
  return policies;
};

/** `sallyport policy …`. */
export const addPolicyVerbs = (program: Command): void => {
  const policy = program.command('policy').description('who may enter, and with which proofs');
  addVerb(
    policy,
    {
      name: 'list',
      summary: 'all policies',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport policy list', 'sallyport policy list --json=id,name'],
    },
    async (turn) => {
      const policies = await allPolicies(turn.client());
      if (turn.isJson) return printJson({ policies: policies.map(turn.jsonItem) });
      printLines(
        table(
          ['ID', 'NAME', 'TYPE', 'STATUS'],
          policies.map(({ id, name, type, status }) => [id, name, type, status]),
        ),
      );
    },
  );
  addVerb(
    policy,
    {
      name: 'show',
      summary: 'a policy and its rules, in the order in which they are asked',
      args: [['<policy>', 'id, its beginning, or name']],
      talksTo: 'server',
      examples: ['sallyport policy show rst0', 'sallyport policy show "Admin Console" --json'],
    },
    async (turn) => {
      const typed = String(turn.args[0]);
      const client = turn.client();
      const policies = await allPolicies(client);
      const found = policies.find(({ name }) => name === typed) ?? byPrefix(policies, typed);
      if (found === null) throw notFound('policy', typed, 'sallyport policy list');
      const rules = await client.call('policyRules.list', { params: { policyId: found.id } });
      if (turn.isJson) return printJson({ policy: found, rules });
      printLines([
        ...facts([
          ['Id', found.id],
          ['Name', found.name],
          ['Type', found.type],
          ['Status', found.status],
        ]),
        '',
        ...table(
          ['PRIORITY', 'RULE', 'NAME', 'STATUS', 'IF', 'THEN'],
          rules.map((rule) => [
            String(rule.priority),
            rule.id,
            rule.name,
            rule.status,
            rule.conditions === null ? 'always' : JSON.stringify(rule.conditions),
            JSON.stringify(rule.actions),
          ]),
        ),
      ]);
    },
  );
};
