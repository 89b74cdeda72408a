import type { ExitName } from './exit-codes.ts';

export interface CliErrorOptions {
  /** For programs; `usage`, `not_signed_in`, … */
  readonly code?: string;
  readonly reasons?: readonly string[];
  /** The next command. */
  readonly hint?: string;
  /** Further fields of the error under `--json`. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The command line itself says no; the exit code and a name for programs come with it. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exit: ExitName;
  readonly options: CliErrorOptions;
  constructor(exit: ExitName, message: string, options: CliErrorOptions = {}) {
    super(message);
    this.exit = exit;
    this.options = options;
  }
}

export const usageError = (message: string, hint?: string): CliError =>
  new CliError('usage', message, { code: 'usage', ...(hint === undefined ? {} : { hint }) });
