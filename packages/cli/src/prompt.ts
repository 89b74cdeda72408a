import { createInterface } from 'node:readline/promises';
import { CliError } from './cli-error.ts';

/** Asks on the terminal, and takes only a yes. Where nobody can be asked, the flag that answers is named: exit 5. */
export const confirm = async (
  sentence: string,
  { flag, isInputAllowed }: { flag: string; isInputAllowed: boolean },
): Promise<void> => {
  if (!isInputAllowed || !process.stdin.isTTY || !process.stderr.isTTY)
    throw new CliError('needsInput', `this needs a confirmation: ${sentence}`, {
      code: 'needs_input',
      hint: `add ${flag}`,
      more: { flag },
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${sentence} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new CliError('denied', 'not confirmed; nothing was changed', { code: 'not_confirmed' });
  } finally {
    terminal.close();
  }
};
