import { type Client, createClient } from '@sallyport/client/create-client';
import { curlLine } from '@sallyport/client/curl-line';
import { type Command, Option } from 'commander';
import { CliError, usageError } from './cli-error.ts';
import { type Connection, credentialOf, resolveConnection } from './connection.ts';
import { EXIT } from './exit-codes.ts';
import { failureOf } from './failure-of.ts';
import { askedFields, pickFields } from './json-fields.ts';
import { note, printFailure, printLines } from './print.ts';
import { confirm } from './prompt.ts';
import { timeText } from './time-text.ts';
import { USER_AGENT } from './version.ts';

type Options = Readonly<Record<string, unknown>>;

/** What a verb is given. */
export interface Turn {
  /** Positional arguments, as commander read them. */
  readonly args: readonly unknown[];
  readonly options: Options;
  /** The text of an option; undefined when it was not given. */
  text(name: string): string | undefined;
  is(name: string): boolean;
  readonly isJson: boolean;
  /** An item of the answer under `--json`: whole, or what `--json=<fields>` chose of it. */
  jsonItem<T extends object>(item: T): T | Readonly<Record<string, unknown>>;
  readonly now: number;
  connection(): Connection;
  /** A client with the credential; without one it says how to sign in. */
  client(): Client;
  /** One for what needs no credential. */
  anonymousClient(): Client;
  time(iso: string | null): string;
  confirm(sentence: string, flag: string): Promise<void>;
  /** What to clear up when somebody presses Ctrl-C; a second Ctrl-C does not wait for it. */
  onInterrupt(clearUp: () => Promise<unknown>): void;
}

export interface VerbSpec {
  readonly name: string;
  readonly summary: string;
  /** Like `<id>`, `[filter...]`, with what it means. */
  readonly args?: readonly (readonly [name: string, meaning: string])[];
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
  readonly examples?: readonly string[];
  /** What `--json=<fields>` may choose of an item of the answer. */
  readonly jsonFields?: readonly string[];
  /** `server`: talks to the server, so it has `--url` and its kin. */
  readonly talksTo?: 'server' | 'nobody';
  /** Only reads, by its first request: `--curl` can show that. */
  readonly hasCurl?: boolean;
  readonly isHidden?: boolean;
}

/** The request was printed in place of being sent. */
const PRINTED = Symbol('printed');

const NETWORK_OPTIONS = [
  ['--url <url>', 'the server; else SALLYPORT_URL, else the one signed in to last'],
  ['--timeout <seconds>', 'how long to wait for each answer (default: 30)'],
  ['--no-input', 'never ask; exit with 5 where an answer is needed'],
  ['--utc', 'print instants in UTC, not as a time from now'],
] as const;

const turnOf = (
  options: Options,
  args: readonly unknown[],
  fields: readonly string[] | null,
  onInterrupt: Turn['onInterrupt'],
): Turn => {
  const text = (name: string): string | undefined =>
    typeof options[name] === 'string' ? (options[name] as string) : undefined;
  const timeoutSeconds = (): number => {
    const given = text('timeout') ?? '30';
    if (!/^\d{1,4}$/.test(given) || Number(given) < 1) throw usageError('--timeout: must be a number of seconds');
    return Number(given);
  };
  const now = Date.now();
  let known: Connection | null = null;
  const connection = (): Connection => (known ??= resolveConnection(text('url'), process.env));
  const clientWith = (token: string | null): Client => {
    const credential = token === null ? null : credentialOf(token);
    const { origin } = connection();
    return createClient({
      origin,
      credential,
      timeoutSeconds: timeoutSeconds(),
      userAgent: USER_AGENT,
      ...(options['curl'] === true
        ? {
            beforeSend: (request) => {
              printLines([curlLine(origin, request, credential?.scheme ?? null)]);
              throw PRINTED;
            },
          }
        : {}),
    });
  };
  return {
    args,
    options,
    text,
    is: (name) => options[name] === true,
    isJson: options['json'] === true,
    jsonItem: (item) => (fields === null ? item : pickFields(item, fields)),
    now,
    connection,
    client() {
      timeoutSeconds();
      const { token, origin } = connection();
      if (token === null)
        throw new CliError('notSignedIn', `not signed in to ${origin}`, {
          code: 'not_signed_in',
          hint: text('url') === undefined ? 'sallyport login' : `sallyport login --url ${origin}`,
        });
      return clientWith(token);
    },
    anonymousClient: () => clientWith(null),
    time: (iso) => timeText(iso, { isUtc: options['utc'] === true, now }),
    confirm: (sentence, flag) => confirm(sentence, { flag, isInputAllowed: options['input'] !== false }),
    onInterrupt,
  };
};

/** Adds a verb. What it throws becomes words, an error object under `--json`, and the exit code. */
export const addVerb = (parent: Command, spec: VerbSpec, run: (turn: Turn) => Promise<void> | void): Command => {
  const command = parent.command(spec.name, { hidden: spec.isHidden === true }).description(spec.summary);
  for (const [name, meaning] of spec.args ?? []) command.argument(name, meaning);
  for (const [flags, meaning] of spec.options ?? []) command.option(flags, meaning);
  if (spec.talksTo === 'server') for (const [flags, meaning] of NETWORK_OPTIONS) command.option(flags, meaning);
  if (spec.hasCurl === true)
    command.option('--curl', 'print the request for curl, without the token, and send nothing');
  const jsonFields = spec.jsonFields ?? [];
  if (spec.isHidden !== true) {
    command.option(
      '--json',
      jsonFields.length === 0 ? 'print JSON' : 'print JSON; --json=<field,...>: these fields alone',
    );
    command.addOption(new Option('--json-fields <fields>').hideHelp());
  }
  if (spec.examples !== undefined)
    command.addHelpText('before', `Examples:\n${spec.examples.map((example) => `  ${example}\n`).join('')}`);
  command.action(async () => {
    let clearUp = async (): Promise<unknown> => undefined;
    const interrupt = (): void => {
      note('interrupted');
      const exit = (): never => process.exit(EXIT.interrupted);
      clearUp().then(exit, exit);
    };
    if (spec.talksTo === 'server') process.once('SIGINT', interrupt);
    try {
      const options = command.opts<Options>();
      const chosen = options['jsonFields'];
      const fields = typeof chosen === 'string' ? askedFields(chosen, jsonFields) : null;
      const onInterrupt = (work: typeof clearUp): void => {
        clearUp = work;
      };
      await run(turnOf(options, command.processedArgs, fields, onInterrupt));
    } catch (error) {
      if (error === PRINTED) return;
      const { exitCode, failure } = failureOf(error);
      printFailure(failure, command.opts<Options>()['json'] === true);
      process.exitCode = exitCode;
    } finally {
      process.off('SIGINT', interrupt);
    }
  });
  return command;
};
