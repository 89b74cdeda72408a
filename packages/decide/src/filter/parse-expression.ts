import { parseIso } from '@sallyport/model/instant';
import { isStorable } from '@sallyport/model/text';
import { type Attribute, COMPARISONS, type Comparison, type Filter, type FilterValue } from './filter.ts';

/** A hostile filter must cost bounded work, here and in the database (SQLite refuses expressions deeper than 1000). */
export const MAX_FILTER_LENGTH = 16_384;
export const MAX_FILTER_DEPTH = 32;
/** Comparisons, and each further value of an `in`. */
export const MAX_FILTER_CLAUSES = 200;

export type FilterErrorCode = 'E0000053' | 'E0000031';
export type ParsedFilter =
  | { readonly ok: true; readonly filter: Filter }
  /** `at` is the index in the text where the fault is, for whoever marks it under what was typed. */
  | { readonly ok: false; readonly code: FilterErrorCode; readonly message: string; readonly at: number };

/** Carries a refusal from the depth of the grammar to `parseExpression`; never leaves this file. */
class Refusal extends Error {
  readonly code: FilterErrorCode;
  /** The fault is the word that was just read, or what comes next. */
  readonly where: 'word' | 'next';
  constructor(message: string, where: 'word' | 'next' = 'next', code: FilterErrorCode = 'E0000053') {
    super(message);
    this.where = where;
    this.code = code;
  }
}

const SPACE = /[ \t\r\n]*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_.-]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![A-Za-z0-9_.])/y;
/** A JSON string; one character per step, so that a missing end quote costs one pass and no backtracking. */
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const WHOLE_NUMBER = new RegExp(`^${NUMBER.source}$`);

/** What may be searched: the one part in which a search of events differs from one of people. */
export interface Language {
  /** The attribute of a name, or a sentence that says why there is none. */
  readonly attributeOf: (name: string) => Attribute | string;
  /** Why an operator that fits the attribute's type is not to be had all the same, or null. */
  readonly refusalOf?: (
    attribute: Attribute,
    op: Comparison | 'in',
  ) => { readonly message: string; readonly code: FilterErrorCode } | null;
}

const ORDERS = new Set<string>(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);

interface Literal {
  readonly kind: 'string' | 'number' | 'boolean';
  readonly text: string;
}

/** Of what somebody wrote, as much as a sentence can repeat. */
export const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** Reads `text` from left to right. */
const scan = (text: string) => {
  let at = 0;
  let wordAt = 0;
  const nextAt = (): number => {
    SPACE.lastIndex = at;
    SPACE.test(text);
    return SPACE.lastIndex;
  };
  const take = (pattern: RegExp): string | null => {
    const start = nextAt();
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found === null) return null;
    wordAt = start;
    at = pattern.lastIndex;
    return found;
  };
  const takeWord = (word: RegExp): boolean => {
    const before = at;
    if (word.test(take(WORD) ?? '')) return true;
    at = before;
    return false;
  };
  return {
    take,
    takeWord,
    isAtEnd: () => nextAt() === text.length,
    rest: () => short(text.slice(at).trim()),
    position: (where: 'word' | 'next') => (where === 'word' ? wordAt : nextAt()),
  };
};
type Scanner = ReturnType<typeof scan>;

const literalOf = (scanner: Scanner): Literal => {
  const quoted = scanner.take(STRING);
  if (quoted !== null) {
    const text = JSON.parse(quoted) as string;
    if (!isStorable(text)) throw new Refusal('a value contains a character that is never stored', 'word');
    return { kind: 'string', text };
  }
  const number = scanner.take(NUMBER);
  if (number !== null) return { kind: 'number', text: number };
  const word = scanner.take(WORD)?.toLowerCase();
  if (word === 'true' || word === 'false') return { kind: 'boolean', text: word };
  throw new Refusal(`a value in double quotes, a number, true or false is expected at: ${word ?? scanner.rest()}`);
};

/** The literal as the attribute's type wants it; `"64500"` is a number and `"true"` a boolean where one is wanted. */
const typedValue = (attribute: Attribute, { text }: Literal): FilterValue => {
  if (attribute.type === 'string') return text;
  if (attribute.type === 'boolean') {
    if (!/^(?:true|false)$/i.test(text)) throw new Refusal(`${attribute.path} is compared with true or false`, 'word');
    return text.toLowerCase();
  }
  if (attribute.type === 'instant') {
    const at = parseIso(text);
    if (at === null)
      throw new Refusal(`${attribute.path} is compared with a date such as "2026-01-31T00:00:00Z"`, 'word');
    return at;
  }
  const number = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) throw new Refusal(`${attribute.path} is compared with a number`, 'word');
  return number + 0; // -0 is 0
};

