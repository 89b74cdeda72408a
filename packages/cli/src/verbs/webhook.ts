import type { WebhookAnswer, WebhookWithSecretAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { findNamed } from '../by-prefix.ts';
import { CliError, usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import { readWebhookTypes, WEBHOOK_TYPES } from '../webhook-types.ts';

const FIELDS = fieldsOf<WebhookAnswer>({
  id: true,
  name: true,
  url: true,
  status: true,
  types: true,
  secretSetAt: true,
  oldSecretEndsAt: true,
  queue: true,
  created: true,
  lastUpdated: true,
  version: true,
});
const WEBHOOK = [['<webhook>', 'name, id or its beginning']] as const;

const webhookOf = async (client: Client, typed: string): Promise<WebhookAnswer> =>
  findNamed('webhook', await client.call('webhooks.list', {}), typed);

const list = async (turn: Turn): Promise<void> => {
  const all = await turn.client().call('webhooks.list', {});
  if (turn.isJson) return printJson({ webhooks: all.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'NAME', 'STATUS', 'WAITING', 'LAST ARRIVED', 'URL', 'TOLD OF'],
      all.map(({ id, name, status, queue, url, types }) => [
        id,
        name,
        status.toLowerCase(),
        String(queue.waiting),
        queue.lastDeliveredAt === null ? 'never' : turn.time(queue.lastDeliveredAt),
        url,
        types.join(', '),
      ]),
    ),
  );
};

const printSecret = (turn: Turn, made: WebhookWithSecretAnswer, words: string): void => {
  if (turn.isJson) printJson({ webhook: turn.jsonItem(made) });
  else printLines([words, '', `    ${made.secret}`, '', 'It is shown this once.']);
};

const create = async (turn: Turn): Promise<void> => {
  const typed = turn.text('types');
  const types = typed === undefined ? {} : { types: readWebhookTypes(typed) };
  const body = { name: String(turn.args[0]), url: String(turn.args[1]), ...types };
  const made = await turn.client().call('webhooks.create', { body });
  printSecret(turn, made, `Created ${made.name} (${made.id}). Its messages are signed with:`);
};

const chooseTypes = async (turn: Turn): Promise<void> => {
  const types = readWebhookTypes(String(turn.args[1]));
  const client = turn.client();
  const { id, name } = await webhookOf(client, String(turn.args[0]));
  const saved = await client.call('webhooks.update', { params: { webhookId: id }, body: { types } });
  if (turn.isJson) return printJson({ webhook: turn.jsonItem(saved) });
  printLines([`${name} is told of ${saved.types.join(', ')}.`]);
};

const rotate = async (turn: Turn): Promise<void> => {
  const typed = turn.text('overlap') ?? '24';
  if (!/^\d{1,3}$/.test(typed)) throw usageError('--overlap: must be a number of hours');
  const client = turn.client();
  const { id } = await webhookOf(client, String(turn.args[0]));
  const made = await client.call('webhooks.rotate', {
    params: { webhookId: id },
    body: { overlapHours: Number(typed) },
  });
  printSecret(
    turn,
    made,
    `Messages of ${made.name} are signed with a new secret${typed === '0' ? '' : ', and with the old one, too, until the overlap ends'}:`,
  );
};

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id, name } = await webhookOf(client, String(turn.args[0]));
  if (!turn.is('yes')) await turn.confirm(`Delete ${name}?`, '--yes');
  await client.call('webhooks.delete', { params: { webhookId: id } });
  if (turn.isJson) return printJson({ deleted: id });
  printLines([`Deleted ${name}. Nothing is sent to it any more.`]);
};

const test = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id, name } = await webhookOf(client, String(turn.args[0]));
  const { hasArrived, error } = await client.call('webhooks.test', { params: { webhookId: id } });
  if (turn.isJson) return printJson({ hasArrived, error });
  if (!hasArrived)
    throw new CliError('failed', `the test did not reach ${name}: ${error ?? 'others wait before it'}`, {
      code: 'webhook_unreachable',
    });
  printLines([`The test reached ${name}.`]);
};

/** `sallyport webhook …`: who is told of alarms, and of what else, beside mail. */
export const addWebhookVerbs = (program: Command): void => {
  const noun = program
    .command('webhook')
    .description('servers that are told of alarms, requests, grants and reviews, signed');
  const talks = { talksTo: 'server', jsonFields: FIELDS } as const;
  const secretFields = [...FIELDS, 'secret'];
  addVerb(
    noun,
    {
      ...talks,
      name: 'list',
      summary: 'every webhook, and what waits for it',
      hasCurl: true,
      examples: ['sallyport webhook list'],
    },
    list,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'create',
      summary: 'create one; its signing secret is shown once',
      args: [
        ['<name>', 'a name for it'],
        ['<url>', 'where messages are posted; https'],
      ],
      options: [['--types <types>', 'what it is told of, with commas between (default: break_glass.use)']],
      isProtected: true,
      jsonFields: secretFields,
      examples: [
        'sallyport webhook create siem https://siem.example.org/hooks/sallyport',
        'sallyport webhook create tickets https://tickets.example.org/in --types request.asked,request.decided',
      ],
    },
    create,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'types',
      summary: 'choose what it is told of, instead of what it was told of before',
      args: [...WEBHOOK, ['<types>', `with commas between: ${WEBHOOK_TYPES.join(', ')}`]],
      isProtected: true,
      examples: ['sallyport webhook types siem break_glass.use,grant.given,grant.ended'],
    },
    chooseTypes,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'rotate',
      summary: 'give it a new signing secret',
      args: WEBHOOK,
      options: [['--overlap <hours>', 'how long messages are signed with both (default: 24)']],
      isProtected: true,
      jsonFields: secretFields,
      examples: ['sallyport webhook rotate siem --overlap 1'],
    },
    rotate,
  );
  addVerb(
    noun,
    {
      name: 'test',
      summary: 'send a test now; fails where it does not arrive',
      args: WEBHOOK,
      talksTo: 'server',
      examples: ['sallyport webhook test siem'],
    },
    test,
  );
  addVerb(
    noun,
    {
      name: 'delete',
      summary: 'delete it',
      args: WEBHOOK,
      options: [['--yes', 'do not ask']],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport webhook delete siem'],
    },
    remove,
  );
};
