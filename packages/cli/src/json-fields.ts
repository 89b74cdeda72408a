import { usageError } from './cli-error.ts';

const OPTION = '--json=';

/** Every field of an answer, by name. The record's type makes the compiler ask for those that are missing here. */
export const fieldsOf = <T>(fields: Readonly<Record<keyof T & string, true>>): readonly string[] => Object.keys(fields);

/**
 * `--json=id,name` is `--json --json-fields id,name`: an option whose value may be absent would take the next word for
 * it, as in `log query --json eventType eq "…"`. Words after `--` are nobody's options.
 */
export const withJsonFields = (words: readonly string[]): string[] => {
  const end = words.indexOf('--');
  return words.flatMap((word, i) =>
    word.startsWith(OPTION) && (end === -1 || i < end)
      ? ['--json', `--json-fields=${word.slice(OPTION.length)}`]
      : [word],
  );
};

/** The fields asked for, each once, as typed. What the verb does not know is a usage error that names what it knows. */
export const askedFields = (text: string, known: readonly string[]): readonly string[] => {
  if (known.length === 0) throw usageError('--json: this verb has no fields to choose from', 'without =: --json');
  const asked = [...new Set(text.split(',').map((field) => field.trim()))].filter((field) => field !== '');
  const unknown = asked.filter((field) => !known.includes(field));
  if (asked.length === 0) throw usageError('--json=: names no field', `fields: ${known.join(', ')}`);
  if (unknown.length > 0)
    throw usageError(`--json: there is no field ${unknown.join(', ')}`, `fields: ${known.join(', ')}`);
  return asked;
};

/** An item with these fields alone, in this order; one that it does not have is null, so that a column never vanishes. */
export const pickFields = (item: object, fields: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(fields.map((field) => [field, (item as Record<string, unknown>)[field] ?? null]));
