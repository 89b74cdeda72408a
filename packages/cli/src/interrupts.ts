import { EXIT } from './exit-codes.ts';
import { note } from './print.ts';

/** What Ctrl-C takes back, or says, before the program ends. */
let before: (() => Promise<void>) | null = null;
let isInterrupted = false;

/** Does work; Ctrl-C meanwhile does `takeBack` first, and the work goes on no further. */
export const interruptible = async <T>(work: () => Promise<T>, takeBack: () => Promise<void>): Promise<T> => {
  before = takeBack;
  try {
    return await work();
  } finally {
    // What was taken back must not be told as if it had ended by itself.
    if (isInterrupted) await new Promise(() => {});
    before = null;
  }
};

/** Ctrl-C. A second one ends the program at once, whatever this still waits for. */
export const interrupt = async (): Promise<void> => {
  isInterrupted = true;
  note('interrupted');
  await before?.().catch(() => undefined);
  process.exit(EXIT.interrupted);
};
