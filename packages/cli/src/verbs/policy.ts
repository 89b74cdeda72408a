import type { PolicyAnswer, PolicyReplayAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { DRAFT, draftRules } from '../draft-rules.ts';
import { allPolicies, DOOR, policyIdOf, policyNamed } from '../find-policy.ts';
import { fieldsOf } from '../json-fields.ts';
import { wordsOfSettings } from '../policy-settings.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import { addPolicyChangeVerbs } from './policy-change.ts';
import { addPolicyDraftVerbs, DRAFT_ID, draftIdOf } from './policy-draft.ts';
import { addPolicyHistoryVerbs } from './policy-history.ts';
import { addPolicyTestVerbs } from './policy-test.ts';

const FIELDS = fieldsOf<PolicyAnswer>({
  id: true,
  type: true,
  name: true,
  description: true,
  priority: true,
  status: true,
  system: true,
  lastUpdated: true,
  conditions: true,
  settings: true,
});

/** The saved draft of `--draft-id`; null without the option. */
const savedDraft = async (
  turn: Turn,
  client: Client,
  policyId: string,
  rules: object | null,
): Promise<string | null> => {
  const typed = turn.text('draftId');
  if (typed === undefined) return null;
  if (rules !== null) throw usageError('--draft and --draft-id: one of them');
  return draftIdOf(client, policyId, typed);
};

const prove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const rules = draftRules(turn);
  const params = { policyId: await policyIdOf(client, String(turn.args[0])) };
  const draftId = await savedDraft(turn, client, params.policyId, rules);
  const proof =
    draftId !== null
      ? await client.call('policyDrafts.proof', { params: { ...params, draftId } })
      : rules === null
        ? await client.call('policyProofs.get', { params })
        : await client.call('policyProofs.draft', { params, body: { rules } });
  if (turn.isJson) return printJson({ ...proof });
  printLines([
    ...(proof.ways.length === 0
      ? ['Nobody comes in: no rule that allows can ever decide.']
      : table(
          ['WHO COMES IN BY', 'UNLESS BEFORE', 'WITH AT LEAST'],
          proof.ways.map(({ rule, except, weakest }) => [
            rule.name,
            except.map(({ name }) => name).join(', '),
            weakest.map(({ words }) => words).join('; or '),
          ]),
        )),
    '',
    ...(proof.findings.length === 0
      ? ['Nothing is found to be wrong with it.']
      : ['Found:', ...proof.findings.map(({ sentence }) => `  ${sentence}`)]),
  ]);
};

const changedLines = (title: string, { people, list }: PolicyReplayAnswer['newlyDenied'], turn: Turn): string[] =>
  people === 0
    ? []
    : [
        '',
        `${title}: ${people === 1 ? 'one person' : `${people} people`}${list.length < people ? `, of whom the last ${list.length}` : ''}`,
        ...table(
          ['WHO', 'TIMES', 'LAST', 'DECIDED BY', 'EVENT'],
          list.map(({ id, login, times, lastAt, rule, lastEvent }) => [
            login ?? id,
            String(times),
            turn.time(lastAt),
            rule?.name ?? 'no rule',
            lastEvent,
          ]),
        ),
      ];

const replay = async (turn: Turn): Promise<void> => {
  const given = turn.text('days') ?? '7';
  if (!/^\d{1,2}$/.test(given) || Number(given) < 1 || Number(given) > 30)
    throw usageError('--days: must be between 1 and 30');
  const client = turn.client();
  const rules = draftRules(turn);
  const policyId = await policyIdOf(client, String(turn.args[0]));
  const draft = await savedDraft(turn, client, policyId, rules);
  const answer = await client.call('policyProofs.replay', {
    params: { policyId },
    body: { days: Number(given), ...(rules === null ? {} : { rules }), ...(draft === null ? {} : { draft }) },
  });
  if (turn.isJson) return printJson({ ...answer });
  const { signIns, before, after } = answer;
  printLines([
    `${signIns === 1 ? 'One sign-in' : `${signIns} sign-ins`} since ${turn.time(answer.since)}${answer.isComplete ? '' : '; there are more, which were not looked at'}.`,
    `Allowed: ${before.allow} → ${after.allow}. Asked for more: ${before.step_up} → ${after.step_up}. Denied: ${before.deny} → ${after.deny}.`,
    ...changedLines('No longer let in', answer.newlyDenied, turn),
    ...changedLines('Newly let in', answer.newlyAllowed, turn),
  ]);
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
      const found = policyNamed(policies, typed);
      if (found === null) throw notFound('policy', typed, 'sallyport policy list');
      const rules = await client.call('policyRules.list', { params: { policyId: found.id } });
      if (turn.isJson) return printJson({ policy: found, rules });
      printLines([
        ...facts([
          ['Id', found.id],
          ['Name', found.name],
          ['Type', found.type],
          ['Status', found.status],
          ...wordsOfSettings(found.settings),
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
  addVerb(
    policy,
    {
      name: 'prove',
      summary: 'what is true of a policy for every request: who comes in, what never applies, which door is open',
      args: [DOOR],
      options: [DRAFT, DRAFT_ID],
      talksTo: 'server',
      examples: ['sallyport policy prove Grafana', 'sallyport policy prove "Admin Console" --draft draft.json'],
    },
    prove,
  );
  addVerb(
    policy,
    {
      name: 'replay',
      summary: 'judge the sign-ins of the last days again, by a policy or a draft of it',
      args: [DOOR],
      options: [DRAFT, DRAFT_ID, ['--days <count>', 'how many days back, at most 30 (default: 7)']],
      talksTo: 'server',
      examples: ['sallyport policy replay "Admin Console" --draft draft.json'],
    },
    replay,
  );
  addPolicyChangeVerbs(policy);
  addPolicyDraftVerbs(policy);
  addPolicyHistoryVerbs(policy);
  addPolicyTestVerbs(policy);
};
