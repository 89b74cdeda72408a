import type { Filter } from '@sallyport/decide/filter/filter';
import { parseKeywords } from '@sallyport/decide/log-filter/keywords';
import { parseFilter } from '@sallyport/decide/log-filter/parse-filter';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { Services } from '../services.ts';

/** What a search was asked for, as it arrives. */
export interface LogSearchInput {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly filter?: string | undefined;
  readonly q?: string | undefined;
}
/** The same, understood: events from `since` on and before `until`. */
export interface LogSearch {
  readonly since: number;
  readonly until: number;
  readonly filter: Filter | null;
  readonly words: readonly string[];
}

const WINDOW_DAYS = 7;
const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** An instant as the wire writes it; without a zone it is UTC. E0000001 for anything else. */
export const dateOf = (field: string, text: string): number => {
  const at = DATE.test(text)
    ? Date.parse(/[zZ]|[+-]\d{2}:?\d{2}$/.test(text) || text.length === 10 ? text : `${text}Z`)
    : Number.NaN;
  if (Number.isNaN(at)) throw invalid(field, 'must be a date like 2026-01-31T12:00:00.000Z');
  return at;
};

/** A filter, parsed. The refusal says where the fault is, so that a page can mark it under what was typed. */
export const filterOf = (text: string | undefined): Filter | null => {
  if (text === undefined || text.trim() === '') return null;
  const parsed = parseFilter(text);
  if (parsed.ok) return parsed.filter;
  throw new ApiError(parsed.code, {
    args: [text.slice(0, 200), parsed.message],
    causes: [parsed.message],
    extra: { sallyport: { kind: 'filter_error', at: parsed.at } },
  });
};

/** The words of `q`. */
export const wordsOf = (text: string | undefined): readonly string[] => {
  const parsed = parseKeywords(text ?? '');
  if (!parsed.ok) throw new ApiError(parsed.code, { args: ['q'], causes: [parsed.message] });
  return parsed.words;
};

/** A search over a closed range; the last seven days unless it says otherwise. */
export const searchOf = (s: Services, input: LogSearchInput): LogSearch => {
  const until = input.until === undefined ? s.clock.now() + 1 : dateOf('until', input.until);
  const since = input.since === undefined ? until - WINDOW_DAYS * DAY_MS : dateOf('since', input.since);
  if (since > until) throw invalid('since', 'must be before until');
  return { since, until, filter: filterOf(input.filter), words: wordsOf(input.q) };
};
