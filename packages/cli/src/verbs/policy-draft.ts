import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import type { PolicyDraftAnswer } from '@sallyport/client/policy-draft-answers';
import type { Command } from 'commander';
import { byPrefix, notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { DRAFT, draftContent } from '../draft-rules.ts';
import { DOOR, policyIdOf } from '../find-policy.ts';
import { fieldsOf } from '../json-fields.ts';
import { note, printJson, printLines } from '../print.ts';
import { publicationLines } from '../publication-text.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<PolicyDraftAnswer>({
  id: true,
  policyId: true,
  note: true,
  baseVersion: true,
  publishedVersion: true,
  behind: true,
  name: true,
  description: true,
  conditions: true,
  rules: true,
  catchAll: true,
  created: true,
  createdBy: true,
  lastUpdated: true,
  lastUpdatedBy: true,
});
const ID: readonly [string, string] = ['<draft>', 'id of a draft, or its beginning'];
export const DRAFT_ID: readonly [string, string] = ['--draft-id <draft>', 'a saved draft, by its id or its beginning'];
const NOTE: readonly [string, string] = ['--note <text>', 'what it is about, for whoever publishes it'];
const REASON: readonly [string, string] = ['--reason <text>', 'why, for the history and the log'];
const DRY_RUN: readonly [string, string] = ['--dry-run', 'change nothing, print what would change'];

/** A draft of a policy, by its id or the beginning of it. */
export const draftIdOf = async (client: Client, policyId: string, typed: string): Promise<string> => {
  const found = byPrefix(await client.call('policyDrafts.list', { params: { policyId } }), typed);
  if (found === null) throw notFound('draft of this policy', typed, 'sallyport policy draft list Grafana');
  return found.id;
};

/** The policy and the draft of a command, and the draft as it is now with its tag. */
const readDraft = async (turn: Turn) => {
  const client = turn.client();
  const policyId = await policyIdOf(client, String(turn.args[0]));
  const draftId = await draftIdOf(client, policyId, String(turn.args[1]));
  const params = { policyId, draftId };
  const { body, etag } = await client.send(requestOf('policyDrafts.get', { params }));
  return { client, params, draft: body as PolicyDraftAnswer, ifMatch: etag ?? '' };
};

const lines = (turn: Turn, draft: PolicyDraftAnswer): string[] => [
  ...facts([
    ['Id', draft.id],
    ['Note', draft.note === '' ? null : draft.note],
    ['Of version', String(draft.baseVersion)],
    ['Saved', `${turn.time(draft.lastUpdated)} by ${draft.lastUpdatedBy.name ?? draft.lastUpdatedBy.id}`],
    ['Behind', draft.behind],
  ]),
  '',
  ...table(
    ['RULE', 'NAME', 'STATUS', 'IF', 'THEN'],
    [...draft.rules, ...(draft.catchAll === null ? [] : [draft.catchAll])].map((rule) => [
      rule.id,
      rule.name,
      rule.status,
      rule.conditions === null ? 'always' : JSON.stringify(rule.conditions),
      JSON.stringify(rule.actions),
    ]),
  ),
];
const print = (turn: Turn, draft: PolicyDraftAnswer): void =>
  turn.isJson ? printJson({ draft }) : printLines(lines(turn, draft));

const list = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const policyId = await policyIdOf(client, String(turn.args[0]));
  const drafts = await client.call('policyDrafts.list', { params: { policyId } });
  if (turn.isJson) return printJson({ drafts: drafts.map(turn.jsonItem) });
  printLines(
    drafts.length === 0
      ? ['There is no draft of this policy.']
      : table(
          ['ID', 'NOTE', 'OF VERSION', 'RULES', 'SAVED', 'BY', 'UP TO DATE'],
          drafts.map(({ id, note: about, baseVersion, rules, lastUpdated, lastUpdatedBy, behind }) => [
            id,
            about,
            String(baseVersion),
            String(rules.length),
            turn.time(lastUpdated),
            lastUpdatedBy.name ?? lastUpdatedBy.id,
            behind === null ? 'yes' : 'no',
          ]),
        ),
  );
};

/** What `--note` says, if it is given. */
const noted = (turn: Turn): { readonly note?: string } => {
  const about = turn.text('note');
  return about === undefined ? {} : { note: about };
};

const create = async (turn: Turn): Promise<void> => {
  const from = turn.text('fromVersion');
  if (from !== undefined && !/^[1-9]\d{0,8}$/.test(from)) throw usageError('--from-version: must be a number');
  const content = draftContent(turn);
  const client = turn.client();
  print(
    turn,
    await client.call('policyDrafts.create', {
      params: { policyId: await policyIdOf(client, String(turn.args[0])) },
      body: {
        ...content,
        ...noted(turn),
        ...(from === undefined ? {} : { fromVersion: Number(from) }),
      },
    }),
  );
};

