import type { RequestSequenceAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { findNamed } from '../by-prefix.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<RequestSequenceAnswer>({
  id: true,
  name: true,
  description: true,
  steps: true,
  decideWithin: true,
  outlook: true,
  usedBy: true,
  version: true,
});
const SEQUENCE = [['<sequence>', 'name, id or its beginning']] as const;

const find = async (turn: Turn, client: Client): Promise<RequestSequenceAnswer> =>
  findNamed('request sequence', await client.call('requestSequences.list', {}), String(turn.args[0]));

const list = async (turn: Turn): Promise<void> => {
  const all = await turn.client().call('requestSequences.list', {});
  if (turn.isJson) return printJson({ requestSequences: all.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'USED BY', 'NAME', 'IT TAKES'],
      all.map(({ id, usedBy, name, outlook }) => [
        id,
        String(usedBy.length),
        name,
        outlook.map(({ words }) => words).join(', then '),
      ]),
    ),
  );
};

const show = async (turn: Turn): Promise<void> => {
  const sequence = await find(turn, turn.client());
  if (turn.isJson) return printJson({ requestSequence: turn.jsonItem(sequence) });
  const { id, name, description, decideWithin, outlook, usedBy } = sequence;
  printLines([
    ...facts([
      ['Id', id],
      ['Name', name],
      ['For', description === '' ? null : description],
      ['Decide within', decideWithin],
      ['Used by', usedBy.map((one) => one.name).join(', ') || 'no condition'],
    ]),
    '',
    ...outlook.flatMap(({ words, ableNow, needed, passesOnTo }, i) => [
      `  ${i + 1}. ${words}${ableNow === null ? '' : `: ${ableNow} could say yes now`}`,
      ...(ableNow !== null && ableNow < needed ? [`     Note: it needs ${needed}.`] : []),
      ...(passesOnTo === null ? [] : [`     later also ${passesOnTo}`]),
    ]),
  ]);
};

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id, name, usedBy } = await find(turn, client);
  if (!turn.is('yes'))
    await turn.confirm(
      `Delete ${name}?${usedBy.length === 0 ? '' : ` Nobody can ask by ${usedBy.map((one) => one.name).join(', ')} then.`}`,
      '--yes',
    );
  await client.call('requestSequences.delete', { params: { sequenceId: id } });
  if (turn.isJson) return printJson({ deleted: id });
  printLines([`Deleted ${name}.`]);
};

/** `sallyport request-sequence …`: whose yes access takes. What one says is said by `config apply`. */
export const addRequestSequenceVerbs = (program: Command): void => {
  const noun = program.command('request-sequence').description('whose yes it takes to have what is asked for');
  const talks = { talksTo: 'server', jsonFields: FIELDS } as const;
  addVerb(
    noun,
    {
      ...talks,
      name: 'list',
      summary: 'every sequence of approvals',
      hasCurl: true,
      examples: [
        'sallyport request-sequence list',
        'sallyport config export --only requestSequences --out sequences.yaml',
      ],
    },
    list,
  );
  addVerb(
    noun,
    {
      ...talks,
      name: 'show',
      summary: 'its steps, and how many could say yes now',
      args: SEQUENCE,
      examples: ["sallyport request-sequence show 'Two fellow admins'"],
    },
    show,
  );
  addVerb(
    noun,
    {
      name: 'delete',
      summary: 'delete it; by conditions that name it nobody can ask any more',
      args: SEQUENCE,
      options: [['--yes', 'do not ask']],
      talksTo: 'server',
      isProtected: true,
      examples: ["sallyport request-sequence delete 'Ana, then the manager'"],
    },
    remove,
  );
};
