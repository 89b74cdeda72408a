import { ATTRIBUTE_NAME } from '@sallyport/model/user-schema';

export type RuleValue = string | number | boolean | null;
export type RuleOrder = '==' | '!=' | '<' | '<=' | '>' | '>=';
/** A parsed expression of a group rule. */
export type RuleTest =
  | { readonly kind: 'and' | 'or'; readonly of: readonly RuleTest[] }
  | { readonly kind: 'not'; readonly of: RuleTest }
  | { readonly kind: 'compare'; readonly attribute: string; readonly op: RuleOrder; readonly value: RuleValue }
  | { readonly kind: 'startsWith' | 'contains'; readonly attribute: string; readonly value: string }
  | { readonly kind: 'memberOf'; readonly groupIds: readonly string[] };
export type ParsedRule =
  | { readonly ok: true; readonly test: RuleTest }
  | { readonly ok: false; readonly message: string };

export const RULE_LENGTH_MAX = 2000;
const DEPTH_MAX = 32;
const CLAUSES_MAX = 100;

/** Carries a refusal out of the depth of the grammar; never leaves this file. */
class Refusal extends Error {}

const TOKEN =
  /\s*(?:("(?:[^"\\\p{Cc}]|\\["\\])*"|'(?:[^'\\\p{Cc}]|\\['\\])*')|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_]\w*(?:\.\w+)*)|(&&|\|\||[=!<>]=|[<>!(),]))/uy;
interface Token {
  readonly kind: 'text' | 'number' | 'word' | 'sign';
  readonly text: string;
}

const tokens = (text: string): readonly Token[] => {
  const found: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
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

const CALLS: Readonly<Record<string, 'startsWith' | 'contains' | 'memberOf'>> = {
  'String.startsWith': 'startsWith',
  'String.stringContains': 'contains',
  isMemberOfGroup: 'memberOf',
  isMemberOfAnyGroup: 'memberOf',
};
const ORDERS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='] satisfies readonly RuleOrder[];
const KNOWN = 'comparisons of user.attribute, String.startsWith, String.stringContains and isMemberOfAnyGroup';

const grammar = (all: readonly Token[]) => {
  let at = 0;
  let clauses = 0;
  const peek = (): Token | undefined => all[at];
  const take = (): Token => {
    const token = all[at];
    if (token === undefined) throw new Refusal('ends too early');
    at += 1;
    return token;
  };
  const isNext = (...words: readonly string[]): boolean => {
    const token = peek();
    if (token === undefined || token.kind === 'text') return false;
    return words.includes(token.kind === 'word' ? token.text.toLowerCase() : token.text);
  };
  const expect = (sign: string): void => {
    if (!isNext(sign))
      throw new Refusal(
        `${sign} is expected ${peek() === undefined ? 'at the end' : `at: ${peek()?.text.slice(0, 40)}`}`,
      );
    at += 1;
  };
  const attributeOf = ({ kind, text }: Token): string => {
    const name = text.startsWith('user.') ? text.slice('user.'.length) : '';
    if (kind !== 'word' || !ATTRIBUTE_NAME.test(name))
      throw new Refusal(`${text.slice(0, 40)} is not understood; a rule knows ${KNOWN}`);
    return name;
  };
  const textOf = ({ kind, text }: Token): string => {
    if (kind !== 'text') throw new Refusal(`text in quotes is expected at: ${text.slice(0, 40)}`);
    return text;
  };
  const valueIn = ({ kind, text }: Token): RuleValue => {
    if (kind === 'text') return text;
    if (kind === 'number') return Number(text);
    if (text === 'true' || text === 'false') return text === 'true';
    if (text === 'null') return null;
    throw new Refusal(`a value is expected at: ${text.slice(0, 40)}`);
  };

  const call = (kind: 'startsWith' | 'contains' | 'memberOf'): RuleTest => {
    expect('(');
    if (kind !== 'memberOf') {
      const attribute = attributeOf(take());
      expect(',');
      const value = textOf(take());
      expect(')');
      return { kind, attribute, value };
    }
    const groupIds = [textOf(take())];
    while (isNext(',')) {
      at += 1;
      groupIds.push(textOf(take()));
    }
    expect(')');
    if (groupIds.length > CLAUSES_MAX) throw new Refusal(`names at most ${CLAUSES_MAX} groups`);
    return { kind, groupIds };
  };

  const clause = (): RuleTest => {
    clauses += 1;
    if (clauses > CLAUSES_MAX) throw new Refusal(`has at most ${CLAUSES_MAX} comparisons`);
    const first = take();
    const kind = first.kind === 'word' && Object.hasOwn(CALLS, first.text) ? CALLS[first.text] : undefined;
    if (kind !== undefined) return call(kind);
    const attribute = attributeOf(first);
    const { text: op } = take();
    if (!ORDERS.includes(op)) throw new Refusal(`${op.slice(0, 40)} is no comparison; == and != are`);
    const value = valueIn(take());
    if (op !== '==' && op !== '!=' && typeof value !== 'number') throw new Refusal(`${op} compares numbers only`);
    return { kind: 'compare', attribute, op: op as RuleOrder, value };
  };
  const factor = (depth: number): RuleTest => {
    if (depth > DEPTH_MAX) throw new Refusal(`is nested at most ${DEPTH_MAX} deep`);
    if (isNext('!', 'not')) {
      at += 1;
      return { kind: 'not', of: factor(depth + 1) };
    }
    if (!isNext('(')) return clause();
    at += 1;
    const inner = either(depth + 1);
    expect(')');
    return inner;
  };
  const chain = (kind: 'and' | 'or', words: readonly string[], next: () => RuleTest): RuleTest => {
    const first = next();
    const of = [first];
    while (isNext(...words)) {
      at += 1;
      of.push(next());
    }
    return of.length === 1 ? first : { kind, of };
  };
  const both = (depth: number): RuleTest => chain('and', ['&&', 'and'], () => factor(depth));
  const either = (depth: number): RuleTest => chain('or', ['||', 'or'], () => both(depth));
  return { either, rest: peek };
};

/**
 * Parses the expression of a group rule: the part of the expression language that can be judged from one person's profile
 * and the groups people put them in. Never throws.
 */
export const parseRule = (text: string): ParsedRule => {
  try {
    if (text.length > RULE_LENGTH_MAX) throw new Refusal(`has at most ${RULE_LENGTH_MAX} characters`);
    const { either, rest } = grammar(tokens(text));
    const test = either(0);
    const extra = rest();
    if (extra !== undefined) throw new Refusal(`${extra.text.slice(0, 40)} is not expected there`);
    return { ok: true, test };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, message: error.message };
    throw error;
  }
};
