/**
 * What somebody typed into the search of the log: words, short forms like `outcome:deny`, or an expression of the
 * filter language. Decided here without a grammar; whether an expression is right only the server says.
 */
export type TypedQuery =
  | { readonly kind: 'words'; readonly words: string; readonly chips: readonly string[] }
  | { readonly kind: 'filter'; readonly filter: string };

/** Short names of the fields that people ask for most. */
const SHORT: Readonly<Record<string, string>> = {
  type: 'eventType',
  event: 'eventType',
  outcome: 'outcome.result',
  reason: 'outcome.reason',
  severity: 'severity',
  actor: 'actor.alternateId',
  ip: 'client.ipAddress',
  asn: 'securityContext.asNumber',
  country: 'client.geographicalContext.country',
  session: 'authenticationContext.externalSessionId',
  transaction: 'transaction.id',
};

/** A comparison, begun or whole; a value, or the end of what was typed, follows the operator. */
const COMPARISON = /^[A-Za-z_][\w.-]*\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s*(?:$|["\d-]|true\b|false\b)/i;
const MEMBERSHIP = /^[A-Za-z_][\w.-]*\s+in\s*(?:$|\[)/i;
const PRESENCE = /^[A-Za-z_][\w.-]*\s+pr\s*(?:$|\)|and\b|or\b)/i;
/** Nobody writes this in prose: a path with a dot, or `eventType`, before an operator. */
const UNMISTAKABLE = /^(?:[A-Za-z_]+\.[\w.-]+|eventType)\s+[A-Za-z]{2}\b/i;

const isFilter = (text: string): boolean => {
  const bare = text.replace(/^(?:\s|\(|not\b)+/i, '');
  return [COMPARISON, MEMBERSHIP, PRESENCE, UNMISTAKABLE].some((pattern) => pattern.test(bare));
};

/** A text as a value of the filter language. */
export const quoted = (value: string): string => JSON.stringify(value);

/** A clause on one value: only it, or all but it. Numbers stand without quotes, for either is right. */
export const clauseOf = (field: string, value: string, isNot = false): string =>
  `${field} ${isNot ? 'ne' : 'eq'} ${quoted(value)}`;

/** `outcome:deny` as a clause; null for what is no short form. */
const chipOf = (part: string): string | null => {
  const [, minus, name = '', inQuotes, plain] = /^(-?)([a-z]+):(?:"([^"]+)"|(\S+))$/i.exec(part) ?? [];
  const field = SHORT[name.toLowerCase()];
  const value = inQuotes ?? plain;
  return field === undefined || value === undefined ? null : clauseOf(field, value, minus === '-');
};

/** Reads what was typed. */
export const readQuery = (typed: string): TypedQuery => {
  const text = typed.trim();
  if (isFilter(text)) return { kind: 'filter', filter: text };
  const parts = text.match(/-?[a-z]+:"[^"]+"|\S+/gi) ?? [];
  const chips = parts.map(chipOf);
  return {
    kind: 'words',
    words: parts.filter((_, i) => chips[i] === null).join(' '),
    chips: chips.filter((chip) => chip !== null),
  };
};

/** All that must hold, as one filter; undefined when nothing must. */
export const joinFilter = (filter: string, chips: readonly string[]): string | undefined => {
  const parts = [...(filter === '' ? [] : [filter]), ...chips];
  if (parts.length <= 1) return parts[0];
  return parts.map((part) => `(${part})`).join(' and ');
};
