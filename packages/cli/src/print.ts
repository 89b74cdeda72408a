/**
 * What goes where: stdout is the answer, stderr is everything else. Errors have no capital and no full stop, then a
 * hint with the next command, then a reference. Nothing is told by colour alone, so there is none.
 */
export const SCHEMA_VERSION = 1;

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly causes: readonly string[];
}

/** One JSON document, with the version of its shape. */
export const printJson = (value: Record<string, unknown>): void => {
  process.stdout.write(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...value }, null, 2)}\n`);
};

export const printLines = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join('\n')}\n`);
};

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');

/** A refusal, for people on stderr, for machines as one object on stdout. */
export const printFailure = (failure: Failure, isJson: boolean, hint: string | null): void => {
  if (isJson) {
    printJson({ error: { code: failure.code, message: failure.message, reasons: failure.causes } });
    return;
  }
  process.stderr.write(`sallyport: error: ${lowered(failure.message)}\n`);
  for (const cause of failure.causes) process.stderr.write(`  ${lowered(cause)}\n`);
  if (hint !== null) process.stderr.write(`hint: ${hint}\n`);
};
