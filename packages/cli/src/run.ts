/** Parses the words, and says what is wrong with them. */
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { withJsonFields } from './json-fields.ts';
import { printFailure } from './print.ts';
import { createProgram, withUsualVerb } from './program.ts';

// `sallyport log query | head`: the reader has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});

const words = withJsonFields(process.argv.slice(2));
const program = createProgram();
if (words.length === 0) program.outputHelp();
else
  try {
    await program.parseAsync(withUsualVerb(program, words), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version come as errors of code 0.
    if (error.exitCode !== 0) {
      const [, message = '', suggestion] =
        /^(?:error: )?(.*?)(?:\n\(Did you mean (.*)\?\))?$/s.exec(error.message.trim()) ?? [];
      const failure = {
        code: 'usage',
        message: error.code === 'commander.help' ? 'a verb is missing' : message,
        causes: [],
      };
      printFailure(
        failure,
        words.includes('--json'),
        suggestion === undefined ? 'sallyport help' : `did you mean ${suggestion}?`,
      );
      process.exitCode = EXIT.usage;
    }
  }
