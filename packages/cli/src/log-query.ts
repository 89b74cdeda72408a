import { usageError } from './cli-error.ts';
import { filterText } from './filter-text.ts';
import { instantOf } from './time-text.ts';
import type { Turn } from './verb.ts';

/** The query of the route, from the words and options of a verb. */
export const logQueryOf = (turn: Turn) => {
  const instant = (option: string): string | undefined => {
    const given = turn.text(option);
    if (given === undefined) return undefined;
    const iso = instantOf(given, turn.now);
    if (iso === null) throw usageError(`--${option}: ${JSON.stringify(given)} is no instant`, `--${option} 2h`);
    return iso;
  };
  return {
    filter: turn.text('filter') ?? filterText((turn.args[0] as readonly string[] | undefined) ?? []),
    since: instant('since'),
    until: instant('until'),
    q: turn.text('words'),
  };
};
