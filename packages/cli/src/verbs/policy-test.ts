import type { Client } from '@sallyport/client/create-client';
import type { PolicyTestAnswer } from '@sallyport/client/policy-draft-answers';
import type { Command } from 'commander';
import { byPrefix, notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import { FACT_OPTIONS, factsOf } from '../fact-options.ts';
import { DOOR, policyIdOf } from '../find-policy.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import { DRAFT_ID, draftIdOf } from './policy-draft.ts';

const FIELDS = fieldsOf<PolicyTestAnswer>({
  id: true,
  policyId: true,
  name: true,
  facts: true,
  expected: true,
  created: true,
  lastUpdated: true,
});
const EXPECTED = { allow: 'let in', 'step-up': 'asked for more', deny: 'denied' } as const;
const WORDS = { allow: EXPECTED.allow, step_up: EXPECTED['step-up'], deny: EXPECTED.deny } as const;

const list = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const tests = await client.call('policyTests.list', {
    params: { policyId: await policyIdOf(client, String(turn.args[0])) },
  });
  if (turn.isJson) return printJson({ tests: tests.map(turn.jsonItem) });
  printLines(
    tests.length === 0
      ? ['This policy has no tests.']
      : table(
          ['ID', 'NAME', 'EXPECTS', 'FACTS'],
          tests.map(({ id, name, expected, facts }) => [id, name, WORDS[expected], JSON.stringify(facts)]),
        ),
  );
};

const add = async (turn: Turn): Promise<void> => {
  const expected = turn.text('expect');
  if (expected !== 'allow' && expected !== 'deny' && expected !== 'step-up')
    throw usageError(`--expect: must be one of ${Object.keys(EXPECTED).join(', ')}`);
  const client = turn.client();
  const facts = await factsOf(client, turn);
  const test = await client.call('policyTests.create', {
    params: { policyId: await policyIdOf(client, String(turn.args[0])) },
    body: { name: String(turn.args[1]), facts, expected: expected === 'step-up' ? 'step_up' : expected },
  });
  if (turn.isJson) return printJson({ test });
  printLines([`Test ${test.id}: “${test.name}” expects ${WORDS[test.expected]}.`]);
};

const testIdOf = async (client: Client, policyId: string, typed: string): Promise<string> => {
  const tests = await client.call('policyTests.list', { params: { policyId } });
  const found = tests.find(({ name }) => name === typed) ?? byPrefix(tests, typed);
  if (found === null) throw notFound('test of this policy', typed, 'sallyport policy test list Grafana');
  return found.id;
};

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const policyId = await policyIdOf(client, String(turn.args[0]));
  const testId = await testIdOf(client, policyId, String(turn.args[1]));
  await client.call('policyTests.delete', { params: { policyId, testId } });
  if (turn.isJson) return printJson({ deleted: testId });
  printLines([`The test ${testId} is gone.`]);
};

const run = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const policyId = await policyIdOf(client, String(turn.args[0]));
  const typed = turn.text('draftId');
  const answer = await client.call('policyTests.run', {
    params: { policyId },
    body: typed === undefined ? {} : { draft: await draftIdOf(client, policyId, typed) },
  });
  if (turn.isJson) printJson({ ...answer });
  else
    printLines(
      answer.results.length === 0
        ? ['This policy has no tests.']
        : answer.results.map(
            ({ name, expected, isPassed, sentence }) =>
              `${isPassed ? 'passes' : 'FAILS'}  ${name}${isPassed ? '' : `: expects ${WORDS[expected]}. ${sentence}`}`,
          ),
    );
  if (!answer.isPassed) process.exitCode = EXIT.failed;
};

/** `sallyport policy test …`. */
export const addPolicyTestVerbs = (policy: Command): void => {
  const test = policy.command('test').description('what a policy must decide, or it is not published');
  const common = { talksTo: 'server' } as const;
  addVerb(
    test,
    {
      ...common,
      name: 'list',
      summary: 'tests of a policy',
      args: [DOOR],
      jsonFields: FIELDS,
      examples: ['sallyport policy test list "Admin Console"'],
    },
    list,
  );
  addVerb(
    test,
    {
      ...common,
      name: 'run',
      summary: 'run every test, on what is published or on a draft; exits with 1 where one fails',
      args: [DOOR],
      options: [DRAFT_ID],
      examples: ['sallyport policy test run Grafana --draft-id pdr0'],
    },
    run,
  );
  addVerb(
    test,
    {
      ...common,
      name: 'add',
      summary: 'add a test: facts as for what-if, and what must be decided on them',
      args: [DOOR, ['<name>', 'what it holds']],
      options: [['--expect <verdict>', 'allow, step-up or deny'], ...FACT_OPTIONS],
      isProtected: true,
      examples: ['sallyport policy test add Grafana "passwords stay out" --with password --expect step-up'],
    },
    add,
  );
  addVerb(
    test,
    {
      ...common,
      name: 'delete',
      summary: 'delete a test',
      args: [DOOR, ['<test>', 'its name, its id, or the beginning of it']],
      isProtected: true,
      examples: ['sallyport policy test delete Grafana "passwords stay out"'],
    },
    remove,
  );
};
