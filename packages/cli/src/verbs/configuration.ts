import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { CliError, usageError } from '../cli-error.ts';
import { applyChanges } from '../configuration/apply.ts';
import { type Document, formatConfiguration, parseConfiguration } from '../configuration/document.ts';
import { createNames } from '../configuration/names.ts';
import { type Change, planConfiguration, readLive } from '../configuration/plan.ts';
import { SECTIONS } from '../configuration/sections.ts';
import { failureOf } from '../failure-of.ts';
import { note, printJson, printLines } from '../print.ts';
import { howToConfirm } from '../publication-text.ts';
import { addVerb, type Turn } from '../verb.ts';

const FILE = [['<file>', 'the document, YAML or JSON; - reads standard input']] as const;
const MARKS = { create: '+', update: '~', delete: '-' } as const;
const DONE = { create: 'Created', update: 'Updated', delete: 'Deleted' } as const;

const readDocument = (turn: Turn): Document => {
  const file = String(turn.args[0]);
  try {
    return parseConfiguration(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string')
      throw new CliError('usage', `${file} cannot be read (${error.code})`, { code: 'unreadable_file' });
    throw error;
  }
};

const titleOf = ({ noun, name }: Change): string => (name === '' ? noun : `${noun} ${name}`);
const linesOf = (change: Change): string[] => [
  `${MARKS[change.kind]} ${titleOf(change)}`,
  ...change.lines.map((line) => `    ${line}`),
];
const countText = (changes: readonly Change[]): string => {
  const count = (kind: Change['kind']): number => changes.filter((change) => change.kind === kind).length;
  return `${count('create')} to create, ${count('update')} to change, ${count('delete')} to delete`;
};
const jsonOf = ({ kind, section, name, lines }: Change) => ({ kind, section, name, lines });

const showPlan = (changes: readonly Change[]): void =>
  printLines(
    changes.length === 0
      ? ['Nothing to do: the server is as the document says.']
      : [...changes.flatMap(linesOf), '', `${countText(changes)}.`],
  );

const exportConfiguration = async (turn: Turn): Promise<void> => {
  const asked = turn.text('only')?.split(',') ?? SECTIONS.map(({ key }) => key);
  const unknown = asked.find((key) => !SECTIONS.some((section) => section.key === key));
  if (unknown !== undefined)
    throw usageError(`--only: there is no section ${unknown}`, `one of ${SECTIONS.map(({ key }) => key).join(', ')}`);
  const file = turn.text('out');
  if (turn.isJson && file === undefined) throw usageError('--json prints where it went; name a file', '--out org.yaml');
  if (file !== undefined && existsSync(file) && !turn.is('force'))
    throw new CliError('conflict', `${file} is there already`, { code: 'conflict', hint: 'add --force to replace it' });
  const client = turn.client();
  const live = await readLive(
    client,
    SECTIONS.filter(({ key }) => asked.includes(key)),
    createNames(client),
  );
  const text = formatConfiguration(live);
  if (file === undefined) return void process.stdout.write(text);
  writeFileSync(file, text, { mode: 0o600 });
  if (turn.isJson) return printJson({ file, sections: asked });
  note(`Wrote ${file}.`);
};

const plan = async (turn: Turn): Promise<void> => {
  const changes = await planConfiguration(turn.client(), readDocument(turn));
  if (turn.isJson) printJson({ changes: changes.map(jsonOf) });
  else showPlan(changes);
  if (turn.is('check') && changes.length > 0)
    throw new CliError('conflict', 'the server is not as the document says', { code: 'drift' });
};

/** Until when what was just applied must be confirmed; null where nothing waits. Said also where only a part of it was made. */
const confirmByOf = async (client: Client, changes: readonly Change[]): Promise<string | null> => {
  if (!changes.some(({ section }) => section === 'policies')) return null;
  const { change } = await client.call('policyConfirmation.get', {});
  return change?.state === 'WAITS' ? change.confirmBy : null;
};
const tellToConfirm = (turn: Turn, confirmBy: string | null): void => {
  if (confirmBy === null) return;
  note(
    '',
    `What admits administrators was changed: it ends by itself ${turn.time(confirmBy)} unless it is confirmed.`,
    ...howToConfirm(turn.connection().origin),
  );
};

const apply = async (turn: Turn): Promise<void> => {
  const document = readDocument(turn);
  const client = turn.client();
  const changes = await planConfiguration(client, document);
  if (turn.is('dryRun') || changes.length === 0) {
    if (turn.isJson) return printJson({ changes: changes.map(jsonOf), done: [] });
    return showPlan(changes);
  }
  if (!turn.is('yes')) {
    // What is asked must be seen, also where the answer goes to a file.
    note(...changes.flatMap(linesOf));
    await turn.confirm(`${countText(changes)}. Apply?`, '--yes');
    // Somebody may have thought about it for long.
    const now = await planConfiguration(client, document);
    if (JSON.stringify(now.map(jsonOf)) !== JSON.stringify(changes.map(jsonOf)))
      throw new CliError('conflict', 'the server has changed since the plan was shown; nothing was applied', {
        code: 'plan_outdated',
        hint: `sallyport config plan ${String(turn.args[0])}`,
      });
  }
  const { done, failed } = await applyChanges(client, changes, (change) => {
    if (!turn.isJson) printLines([`${DONE[change.kind]} ${titleOf(change)}.`]);
  });
  const confirmBy = await confirmByOf(client, changes);
  tellToConfirm(turn, confirmBy);
  if (failed !== null) {
    const { exit, failure } = failureOf(failed.reason);
    throw new CliError(
      exit,
      `${done.length} of ${changes.length} changes were made; ${titleOf(failed.change)} was not`,
      {
        code: failure.code,
        reasons: [
          [failure.message, ...failure.causes].join(' '),
          ...(failed.isHalfDone ? ['A part of it was made.'] : []),
          'What was made stays. Apply the same document again to go on.',
        ],
        more: { ...failure.more, done: done.map(jsonOf), failed: jsonOf(failed.change) },
      },
    );
  }
  if (turn.isJson) printJson({ changes: changes.map(jsonOf), done: done.map(jsonOf), confirmBy });
};

/** `sallyport config export|plan|apply`: the org as one document. */
export const addConfigurationVerbs = (config: Command): void => {
  addVerb(
    config,
    {
      name: 'export',
      summary: 'how the org is set up, as a document',
      talksTo: 'server',
      options: [
        ['--only <sections>', 'these sections alone, with commas between them'],
        ['--out <file>', 'write it here'],
        ['--force', 'replace the file'],
      ],
      examples: ['sallyport config export --out org.yaml', 'sallyport config export --only zones,policies'],
    },
    exportConfiguration,
  );
  addVerb(
    config,
    {
      name: 'plan',
      summary: 'what would make the server be as a document says',
      args: FILE,
      talksTo: 'server',
      options: [['--check', 'exit with 7 where something would change']],
      examples: ['sallyport config plan org.yaml', 'sallyport config plan org.yaml --check'],
    },
    plan,
  );
  addVerb(
    config,
    {
      name: 'apply',
      summary: 'make the server be as a document says',
      args: FILE,
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--dry-run', 'change nothing, print what would change'],
        ['--yes', 'do not ask'],
      ],
      examples: ['sallyport config apply org.yaml', 'sallyport config apply org.yaml --dry-run'],
    },
    apply,
  );
};
