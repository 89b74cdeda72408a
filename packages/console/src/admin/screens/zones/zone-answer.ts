import type { ZoneAnswer, ZoneEntryAnswer, ZoneUsageAnswer } from '@sallyport/client/answers';

export type { ZoneAnswer as Zone, ZoneUsageAnswer as ZoneUsage };

export const ZONES = '/api/v1/zones';
export const EXEMPT_NAME = 'DefaultExemptIpZone';

/** What the zone does, in words. */
export const usageWords = ({ name, usage }: Pick<ZoneAnswer, 'name' | 'usage'>): string =>
  name === EXEMPT_NAME ? 'exempts from binding' : usage === 'BLOCKLIST' ? 'blocks' : 'used in rules';

/** What stands in each line of the text that is not empty, and in which line. */
export const linesOf = (text: string): { readonly line: number; readonly value: string }[] =>
  text
    .split('\n')
    .map((value, i) => ({ line: i + 1, value: value.trim().replace(/,$/, '') }))
    .filter(({ value }) => value !== '');

/** One entry a line; a dash makes it a range. */
export const entriesOf = (text: string): ZoneEntryAnswer[] =>
  linesOf(text).map(({ value }) => ({ type: value.includes('-') ? 'RANGE' : 'CIDR', value }));

/**
 * `gateways: line 3: … is not …` of the server counts the entries of a field; here it is put to the line of the text that
 * it speaks of.
 */
export const lineErrors = (
  causes: readonly string[],
  field: string,
  text: string,
): { readonly line: number; readonly sentence: string }[] => {
  const lines = linesOf(text);
  return causes.flatMap((cause) => {
    const [, of, entry, sentence] = /^([a-z.]+): line (\d+): (.*)$/.exec(cause) ?? [];
    const line = lines[Number(entry) - 1]?.line;
    return of !== field || line === undefined || sentence === undefined ? [] : [{ line, sentence }];
  });
};
