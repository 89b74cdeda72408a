import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Client } from '@sallyport/client/create-client';
import { quoted } from '@sallyport/client/curl-line';
import type { Command } from 'commander';
import { CliError, usageError } from '../cli-error.ts';
import { applyChanges } from '../configuration/apply.ts';
import type { Document } from '../configuration/document.ts';
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

/** What reads and writes documents is as long as half of all the rest, and no other verb needs it. */
const documents = () => import('../configuration/document.ts');

const readDocument = async (turn: Turn): Promise<Document> => {
  const file = String(turn.args[0]);
  const { parseConfiguration } = await documents();
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

const showPlan = (changes: readonly Change[], unread: readonly string[] = []): void => {
  const nothing =
    unread.length === 0 ? 'the server is as the document says' : 'what you may read is as the document says';
  printLines(
    changes.length === 0 ? [`Nothing to do: ${nothing}.`] : [...changes.flatMap(linesOf), '', `${countText(changes)}.`],
  );
};

const mayNotRead = (keys: readonly string[]): CliError =>
  new CliError('denied', `you may not read ${keys.join(', ')}`, {
    code: 'sections_not_read',
    hint: 'leave these sections out',
    more: { unread: keys },
  });

const exportConfiguration = async (turn: Turn): Promise<void> => {
  const only = turn.text('only')?.split(',');
  const asked = only ?? SECTIONS.map(({ key }) => key);
  const unknown = asked.find((key) => !SECTIONS.some((section) => section.key === key));
  if (unknown !== undefined)
    throw usageError(`--only: there is no section ${unknown}`, `one of ${SECTIONS.map(({ key }) => key).join(', ')}`);
  const file = turn.text('out');
  if (turn.isJson && file === undefined) throw usageError('--json prints where it went; name a file', '--out org.yaml');
  if (file !== undefined && existsSync(file) && !turn.is('force'))
    throw new CliError('conflict', `${file} is there already`, { code: 'conflict', hint: 'add --force to replace it' });
  const client = turn.client();
  const { live, unread } = await readLive(
    client,
    SECTIONS.filter(({ key }) => asked.includes(key)),
    createNames(client),
  );
  const left = unread.map(({ key }) => key);
  if ((only !== undefined && left.length > 0) || live.size === 0) throw mayNotRead(left);
  const { formatConfiguration } = await documents();
  const text = formatConfiguration(live);
  if (left.length > 0) note(`Left out, for you may not read it: ${left.join(', ')}.`);
  if (file === undefined) return void process.stdout.write(text);
  writeFileSync(file, text, { mode: 0o600 });
  if (turn.isJson) return printJson({ file, sections: [...live.keys()].map(({ key }) => key) });
  note(`Wrote ${file}.`);
};

const plan = async (turn: Turn): Promise<void> => {
  const { changes, unread } = await planConfiguration(turn.client(), await readDocument(turn));
  if (turn.isJson) printJson({ changes: changes.map(jsonOf), unread });
  else {
    showPlan(changes, unread);
    if (unread.length > 0) note(`Not compared, for you may not read it: ${unread.join(', ')}.`);
  }
  if (turn.is('check') && changes.length > 0)
    throw new CliError('conflict', 'the server is not as the document says', { code: 'drift' });
  // What was not compared may differ.
  if (turn.is('check') && unread.length > 0) throw mayNotRead(unread);
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

/** What `apply` prints is often kept: the secrets of what it makes are shown by another command, once. */
const tellOfSecrets = (done: readonly Change[]): void => {
  for (const { kind, section, name } of done)
    if (kind === 'create' && section === 'webhooks')
      note(
        `Nobody has seen the signing secret of the webhook ${name}. A new one is shown once by:`,
        `  sallyport webhook rotate ${/^[\w.-]+$/.test(name) ? name : quoted(name)} --overlap 0`,
      );
};

const apply = async (turn: Turn): Promise<void> => {
  const document = await readDocument(turn);
  const client = turn.client();
  const { changes, unread } = await planConfiguration(client, document);
  // Before a part of it is made.
  if (unread.length > 0) throw mayNotRead(unread);
  if (turn.is('dryRun') || changes.length === 0) {
    if (turn.isJson) return printJson({ changes: changes.map(jsonOf), done: [] });
    return showPlan(changes);
  }
  if (!turn.is('yes')) {
    // What is asked must be seen, also where the answer goes to a file.
    note(...changes.flatMap(linesOf));
    await turn.confirm(`${countText(changes)}. Apply?`, '--yes');
    // Somebody may have thought about it for long.
    const { changes: now } = await planConfiguration(client, document);
    if (JSON.stringify(now.map(jsonOf)) !== JSON.stringify(changes.map(jsonOf)))
      throw new CliError('conflict', 'the server has changed since the plan was shown; nothing was applied', {
        code: 'plan_outdated',
        hint: `sallyport config plan ${String(turn.args[0])}`,
      });
  }
  const { done, failed } = await applyChanges(client, changes, (change) => {
    if (!turn.isJson) printLines([`${DONE[change.kind]} ${titleOf(change)}.`]);
  });
  tellOfSecrets(done);
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
