/** The command line: `sallyport <noun> <verb>`. One file per noun under verbs/. */
import { Command, CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { printLines } from './print.ts';
import { addLogVerbs } from './verbs/log.ts';
import { addServerVerbs } from './verbs/server.ts';
import { addSetupVerbs } from './verbs/setup.ts';

const program = new Command('sallyport')
  .description('The guarded double door for administrators.')
  .version('0.1.0')
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    '\nExamples:\n  sallyport setup org --admin ana@example.org --json\n  sallyport setup token --owner ana@example.org --zone loopback --ttl 1h --json\n  sallyport server doctor\n  sallyport log verify',
  );

addSetupVerbs(program);
addServerVerbs(program);
addLogVerbs(program);
program
  .command('exit-codes')
  .description('the exit codes of every verb')
  .action(() => printLines(Object.entries(EXIT).map(([name, code]) => `${code}  ${name}`)));
for (const noun of program.commands) {
  noun.exitOverride();
  for (const verb of noun.commands) verb.exitOverride();
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
}
