/** An item of `GET /api/v1/zones`. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly usage: 'POLICY' | 'BLOCKLIST';
  readonly system: boolean;
  readonly lastUpdated: string;
  readonly gateways: readonly ZoneEntry[] | null;
  readonly proxies: readonly ZoneEntry[] | null;
}
export interface ZoneEntry {
  readonly type: 'CIDR' | 'RANGE';
  readonly value: string;
}
/** `GET /sallyport/v1/zones/{id}/usage`. Null: not yours to read. */
export interface ZoneUsage {
  readonly rules:
    | readonly { readonly id: string; readonly name: string; readonly policyId: string; readonly policyName: string }[]
    | null;
  readonly tokens: readonly { readonly id: string; readonly name: string }[] | null;
  readonly isExempt: boolean;
}

export const ZONES = '/api/v1/zones';
export const EXEMPT_NAME = 'DefaultExemptIpZone';

/** What the zone does, in words. */
export const usageWords = ({ name, usage }: Pick<Zone, 'name' | 'usage'>): string =>
  name === EXEMPT_NAME ? 'exempts from binding' : usage === 'BLOCKLIST' ? 'blocks' : 'used in rules';

/** What stands in each line of the text that is not empty, and in which line. */
const linesOf = (text: string): { readonly line: number; readonly value: string }[] =>
  text
    .split('\n')
    .map((value, i) => ({ line: i + 1, value: value.trim().replace(/,$/, '') }))
    .filter(({ value }) => value !== '');

/** One entry a line; a dash makes it a range. */
export const entriesOf = (text: string): ZoneEntry[] =>
  linesOf(text).map(({ value }) => ({ type: value.includes('-') ? 'RANGE' : 'CIDR', value }));

/** `gateways: line 3: … is not …` of the server counts entries; here it is put to the line of the text that it speaks of. */
export const lineErrors = (
  causes: readonly string[],
  text: string,
): { readonly line: number; readonly sentence: string }[] => {
  const lines = linesOf(text);
  return causes.flatMap((cause) => {
    const [, entry, sentence] = /^gateways: line (\d+): (.*)$/.exec(cause) ?? [];
    const line = lines[Number(entry) - 1]?.line;
    return line === undefined || sentence === undefined ? [] : [{ line, sentence }];
  });
};
