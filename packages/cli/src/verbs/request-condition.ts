import type { RequestConditionAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { findNamed } from '../by-prefix.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<RequestConditionAnswer>({
  id: true,
  name: true,
  description: true,
  resource: true,
  requesters: true,
  scope: true,
  gives: true,
  duration: true,
  longest: true,
  sequence: true,
  ticket: true,
  status: true,
  faults: true,
  priority: true,
  places: true,
  openRequests: true,
  lastUpdatedAt: true,
  version: true,
});
const CONDITION = [['<condition>', 'name, id or its beginning']] as const;

const all = async (client: Client): Promise<readonly RequestConditionAnswer[]> => {
  const found: RequestConditionAnswer[] = [];
  for await (const page of client.pages('allRequestConditions.list', { query: { limit: '200' } })) found.push(...page);
  return found;
};
const find = async (turn: Turn, client: Client): Promise<RequestConditionAnswer> =>
  findNamed('request condition', await all(client), String(turn.args[0]));
const placeOf = ({ id, resource }: RequestConditionAnswer) => ({ resourceId: resource.id, requestConditionId: id });

type Named = { readonly id: string; readonly name: string | null };
const namesOf = (things: readonly Named[]): string => things.map(({ id, name }) => name ?? `${id} (gone)`).join(', ');
const resourceText = ({ kind, id, name }: RequestConditionAnswer['resource']): string =>
  kind === 'console' ? kind : `${kind} ${name ?? `${id} (gone)`}`;
const lengthText = ({ duration, longest }: RequestConditionAnswer): string => {
  if (duration === null) return longest;
  return duration.kind === 'fixed' ? duration.words : `up to ${duration.words}`;
};
const whoText = ({ requesters }: RequestConditionAnswer): string =>
  requesters === null ? 'everyone' : namesOf(requesters);

const list = async (turn: Turn): Promise<void> => {
  const conditions = await all(turn.client());
  if (turn.isJson) return printJson({ requestConditions: conditions.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'STATUS', 'FOR', 'OF', 'NAME', 'WHO', 'IT TAKES'],
      conditions.map((one) => [
        one.id,
        one.status.toLowerCase(),
        lengthText(one),
        resourceText(one.resource),
        one.name,
        whoText(one),
        namesOf([one.sequence]),
      ]),
    ),
  );
};

const show = async (turn: Turn): Promise<void> => {
  const one = await find(turn, turn.client());
  if (turn.isJson) return printJson({ requestCondition: turn.jsonItem(one) });
  printLines([
    ...facts([
      ['Id', one.id],
      ['Name', one.name],
      ['Description', one.description],
      ['Of', resourceText(one.resource)],
      ['Who may ask', whoText(one)],
      ['Gives', namesOf(one.gives)],
      ['For', lengthText(one)],
      ['It takes', namesOf([one.sequence])],
      ['Ticket', one.ticket],
      ['Status', one.status.toLowerCase()],
      ['Place', `${one.priority + 1} of ${one.places}`],
      ['Open requests', String(one.openRequests)],
      ['Changed', turn.time(one.lastUpdatedAt)],
    ]),
    ...one.faults.map((fault) => `  Note: ${fault}`),
  ]);
};

const switchTo =
  (verb: 'activate' | 'deactivate', words: string) =>
  async (turn: Turn): Promise<void> => {
    const client = turn.client();
    const one = await find(turn, client);
    await client.call(`requestConditions.${verb}`, { params: placeOf(one) });
    const after = await find(turn, client);
    if (turn.isJson) return printJson({ requestCondition: turn.jsonItem(after) });
    printLines([`${one.name}: ${words}`]);
  };

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const one = await find(turn, client);
  if (!turn.is('yes'))
    await turn.confirm(
      `Delete ${one.name}?${one.openRequests === 0 ? '' : ` ${one.openRequests} open request(s) by it give nothing then.`}`,
      '--yes',
    );
  await client.call('requestConditions.delete', { params: placeOf(one) });
  if (turn.isJson) return printJson({ deleted: one.id });
  printLines([`Deleted ${one.name}.`]);
};

/** `sallyport request-condition …`: who may ask for what. What one says is said by `config apply`. */
export const addRequestConditionVerbs = (program: Command): void => {
  const noun = program
    .command('request-condition')
    .description('who may ask for what, for how long, and whose yes it takes');
  const talks = { talksTo: 'server', jsonFields: FIELDS } as const;
  const changes = { ...talks, args: CONDITION, isProtected: true } as const;
  addVerb(
    noun,
    {
      ...talks,
      name: 'list',
      summary: 'all of them; of each resource in the order in which they decide',
      hasCurl: true,
      examples: [
        'sallyport request-condition list',
        'sallyport config export --only requestConditions --out conditions.yaml',
      ],
    },
    list,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'show',
      summary: 'one of them, and what of it is gone',
      args: CONDITION,
      examples: ["sallyport request-condition show 'Night desk for a while'"],
    },
    show,
  );
  addVerb(
    noun,
    {
      ...changes,
      name: 'activate',
      summary: 'let people ask from now on',
      examples: ["sallyport request-condition activate 'Night desk for a while'"],
    },
    switchTo('activate', 'people may ask from now on.'),
  );
  addVerb(
    noun,
    {
      ...changes,
      name: 'deactivate',
      summary: 'let nobody ask any more; open requests go on',
      examples: ["sallyport request-condition deactivate 'Night desk for a while'"],
    },
    switchTo('deactivate', 'nobody may ask any more; open requests go on.'),
  );
  addVerb(
    noun,
    {
      name: 'delete',
      summary: 'delete it; open requests by it give nothing any more',
      args: CONDITION,
      options: [['--yes', 'do not ask']],
      talksTo: 'server',
      isProtected: true,
      examples: ["sallyport request-condition delete 'Night desk for a while'"],
    },
    remove,
  );
};
