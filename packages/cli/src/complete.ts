import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { allPolicies } from './find-policy.ts';

const waiting = async (client: Client): Promise<string[]> =>
  (await client.call('approvals.list', { query: { status: 'WAITING' } })).map(({ id }) => id);

const openRequests =
  (show: 'decide' | 'mine') =>
  async (client: Client): Promise<string[]> =>
    (await client.call('requests.list', { query: { show, status: 'OPEN' } })).map(({ id }) => id);

const roles = async (client: Client): Promise<string[]> =>
  (await client.call('roles.list', {})).flatMap(({ id, label, kind }) => (kind === 'custom' ? [label, id] : [id]));
const customRoles = async (client: Client): Promise<string[]> =>
  (await client.call('roles.list', {})).filter(({ kind }) => kind === 'custom').map(({ label }) => label);
const sets = async (client: Client): Promise<string[]> =>
  (await client.call('resourceSets.list', {}))['resource-sets'].flatMap(({ id, label }) => [label, id]);

const groupRules = async (client: Client): Promise<string[]> =>
  (await client.call('groupRules.list', {})).flatMap(({ id, name }) => [name, id]);

const bundles = async (client: Client): Promise<string[]> =>
  (await client.call('bundles.listInFull', { query: { limit: '200' } })).flatMap(({ id, name }) => [name, id]);
const conditions = async (client: Client): Promise<string[]> =>
  (await client.call('allRequestConditions.list', { query: { limit: '200' } })).flatMap(({ id, name }) => [name, id]);
const sequences = async (client: Client): Promise<string[]> =>
  (await client.call('requestSequences.list', {})).flatMap(({ id, name }) => [name, id]);

const zones = async (client: Client): Promise<string[]> =>
  (await client.call('zones.list', {})).flatMap(({ id, name }) => [name, id]);
const policies = async (client: Client): Promise<string[]> => (await allPolicies(client)).map(({ id }) => id);

/** Live ids of a noun, for the verbs that take one. */
const LIVE: Readonly<Record<string, (client: Client) => Promise<string[]>>> = {
  'session show': async (client) => (await client.call('mySessions.list', {})).sessions.map(({ id }) => id),
  'session revoke': async (client) =>
    (await client.call('mySessions.list', {})).sessions.filter(({ endedAt }) => endedAt === null).map(({ id }) => id),
  'approval show': waiting,
  'approval approve': waiting,
  'approval deny': waiting,
  'request show': openRequests('mine'),
  'request cancel': openRequests('mine'),
  'request approve': openRequests('decide'),
  'request deny': openRequests('decide'),
  'bundle show': bundles,
  'bundle delete': bundles,
  'request-condition show': conditions,
  'request-condition activate': conditions,
  'request-condition deactivate': conditions,
  'request-condition delete': conditions,
  'request-sequence show': sequences,
  'request-sequence delete': sequences,
  'role show': roles,
  'role compare': roles,
  'role assign': roles,
  'role unassign': roles,
  'role update': customRoles,
  'role delete': customRoles,
  'resource-set show': sets,
  'resource-set add': sets,
  'resource-set remove': sets,
  'resource-set delete': sets,
  'group rule activate': groupRules,
  'group rule deactivate': groupRules,
  'zone show': zones,
  'zone update': zones,
  'zone activate': zones,
  'zone deactivate': zones,
  'zone delete': zones,
  'policy show': policies,
  'policy edit': policies,
  'policy activate': policies,
  'policy deactivate': policies,
  'policy delete': policies,
};

/**
 * What may follow, for the words so far; the last one is being typed. Nouns, verbs, options and, from the server, ids.
 * A shell that completes must never hang or show an error, so without a server there are just no ids.
 */
export const complete = async (program: Command, words: readonly string[], client: () => Client): Promise<string[]> => {
  const typed = words.at(-1) ?? '';
  const path: string[] = [];
  let command = program;
  for (const word of words.slice(0, -1)) {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next === undefined) continue;
    command = next;
    path.push(word);
  }
  const options = (): string[] => command.options.flatMap(({ long, hidden }) => (long == null || hidden ? [] : [long]));
  // commander keeps what is hidden in a field of its own, and tells by what help shows.
  const verbs = (): string[] =>
    command
      .createHelp()
      .visibleCommands(command)
      .map((verb) => verb.name());
  const ids = async (): Promise<string[]> => {
    const live = LIVE[path.join(' ')];
    return live === undefined ? [] : live(client()).catch(() => []);
  };
  const found = typed.startsWith('-') ? options() : command.commands.length > 0 ? verbs() : await ids().catch(() => []);
  return found.filter((candidate) => candidate.startsWith(typed));
};