const checkOperator = (language: Language, attribute: Attribute, op: Comparison | 'in'): void => {
  const { type, path } = attribute;
  const refusal = language.refusalOf?.(attribute, op) ?? null;
  if (refusal !== null) throw new Refusal(refusal.message, 'word', refusal.code);
  const isAllowed =
    type === 'string' ||
    ((type === 'number' || type === 'instant') && (op === 'in' || ORDERS.has(op))) ||
    (type === 'boolean' && (op === 'in' || op === 'eq' || op === 'ne'));
  if (!isAllowed) throw new Refusal(`operator ${op} is not valid for field: ${short(path)}`, 'word');
};

const grammar = (scanner: Scanner, language: Language) => {
  let clauses = 0;
  const countClause = (): void => {
    clauses += 1;
    if (clauses > MAX_FILTER_CLAUSES) throw new Refusal(`a filter has at most ${MAX_FILTER_CLAUSES} comparisons`);
  };

  const list = (attribute: Attribute): FilterValue[] => {
    if (scanner.take(/\[/y) === null) throw new Refusal('in is followed by a list: in ["a", "b"]');
    const values: FilterValue[] = [];
    do {
      countClause();
      values.push(typedValue(attribute, literalOf(scanner)));
    } while (scanner.take(/,/y) !== null);
    if (scanner.take(/\]/y) === null) throw new Refusal('a list is not closed');
    return values;
  };

  const clause = (): Filter => {
    const name = scanner.take(WORD);
    if (name === null)
      throw new Refusal(scanner.isAtEnd() ? 'a comparison is missing' : `a field is expected at: ${scanner.rest()}`);
    const attribute = language.attributeOf(name);
    if (typeof attribute === 'string') throw new Refusal(attribute, 'word');
    const written = scanner.take(WORD);
    if (written === null) throw new Refusal(`an operator is missing after: ${short(name)}`);
    const op = written.toLowerCase();
    if (op === 'pr') {
      countClause();
      return Object.freeze({ kind: 'present', attribute });
    }
    if (op === 'in') {
      checkOperator(language, attribute, op);
      return Object.freeze({ kind: 'in', attribute, values: Object.freeze(list(attribute)) });
    }
    const comparison = COMPARISONS.find((known) => known === op);
    if (comparison === undefined) throw new Refusal(`operator is not valid: ${short(written)}`, 'word');
    checkOperator(language, attribute, comparison);
    countClause();
    return Object.freeze({
      kind: 'compare',
      attribute,
      op: comparison,
      value: typedValue(attribute, literalOf(scanner)),
    });
  };

  const factor = (depth: number): Filter => {
    if (depth > MAX_FILTER_DEPTH) throw new Refusal(`a filter is nested at most ${MAX_FILTER_DEPTH} deep`);
    if (scanner.takeWord(/^not$/i)) return Object.freeze({ kind: 'not', of: factor(depth + 1) });
    if (scanner.take(/\(/y) === null) return clause();
    const inner = either(depth + 1);
    if (scanner.take(/\)/y) === null)
      throw new Refusal(scanner.isAtEnd() ? 'a parenthesis is not closed' : `unexpected: ${scanner.rest()}`);
    return inner;
  };

  const chain = (kind: 'and' | 'or', word: RegExp, next: () => Filter): Filter => {
    const first = next();
    const of = [first];
    while (scanner.takeWord(word)) of.push(next());
    return of.length === 1 ? first : Object.freeze({ kind, of: Object.freeze(of) });
  };
  const both = (depth: number): Filter => chain('and', /^and$/i, () => factor(depth));
  const either = (depth: number): Filter => chain('or', /^or$/i, () => both(depth));
  return { either };
};

/**
 * Parses a search expression: `attribute op value`, joined by `and`, `or`, `not` and parentheses; `and` binds tighter than
 * `or`. Operators in any case, attributes exactly as written. Never throws.
 */
export const parseExpression = (text: string, language: Language): ParsedFilter => {
  const scanner = scan(text);
  try {
    if (text.length > MAX_FILTER_LENGTH) throw new Refusal(`a filter has at most ${MAX_FILTER_LENGTH} characters`);
    const filter = grammar(scanner, language).either(0);
    if (!scanner.isAtEnd()) throw new Refusal(`unexpected: ${scanner.rest()}`);
    return { ok: true, filter };
  } catch (error) {
    if (error instanceof Refusal)
      return { ok: false, code: error.code, message: error.message, at: scanner.position(error.where) };
    throw error;
  }
};
