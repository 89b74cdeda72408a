import { readFileSync } from 'node:fs';
import { usageError } from './cli-error.ts';
import type { Turn } from './verb.ts';

export const DRAFT: readonly [string, string] = [
  '--draft <file>',
  'rules that are not published, as `policy show --json` prints them; - reads from standard input',
];

interface WrittenRule {
  readonly name: string;
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly conditions?: unknown;
  readonly actions: unknown;
  readonly system?: boolean;
}

/** The rules of `--draft`, without what only the server says of a rule, and without the catch-all, which stays; null without the option. */
export const draftRules = (turn: Turn) => {
  const file = turn.text('draft');
  if (file === undefined) return null;
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw usageError(`--draft: ${error instanceof Error ? error.message : String(error)}`);
  }
  const rules = Array.isArray(read) ? (read as unknown) : (read as { readonly rules?: unknown } | null)?.rules;
  if (!Array.isArray(rules))
    throw usageError('--draft: holds no list of rules', 'sallyport policy show Grafana --json');
  return (rules as readonly WrittenRule[])
    .filter(({ system }) => system !== true)
    .map(({ name, status, conditions, actions }) => ({
      name,
      ...(status === undefined ? {} : { status }),
      ...(conditions == null ? {} : { conditions }),
      actions,
    }));
};
