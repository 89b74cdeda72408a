/** The grammar that expressions of group rules and of policies share: and, or, not, parentheses; what stands between them differs. */

/** A clause, or clauses put together. */
export type Expression<C> =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression<C>[] }
  | { readonly kind: 'not'; readonly of: Expression<C> }
  | C;
export type ReadExpression<C> =
  | { readonly ok: true; readonly test: Expression<C> }
  | { readonly ok: false; readonly message: string };

export const EXPRESSION_LENGTH_MAX = 2000;
const DEPTH_MAX = 32;
const CLAUSES_MAX = 100;

/** Carries a refusal out of the depth of the grammar; `readExpression` turns it into an answer. */
export class Refusal extends Error {}

export interface Token {
  readonly kind: 'text' | 'number' | 'word' | 'sign';
  readonly text: string;
}
export type Value = string | number | boolean | null;

// Each alternative begins with another character, so that no text is read twice: the time is linear in the length.
const TOKEN =
  /\s*(?:("(?:[^"\\\p{Cc}]|\\["\\])*"|'(?:[^'\\\p{Cc}]|\\['\\])*')|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_]\w*(?:\.\w+)*)|(&&|\|\||[=!<>]=|[<>!(),{}:]))/uy;
const END = /\s*$/uy;

const isEnd = (text: string, at: number): boolean => {
  END.lastIndex = at;
  return END.test(text);
};
const tokensOf = (text: string): readonly Token[] => {
  const found: Token[] = [];
  let at = 0;
  while (!isEnd(text, at)) {
    TOKEN.lastIndex = at;
    const [, quoted, number, word, sign] = TOKEN.exec(text) ?? [];
    if (quoted !== undefined) found.push({ kind: 'text', text: quoted.slice(1, -1).replace(/\\(.)/gu, '$1') });
    else if (number !== undefined) found.push({ kind: 'number', text: number });
    else if (word !== undefined) found.push({ kind: 'word', text: word });
    else if (sign !== undefined) found.push({ kind: 'sign', text: sign });
    else throw new Refusal(`cannot be read at: ${text.slice(at).trim().slice(0, 40)}`);
    at = TOKEN.lastIndex;
  }
  return found;
};

/** What a clause is read with; each of these refuses what is not there. */
export interface Reader {
  take(): Token;
  /** Is the next token one of these signs or words, whatever their case? */
  isNext(...words: readonly string[]): boolean;
  expect(sign: string): void;
  text(): string;
  value(): Value;
  /** Texts between two signs, with commas. */
  textsUntil(end: string): readonly string[];
}

const readerOf = (all: readonly Token[]): Reader & { readonly rest: () => Token | undefined } => {
  let at = 0;
  const take = (): Token => {
    const token = all[at];
    if (token === undefined) throw new Refusal('ends too early');
    at += 1;
    return token;
  };
  const isNext = (...words: readonly string[]): boolean => {
    const token = all[at];
    if (token === undefined || token.kind === 'text') return false;
    return words.includes(token.kind === 'word' ? token.text.toLowerCase() : token.text);
  };
  const expect = (sign: string): void => {
    if (!isNext(sign))
      throw new Refusal(
        `${sign} is expected ${all[at] === undefined ? 'at the end' : `at: ${all[at]?.text.slice(0, 40)}`}`,
      );
    at += 1;
  };
  const text = (): string => {
    const token = take();
    if (token.kind !== 'text') throw new Refusal(`text in quotes is expected at: ${token.text.slice(0, 40)}`);
    return token.text;
  };
  return {
    take,
    isNext,
    expect,
    text,
    value() {
      const token = take();
      if (token.kind === 'text') return token.text;
      if (token.kind === 'number') return Number(token.text);
      if (token.text === 'true' || token.text === 'false') return token.text === 'true';
      if (token.text === 'null') return null;
      throw new Refusal(`a value is expected at: ${token.text.slice(0, 40)}`);
    },
    textsUntil(end) {
      const texts = [text()];
      while (isNext(',')) {
        take();
        texts.push(text());
      }
      expect(end);
      return texts;
    },
    rest: () => all[at],
  };
};

/** Reads an expression whose clauses `clause` reads. Never throws. */
export const readExpression = <C>(text: string, clause: (reader: Reader) => C): ReadExpression<C> => {
  let clauses = 0;
  try {
    if (text.length > EXPRESSION_LENGTH_MAX) throw new Refusal(`has at most ${EXPRESSION_LENGTH_MAX} characters`);
    const reader = readerOf(tokensOf(text));
    const counted = (): C => {
      clauses += 1;
      if (clauses > CLAUSES_MAX) throw new Refusal(`has at most ${CLAUSES_MAX} comparisons`);
      return clause(reader);
    };
    const factor = (depth: number): Expression<C> => {
      if (depth > DEPTH_MAX) throw new Refusal(`is nested at most ${DEPTH_MAX} deep`);
      if (reader.isNext('!', 'not')) {
        reader.take();
        return { kind: 'not', of: factor(depth + 1) };
      }
      if (!reader.isNext('(')) return counted();
      reader.take();
      const inner = either(depth + 1);
      reader.expect(')');
      return inner;
    };
    const chain = (kind: 'and' | 'or', words: readonly string[], next: () => Expression<C>): Expression<C> => {
      const first = next();
      const of = [first];
      while (reader.isNext(...words)) {
        reader.take();
        of.push(next());
      }
      return of.length === 1 ? first : { kind, of };
    };
    const both = (depth: number): Expression<C> => chain('and', ['&&', 'and'], () => factor(depth));
    const either = (depth: number): Expression<C> => chain('or', ['||', 'or'], () => both(depth));
    const test = either(0);
    const extra = reader.rest();
    if (extra !== undefined) throw new Refusal(`${extra.text.slice(0, 40)} is not expected there`);
    return { ok: true, test };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, message: error.message };
    throw error;
  }
};
