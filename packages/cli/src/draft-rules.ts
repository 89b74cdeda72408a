import { readFileSync } from 'node:fs';
import { usageError } from './cli-error.ts';
import type { Turn } from './verb.ts';

export const DRAFT: readonly [string, string] = [
  '--draft <file>',
  'rules that are not published, as `policy show --json` prints them; - reads from standard input',
];

interface WrittenRule {
  readonly id?: string;
  readonly name: string;
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly conditions?: unknown;
  readonly actions: unknown;
  readonly system?: boolean;
}
interface WrittenDraft {
  readonly rules?: unknown;
  readonly catchAll?: { readonly actions: unknown } | null;
}

/** What stands in the file of `--draft`; null without the option. */
const writtenDraft = (turn: Turn): { rules: readonly WrittenRule[]; catchAll: WrittenDraft['catchAll'] } | null => {
  const file = turn.text('draft');
  if (file === undefined) return null;
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw usageError(`--draft: ${error instanceof Error ? error.message : String(error)}`);
  }
  const whole = (Array.isArray(read) ? { rules: read as unknown } : read) as WrittenDraft | null;
  if (!Array.isArray(whole?.rules))
    throw usageError('--draft: holds no list of rules', 'sallyport policy show Grafana --json');
  return { rules: whole.rules as readonly WrittenRule[], catchAll: whole.catchAll };
};

const saidOf = ({ name, status, conditions, actions }: WrittenRule) => ({
  name,
  ...(status === undefined ? {} : { status }),
  ...(conditions == null ? {} : { conditions }),
  actions,
});

/** The rules of `--draft`, without what only the server says of a rule, and without the catch-all, which stays; null without the option. */
export const draftRules = (turn: Turn) =>
  writtenDraft(turn)
    ?.rules.filter(({ system }) => system !== true)
    .map(saidOf) ?? null;

/** The same to be saved: rules that are there keep their ids, and what the catch-all does is saved, too. */
export const draftContent = (turn: Turn) => {
  const written = writtenDraft(turn);
  if (written === null) return null;
  const catchAll = written.catchAll ?? written.rules.find(({ system }) => system === true);
  return {
    rules: written.rules
      .filter(({ system }) => system !== true)
      .map((rule) => ({ ...(rule.id === undefined ? {} : { id: rule.id }), ...saidOf(rule) })),
    ...(catchAll == null ? {} : { catchAll: { actions: catchAll.actions } }),
  };
};
