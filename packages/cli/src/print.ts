/**
 * What goes where: stdout is the answer, stderr is everything else. Errors have no capital and no full stop, then a
 * hint with the next command, then a reference. Nothing is told by colour alone, so there is none, and NO_COLOR,
 * TERM=dumb and pipes need no care. What came from others is shown without its control characters.
 */
import { plain } from './plain.ts';

export const SCHEMA_VERSION = 1;

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly causes: readonly string[];
  readonly reference?: string | null;
  readonly hint?: string | null;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** One JSON document, with the version of its shape. */
export const printJson = (value: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...value }, null, 2)}\n`);
};

/** One line of JSON Lines, with the version of its shape. */
export const printJsonLine = (value: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...value })}\n`);
};

export const printLines = (lines: readonly string[]): void => {
  process.stdout.write(lines.map((line) => `${plain(line)}\n`).join(''));
};

/** Everything that is not the answer. */
export const note = (...lines: readonly string[]): void => {
  process.stderr.write(lines.map((line) => `${plain(line)}\n`).join(''));
};

const lowered = (text: string): string =>
  (/^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text).replace(/\.$/, '');

/** A refusal, for people on stderr, for machines as one object on stdout. */
export const printFailure = (failure: Failure, isJson: boolean, hint: string | null = failure.hint ?? null): void => {
  const { code, message, causes, reference = null, more = {} } = failure;
  if (isJson) {
    printJson({ error: { code, message, reasons: causes, reference, ...(hint === null ? {} : { hint }), ...more } });
    return;
  }
  note(
    `sallyport: error: ${lowered(message)}`,
    // A summary often says the only cause already.
    ...causes.filter((cause) => !message.includes(cause.trim())).map((cause) => `  ${lowered(cause)}`),
    ...(hint === null ? [] : [`hint: ${hint}`]),
    ...(reference === null ? [] : [`reference: ${reference}`]),
  );
};
