import { readFileSync } from 'node:fs';
import type { PolicyAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import type { RouteInput } from '@sallyport/client/route-input';
import type { Command } from 'commander';
import { notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { allPolicies, policyNamed } from '../find-policy.ts';
import { printJson, printLines } from '../print.ts';
import { addVerb, type Turn } from '../verb.ts';

const POLICY: readonly [string, string] = ['<policy>', 'id, its beginning, or name'];
const FILE: readonly [string, string] = [
  '<file>',
  'a policy as `policy show --json` prints it, or a part of it; its rules have drafts; - reads from standard input',
];
const YES: readonly [string, string] = ['--yes', 'do not ask'];

type Body = NonNullable<RouteInput<'policies.create'>['body']>;
/** What somebody can say of a policy; the rest of what is printed only the server says. */
const SAID = ['type', 'name', 'description', 'priority', 'status', 'conditions', 'settings'] as const;

const saidOf = (policy: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(policy).filter(([name, value]) => SAID.some((one) => one === name) && value !== null),
  );

/** What the file says of a policy. */
const written = (turn: Turn, index: number): Record<string, unknown> => {
  const file = String(turn.args[index]);
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw usageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const policy = typeof read === 'object' && read !== null && 'policy' in read ? read.policy : read;
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy))
    throw usageError(`${file}: holds no policy`, 'sallyport policy show "Default Policy" --json');
  return saidOf(policy);
};

const policyOf = async (client: Client, typed: string): Promise<PolicyAnswer> => {
  const found = policyNamed(await allPolicies(client), typed);
  if (found === null) throw notFound('policy', typed, 'sallyport policy list');
  return found;
};

const print = (turn: Turn, policy: PolicyAnswer, words: string): void => {
  if (turn.isJson) printJson({ policy });
  else printLines([`${words} ${policy.name} (${policy.id}).`]);
};

const create = async (turn: Turn): Promise<void> => {
  const body = written(turn, 0) as Body;
  print(turn, (await turn.client().call('policies.create', { body })) as PolicyAnswer, 'Created');
};

const edit = async (turn: Turn): Promise<void> => {
  const change = written(turn, 1);
  const client = turn.client();
  const { id, type } = await policyOf(client, String(turn.args[0]));
  if (change['type'] !== undefined && change['type'] !== type)
    throw usageError(`the file holds a policy of another kind: ${String(change['type'])}, and not ${type}`);
  const params = { policyId: id };
  // Only what is still as it was read here: what somebody else changes meanwhile stays.
  const { body, etag } = await client.send(requestOf('policies.get', { params }));
  const whole = { ...saidOf(body as PolicyAnswer), ...change } as Body;
  const request = requestOf('policies.replace', { params, body: whole });
  const answer = await client.send({ ...request, ...(etag === null ? {} : { ifMatch: etag }) });
  print(turn, answer.body as PolicyAnswer, 'Changed');
};

/** Turns it on or off, or deletes it, once that is confirmed. */
const end =
  (
    route: 'policies.activate' | 'policies.deactivate' | 'policies.delete',
    question: string | null,
    words: string,
  ): ((turn: Turn) => Promise<void>) =>
  async (turn) => {
    const client = turn.client();
    const { id, name } = await policyOf(client, String(turn.args[0]));
    if (question !== null && !turn.is('yes')) await turn.confirm(`${question} ${name}?`, '--yes');
    await client.call(route, { params: { policyId: id } });
    if (turn.isJson) return printJson({ id });
    printLines([`${words} ${name}.`]);
  };

/** `sallyport policy create`, `edit`, `activate`, `deactivate` and `delete`: a policy itself; its rules have drafts. */
export const addPolicyChangeVerbs = (policy: Command): void => {
  const common = { talksTo: 'server', isProtected: true } as const;
  addVerb(
    policy,
    {
      ...common,
      name: 'create',
      summary: 'create a policy of what a file says',
      args: [FILE],
      examples: ['sallyport policy create contractors.json'],
    },
    create,
  );
  addVerb(
    policy,
    {
      ...common,
      name: 'edit',
      summary: 'change what a file says of a policy, and leave the rest as it is',
      args: [POLICY, FILE],
      examples: ['sallyport policy edit Contractors longer-passwords.json'],
    },
    edit,
  );
  addVerb(
    policy,
    {
      ...common,
      name: 'activate',
      summary: 'turn a policy on',
      args: [POLICY],
      examples: ['sallyport policy activate Contractors'],
    },
    end('policies.activate', null, 'Turned on'),
  );
  addVerb(
    policy,
    {
      ...common,
      name: 'deactivate',
      summary: 'turn a policy off; an app that it judges lets nobody in',
      args: [POLICY],
      options: [YES],
      examples: ['sallyport policy deactivate Contractors'],
    },
    end('policies.deactivate', 'Turn off', 'Turned off'),
  );
  addVerb(
    policy,
    {
      ...common,
      name: 'delete',
      summary: 'delete a policy that no app is judged by',
      args: [POLICY],
      options: [YES],
      examples: ['sallyport policy delete Contractors'],
    },
    end('policies.delete', 'Delete', 'Deleted'),
  );
};
