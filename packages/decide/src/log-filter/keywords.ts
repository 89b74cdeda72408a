import type { LogEvent } from '@sallyport/model/log-event';

export const MAX_KEYWORDS = 10;
export const MAX_KEYWORD_LENGTH = 40;

export type ParsedKeywords =
  | { readonly ok: true; readonly words: readonly string[] }
  | { readonly ok: false; readonly code: 'E0000001'; readonly message: string };

/** Folded the same way when stored and when asked, so that the database compares bytes and folds nothing. */
const wordsOf = (text: string): string[] =>
  text
    .toWellFormed()
    .split(/[\s\p{Cc}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase().normalize('NFC'));

const WORD_CHARACTER = /[\p{L}\p{M}\p{N}]/u;

/** Most words: no punctuation around them, seen at once. */
const IS_BARE = /^[a-z0-9](?:.*[a-z0-9])?$/s;
/** Without the punctuation around it. By hand: a regular expression for the end is quadratic in a row of dots. */
const bare = (word: string): string => {
  if (IS_BARE.test(word)) return word;
  const characters = [...word];
  const start = characters.findIndex((character) => WORD_CHARACTER.test(character));
  const end = characters.findLastIndex((character) => WORD_CHARACTER.test(character));
  return start === -1 ? '' : characters.slice(start, end + 1).join('');
};

/** The word, the word without the punctuation around it, and the parts of a hyphenated word. */
const formsOf = (word: string): string[] =>
  word.includes('-') ? [word, bare(word), ...word.split('-').map(bare)] : [word, bare(word)];

const collect = (value: unknown, into: Set<string>): void => {
  if (typeof value === 'number') into.add(String(value));
  else if (typeof value === 'string') {
    for (const word of wordsOf(value)) for (const form of formsOf(word)) into.add(form);
  } else if (value !== null && typeof value === 'object')
    for (const inner of Object.values(value)) collect(inner, into);
};

/**
 * The words of an event, in one string ` word word `: ` w ` is a part of it exactly when the keyword w matches.
 * Stored in `events.keywords`. Words longer than a keyword may be are left out, for none can ask for them.
 */
export const keywordsOf = (event: LogEvent): string => {
  const words = new Set<string>();
  collect(event, words);
  return ` ${[...words].filter((word) => word !== '' && word.length <= MAX_KEYWORD_LENGTH).join(' ')} `;
};

/** Parses the `q` parameter of `GET /api/v1/logs`; without a word it asks for nothing and matches everything. */
export const parseKeywords = (q: string): ParsedKeywords => {
  const words = wordsOf(q);
  if (words.length > MAX_KEYWORDS)
    return { ok: false, code: 'E0000001', message: `q: at most ${MAX_KEYWORDS} keywords` };
  if (words.some((word) => word.length > MAX_KEYWORD_LENGTH)) {
    return { ok: false, code: 'E0000001', message: `q: a keyword has at most ${MAX_KEYWORD_LENGTH} characters` };
  }
  return { ok: true, words: Object.freeze(words) };
};

/** Whether every word is a whole word of the event. */
export const matchKeywords = (words: readonly string[], event: LogEvent): boolean => {
  const text = keywordsOf(event);
  return words.every((word) => text.includes(` ${word} `));
};
