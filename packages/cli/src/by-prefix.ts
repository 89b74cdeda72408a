import { CliError, usageError } from './cli-error.ts';

/** The one object whose id begins with what was typed; ids may be shortened as long as they name one. */
export const byPrefix = <T extends { readonly id: string }>(items: readonly T[], typed: string): T | null => {
  const exact = items.find((item) => item.id === typed);
  if (exact !== undefined) return exact;
  const matching = items.filter((item) => item.id.startsWith(typed));
  if (matching.length > 1)
    throw usageError(`${typed} names ${matching.length} objects`, `one of ${matching.map(({ id }) => id).join(', ')}`);
  return matching[0] ?? null;
};

/** By name, so that a list reads the same each time. */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : Number(a.name > b.name);

export const notFound = (kind: string, id: string, hint: string): CliError =>
  new CliError('notFound', `there is no ${kind} ${id}`, { code: 'not_found', hint });

/** One by its name, its id or the beginning of it. A name that is given twice says nothing; then the id says which. */
export const findNamed = <T extends { readonly id: string; readonly name: string }>(
  noun: string,
  items: readonly T[],
  typed: string,
): T => {
  const named = items.filter(({ name }) => name === typed);
  if (named.length > 1)
    throw usageError(`${typed} names ${named.length} ${noun}s`, `one of ${named.map(({ id }) => id).join(', ')}`);
  const found = named[0] ?? byPrefix(items, typed);
  if (found === null) throw notFound(noun, typed, `sallyport ${noun.replace(' ', '-')} list`);
  return found;
};
