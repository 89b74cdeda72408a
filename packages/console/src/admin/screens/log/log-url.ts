/** The search of the log as it stands in the address of the page. */
export interface LogUrl {
  /** As typed, when it is words. */
  readonly q: string;
  /** As typed, when it is an expression. */
  readonly filter: string;
  /** Clauses that were added by a click or a short form. */
  readonly chips: readonly string[];
  readonly range: Range;
}
export type Range =
  | { readonly kind: 'last'; readonly seconds: number }
  | { readonly kind: 'between'; readonly since: string; readonly until: string };

export const PRESETS: readonly { readonly seconds: number; readonly words: string }[] = [
  { seconds: 3_600, words: 'Last hour' },
  { seconds: 86_400, words: 'Last 24 hours' },
  { seconds: 604_800, words: 'Last 7 days' },
  { seconds: 2_592_000, words: 'Last 30 days' },
  { seconds: 7_776_000, words: 'Last 90 days' },
];
const USUAL_SECONDS = 604_800;

const isInstant = (text: string | undefined): text is string => text !== undefined && !Number.isNaN(Date.parse(text));

/** What cannot be read falls back to the usual: an address may come from anywhere. */
export const readLogUrl = (search: Readonly<Record<string, string | undefined>>): LogUrl => {
  const { q = '', filter = '', chips = '', last, since, until } = search;
  const seconds = Number(last ?? USUAL_SECONDS);
  return {
    q,
    filter,
    chips: chips.split('\n').filter((chip) => chip !== ''),
    range:
      isInstant(since) && isInstant(until) && Date.parse(since) < Date.parse(until)
        ? { kind: 'between', since: new Date(since).toISOString(), until: new Date(until).toISOString() }
        : { kind: 'last', seconds: Number.isSafeInteger(seconds) && seconds > 0 ? seconds : USUAL_SECONDS },
  };
};

/** As parameters of the address; undefined takes one away. */
export const rangeParams = (range: Range): Record<string, string | undefined> =>
  range.kind === 'last'
    ? { last: range.seconds === USUAL_SECONDS ? undefined : String(range.seconds), since: undefined, until: undefined }
    : { last: undefined, since: range.since, until: range.until };

export const chipParams = (chips: readonly string[]): Record<string, string | undefined> => ({
  chips: chips.length === 0 ? undefined : [...new Set(chips)].join('\n'),
});

/** The instants of a range, given now. */
export const instantsOf = (range: Range, now: number): { readonly since: string; readonly until: string } =>
  range.kind === 'between'
    ? { since: range.since, until: range.until }
    : { since: new Date(now - range.seconds * 1000).toISOString(), until: new Date(now + 1).toISOString() };