const save = async (turn: Turn): Promise<void> => {
  const content = draftContent(turn);
  if (content === null) throw usageError('--draft: must be given', 'sallyport policy draft show Grafana pdr0 --json');
  const { client, params, ifMatch } = await readDraft(turn);
  const body = { ...content, ...noted(turn) };
  const { body: saved } = await client.send({ ...requestOf('policyDrafts.replace', { params, body }), ifMatch });
  print(turn, saved as PolicyDraftAnswer);
};

const rebase = async (turn: Turn): Promise<void> => {
  const keep = turn.text('keep');
  if (keep !== undefined && keep !== 'draft' && keep !== 'published')
    throw usageError('--keep: must be draft or published');
  const { client, params, ifMatch } = await readDraft(turn);
  const body: { readonly keep?: 'draft' | 'published' } = keep === undefined ? {} : { keep };
  const { body: rebased } = await client.send({ ...requestOf('policyDrafts.rebase', { params, body }), ifMatch });
  print(turn, rebased as PolicyDraftAnswer);
};

const discard = async (turn: Turn): Promise<void> => {
  const { client, params, ifMatch } = await readDraft(turn);
  await client.send({ ...requestOf('policyDrafts.discard', { params }), ifMatch });
  if (turn.isJson) return printJson({ discarded: params.draftId });
  printLines([`The draft ${params.draftId} is gone. What is published is unchanged.`]);
};

const publish = async (turn: Turn): Promise<void> => {
  const { client, params, ifMatch } = await readDraft(turn);
  const reason = turn.text('reason');
  const body = reason === undefined ? {} : { reason };
  const send = async (query: { readonly dryRun?: 'true' }): Promise<Parameters<typeof publicationLines>[1]> => {
    const request = requestOf('policyDrafts.publish', { params, query, body });
    return (await client.send({ ...request, ifMatch })).body as Parameters<typeof publicationLines>[1];
  };
  // Anybody with the permission saves drafts, also since whoever publishes looked: what is signed is what they read here.
  if (!turn.is('dryRun') && !turn.is('yes')) {
    note(...publicationLines(turn, await send({ dryRun: 'true' }), false));
    await turn.confirm('Publish it?', '--yes');
  }
  const answer = await send(turn.is('dryRun') ? { dryRun: 'true' } : {});
  if (turn.isJson) return printJson({ ...answer });
  printLines(publicationLines(turn, answer));
};

/** `sallyport policy draft …` and `sallyport policy publish`. */
export const addPolicyDraftVerbs = (policy: Command): void => {
  const draft = policy.command('draft').description('what is written before it counts');
  const common = { talksTo: 'server' } as const;
  addVerb(
    draft,
    {
      ...common,
      name: 'list',
      summary: 'drafts of a policy',
      args: [DOOR],
      jsonFields: FIELDS,
      examples: ['sallyport policy draft list Grafana'],
    },
    list,
  );
  addVerb(
    draft,
    {
      ...common,
      name: 'create',
      summary: 'begin a draft of what is published, of an earlier version, or of the rules in a file',
      args: [DOOR],
      options: [DRAFT, ['--from-version <number>', 'begin with the rules of this version'], NOTE],
      examples: [
        'sallyport policy draft create Grafana --note "night shift"',
        'sallyport policy draft create Grafana --draft rules.json',
      ],
    },
    create,
  );
  addVerb(
    draft,
    {
      ...common,
      name: 'show',
      summary: 'a draft, its rules in the order in which they are asked',
      args: [DOOR, ID],
      examples: ['sallyport policy draft show Grafana pdr0 --json'],
    },
    async (turn) => print(turn, (await readDraft(turn)).draft),
  );
  addVerb(
    draft,
    {
      ...common,
      name: 'save',
      summary: 'save the rules of a file as a draft',
      args: [DOOR, ID],
      options: [DRAFT, NOTE],
      examples: ['sallyport policy draft save Grafana pdr0 --draft rules.json'],
    },
    save,
  );
  addVerb(
    draft,
    {
      ...common,
      name: 'rebase',
      summary: 'bring a draft up to what is published now',
      args: [DOOR, ID],
      options: [['--keep <whose>', 'where both changed the same: draft or published']],
      examples: ['sallyport policy draft rebase Grafana pdr0 --keep draft'],
    },
    rebase,
  );
  addVerb(
    draft,
    {
      ...common,
      name: 'discard',
      summary: 'discard a draft',
      args: [DOOR, ID],
      examples: ['sallyport policy draft discard Grafana pdr0'],
    },
    discard,
  );
  addVerb(
    policy,
    {
      ...common,
      name: 'publish',
      summary: 'publish a draft, all rules at once',
      args: [DOOR, ID],
      options: [REASON, DRY_RUN, ['--yes', 'do not ask']],
      isProtected: true,
      examples: [
        'sallyport policy publish Grafana pdr0 --dry-run',
        'sallyport policy publish Grafana pdr0 --reason CHG-7 --yes',
      ],
    },
    publish,
  );
};
