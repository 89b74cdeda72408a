import { ATTRIBUTE_NAME } from '@sallyport/model/user-schema';
import {
  EXPRESSION_LENGTH_MAX,
  type Expression,
  type ReadExpression,
  type Reader,
  Refusal,
  readExpression,
  type Token,
  type Value,
} from '../expressions/read-expression.ts';

export type RuleValue = Value;
export type RuleOrder = '==' | '!=' | '<' | '<=' | '>' | '>=';
type RuleClause =
  | { readonly kind: 'compare'; readonly attribute: string; readonly op: RuleOrder; readonly value: RuleValue }
  | { readonly kind: 'startsWith' | 'contains'; readonly attribute: string; readonly value: string }
  | { readonly kind: 'memberOf'; readonly groupIds: readonly string[] };
/** A parsed expression of a group rule. */
export type RuleTest = Expression<RuleClause>;
export type ParsedRule = ReadExpression<RuleClause>;

export const RULE_LENGTH_MAX = EXPRESSION_LENGTH_MAX;
const GROUPS_MAX = 100;

const CALLS: Readonly<Record<string, 'startsWith' | 'contains' | 'memberOf'>> = {
  'String.startsWith': 'startsWith',
  'String.stringContains': 'contains',
  isMemberOfGroup: 'memberOf',
  isMemberOfAnyGroup: 'memberOf',
};
const ORDERS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='] satisfies readonly RuleOrder[];
const KNOWN = 'comparisons of user.attribute, String.startsWith, String.stringContains and isMemberOfAnyGroup';

const attributeOf = ({ kind, text }: Token): string => {
  const name = text.startsWith('user.') ? text.slice('user.'.length) : '';
  if (kind !== 'word' || !ATTRIBUTE_NAME.test(name))
    throw new Refusal(`${text.slice(0, 40)} is not understood; a rule knows ${KNOWN}`);
  return name;
};

const callOf = (reader: Reader, kind: 'startsWith' | 'contains' | 'memberOf'): RuleClause => {
  reader.expect('(');
  if (kind !== 'memberOf') {
    const attribute = attributeOf(reader.take());
    reader.expect(',');
    const value = reader.text();
    reader.expect(')');
    return { kind, attribute, value };
  }
  const groupIds = reader.textsUntil(')');
  if (groupIds.length > GROUPS_MAX) throw new Refusal(`names at most ${GROUPS_MAX} groups`);
  return { kind, groupIds };
};

const clauseOf = (reader: Reader): RuleClause => {
  const first = reader.take();
  const kind = first.kind === 'word' && Object.hasOwn(CALLS, first.text) ? CALLS[first.text] : undefined;
  if (kind !== undefined) return callOf(reader, kind);
  const attribute = attributeOf(first);
  const { text: op } = reader.take();
  if (!ORDERS.includes(op)) throw new Refusal(`${op.slice(0, 40)} is no comparison; == and != are`);
  const value = reader.value();
  if (op !== '==' && op !== '!=' && typeof value !== 'number') throw new Refusal(`${op} compares numbers only`);
  return { kind: 'compare', attribute, op: op as RuleOrder, value };
};

/**
 * Parses the expression of a group rule: the part of the expression language that can be judged from one person's profile
 * and the groups people put them in. Never throws.
 */
export const parseRule = (text: string): ParsedRule => readExpression(text, clauseOf);
