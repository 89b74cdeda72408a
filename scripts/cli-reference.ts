/** The page of the command line, from commander's tree. */
import type { Command } from 'commander';
import { createProgram } from '../packages/cli/src/program.ts';
import { exitCodeRows } from '../packages/cli/src/verbs/help.ts';

/** What stands at nearly every verb is said once. */
const EVERYWHERE = new Set(['--url', '--timeout', '--no-input', '--utc', '--json', '--curl', '--help']);

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const usageOf = (path: readonly string[], verb: Command): string =>
  [
    'sallyport',
    ...path,
    ...verb.registeredArguments.map((argument) => {
      const name = argument.name() + (argument.variadic ? '...' : '');
      return argument.required ? `<${name}>` : `[${name}]`;
    }),
  ].join(' ');

const section = (path: readonly string[], verb: Command): string => {
  const own = verb.options.filter(({ long }) => !EVERYWHERE.has(long ?? ''));
  const everywhere = verb.options.filter(({ long }) => EVERYWHERE.has(long ?? '')).map(({ long }) => `\`${long}\``);
  return [
    `### \`${usageOf(path, verb)}\``,
    '',
    sentence(verb.description()),
    ...(verb.registeredArguments.length + own.length === 0 ? [] : ['']),
    ...verb.registeredArguments
      .filter(({ description }) => description !== '')
      .map((argument) => `- \`${argument.name()}\`: ${argument.description}`),
    ...own.map(({ flags, description }) => `- \`${flags}\`: ${description}`),
    ...(everywhere.length === 0 ? [] : ['', `Also ${everywhere.join(', ')}.`]),
  ].join('\n');
};

/** The body of `docs/reference/cli.md`. */
export const cliReference = (
  table: (heads: readonly string[], rows: readonly (readonly string[])[]) => string,
): string => {
  const program = createProgram();
  const shown = (parent: Command): readonly Command[] =>
    parent
      .createHelp()
      .visibleCommands(parent)
      .filter((verb) => verb.name() !== 'help' || parent === program);
  const all = shown(program);
  const top = all.filter((verb) => verb.commands.length === 0).map((verb) => section([verb.name()], verb));
  const nouns = all
    .filter((noun) => noun.commands.length > 0)
    .flatMap((noun) => [
      `## ${noun.name()}\n\n${sentence(noun.description())}`,
      ...shown(noun).map((verb) => section([noun.name(), verb.name()], verb)),
    ]);
  return [
    '## Everywhere\n\n- `--json`: one JSON object with `schemaVersion`; lists are arrays, tails are JSON Lines; an error is one object with `code`, `reasons` and `reference`\n- `--json=<field,…>`: at verbs that list or show things, these fields of each alone; a field that is not known is an error that names those that are\n- `--url <url>`: the server; else `SALLYPORT_URL`, else the one signed in to last, else `http://localhost:7070`\n- `--timeout <seconds>`: how long to wait for each answer\n- `--no-input`: never ask; exit with 5 where an answer is needed, and name the flag\n- `--utc`: instants in UTC, not as a time from now\n- `--curl`: print the request for curl, without the token, and send nothing',
    '## Fresh proof\n\nA protected action asks for a touch of your key. The command prints a page and a code on standard error, opens the page in your browser (`--no-browser`: it does not), and waits; when you have typed the code there and touched your key, the same request goes on. Ctrl-C cancels it. With `--no-input` it ends with 5 at once, and the error of `--json` has `sallyport.url`, `code`, `expiresAt` and `action`: whoever can confirms there, and the same command with `--proof <id>` (the last part of `proofUrl`) goes on within a minute of that. Several objects in one command are confirmed once. Where somebody else must approve, the command ends with 8 and the address of the approval; `--wait` waits for it, and `--proof <id>` goes on when it is given. Whoever may decide does so in the console, or with `sallyport approval show`, `approve` and `deny`: the page that is opened for their key shows what they approve.',
    'A token of `sallyport login` lies in `$XDG_CONFIG_HOME/sallyport/profiles.json`, for its owner’s eyes only; `SALLYPORT_TOKEN` (an API token, or one of those) wins. No secret is ever a flag. The answer goes to standard output, everything else to standard error; there is no colour. A noun alone lists. Ids of your own objects may be shortened as long as they name one.',
    `## Exit codes\n\n${table(
      ['Code', 'Meaning'],
      exitCodeRows().map(({ code, meaning }) => [String(code), meaning]),
    )}`,
    '## sallyport',
    ...top,
    ...nouns,
  ].join('\n\n');
};
