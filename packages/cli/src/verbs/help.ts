import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { EXIT, EXIT_MEANINGS, type ExitName } from '../exit-codes.ts';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import { VERSION } from '../version.ts';

export const exitCodeRows = (): { readonly code: number; readonly name: string; readonly meaning: string }[] =>
  (Object.keys(EXIT) as ExitName[]).map((name) => ({ code: EXIT[name], name, meaning: EXIT_MEANINGS[name] }));

const ENVIRONMENT = [
  ['SALLYPORT_URL', 'the server'],
  ['SALLYPORT_TOKEN', 'an API token, or a token of this command line; wins over what was signed in'],
  ['XDG_CONFIG_HOME', 'where sallyport/profiles.json is (default: ~/.config)'],
  ['SALLYPORT_DATA_DIR', 'on the host: the data folder of `server`, `setup` and `--host`'],
] as const;

/** `sallyport help [topic]` and `sallyport version`. */
export const addHelp = (program: Command): void => {
  addVerb(
    program,
    {
      name: 'help',
      summary: 'help for a verb, or on exit-codes or environment',
      args: [['[topic...]', 'a verb, exit-codes or environment']],
      examples: ['sallyport help session revoke', 'sallyport help exit-codes'],
    },
    (turn) => {
      const topic = turn.args[0] as readonly string[];
      if (topic[0] === 'exit-codes') {
        if (turn.isJson) return printJson({ exitCodes: exitCodeRows() });
        return printLines(
          table(
            ['CODE', 'MEANING'],
            exitCodeRows().map(({ code, meaning }) => [String(code), meaning]),
          ),
        );
      }
      if (topic[0] === 'environment') {
        if (turn.isJson) return printJson({ environment: ENVIRONMENT.map(([name, meaning]) => ({ name, meaning })) });
        return printLines(table(['NAME', 'MEANING'], ENVIRONMENT));
      }
      let command = program;
      for (const word of topic) {
        const next = command.commands.find((candidate) => candidate.name() === word);
        if (next === undefined) throw usageError(`there is no help on ${topic.join(' ')}`, 'sallyport help');
        command = next;
      }
      if (turn.isJson) return printJson({ help: command.helpInformation() });
      command.outputHelp();
    },
  );
  addVerb(
    program,
    { name: 'version', summary: 'the version of this command line', examples: ['sallyport version'] },
    (turn) => (turn.isJson ? printJson({ version: VERSION, node: process.versions.node }) : printLines([VERSION])),
  );
};
