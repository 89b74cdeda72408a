import { readFileSync } from 'node:fs';
import type { ImportDoneAnswer, ImportPreviewAnswer } from '@sallyport/client/answers';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { createNames } from '../configuration/names.ts';
import { failureOf } from '../failure-of.ts';
import { note, printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const readCsv = (file: string): string => {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new CliError('usage', `${file} cannot be read${code}`, { code: 'unreadable_file' });
  }
};

const importUsers = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const names = createNames(client);
  const groupIds: string[] = [];
  for (const group of (turn.options['group'] as readonly string[] | undefined) ?? [])
    groupIds.push(await names.idOf('group', group));
  const given = {
    csv: readCsv(String(turn.args[0])),
    groupIds,
    skipsExisting: turn.is('skipExisting'),
    activates: turn.is('activate'),
  };
  const preview = await client.call('userImports.create', { query: { dryRun: 'true' }, body: given });
  const { rows, creates, existing, problemCount, problems, sample } = preview as ImportPreviewAnswer;
  if (problemCount > 0)
    throw new CliError('usage', `${problemCount} of ${rows} rows are wrong; nobody was created`, {
      code: 'bad_rows',
      reasons: problems.map(({ line, problem }) => `line ${line}: ${problem}`),
      ...(existing > 0 && !given.skipsExisting
        ? { hint: 'add --skip-existing to leave out who is there already' }
        : {}),
    });
  const words = `${creates} to create${existing > 0 ? `, ${existing} there already` : ''}`;
  if (turn.is('dryRun') || creates === 0) {
    if (turn.isJson) return printJson({ preview, created: 0 });
    printLines([
      ...table(
        ['LINE', 'LOGIN', 'NAME'],
        sample.map(({ line, profile }) => [
          String(line),
          profile.login,
          [profile.firstName, profile.lastName].filter(Boolean).join(' '),
        ]),
      ),
      ...(creates > sample.length ? [`and ${creates - sample.length} more`] : []),
      `${words}.`,
    ]);
    return;
  }
  if (!turn.is('yes')) await turn.confirm(`${words}. Import?`, '--yes');
  let created = 0;
  let skipped = 0;
  for (let from: number | null = 0; from !== null; ) {
    try {
      const done = (await client.call('userImports.create', { body: { ...given, from } })) as ImportDoneAnswer;
      created += done.created;
      skipped += done.skipped;
      from = done.next;
      if (from !== null) note(`${done.done} of ${done.rows} rows`);
    } catch (error) {
      if (created === 0) throw error;
      const { exit, failure } = failureOf(error);
      throw new CliError(exit, `${created} people were created, then: ${failure.message}`, {
        code: failure.code,
        reasons: [...failure.causes, 'Import the same file with --skip-existing to go on.'],
        more: { ...failure.more, created },
      });
    }
  }
  if (turn.isJson) return printJson({ created, skipped });
  printLines([`Created ${created} ${created === 1 ? 'person' : 'people'}.`]);
};

/** `sallyport user import`. */
export const addUserImport = (user: Command): void => {
  addVerb(
    user,
    {
      name: 'import',
      summary: 'create people from a CSV file: a line with the names of attributes, then one for each person',
      args: [['<file>', 'the file; - reads standard input']],
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--group <name...>', 'groups that they become members of'],
        ['--activate', 'activate them; else they are staged'],
        ['--skip-existing', 'leave out who has an account already'],
        ['--dry-run', 'create nobody, print who would be created'],
        ['--yes', 'do not ask'],
      ],
      examples: ['sallyport user import people.csv --dry-run', 'sallyport user import people.csv --group Contractors'],
    },
    importUsers,
  );
};
