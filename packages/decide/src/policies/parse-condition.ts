import type { PolicyClause, PolicyExpression } from '@sallyport/model/policy-expression';
import { ATTRIBUTE_NAME } from '@sallyport/model/user-schema';
import { type ReadExpression, type Reader, Refusal, readExpression } from '../expressions/read-expression.ts';

const KNOWN =
  'comparisons of user.profile.attribute, its .contains and .startsWith, user.isMemberOf, security.risk.level, security.behaviors.contains, session.amr.contains, device.profile.managed and device.profile.registered';
const GROUPS_MAX = 100;
const ORDERS = ['==', '!=', '<', '<=', '>', '>='] as const;
type Order = (typeof ORDERS)[number];
const LEVELS = ['LOW', 'MEDIUM', 'HIGH'] as const;

const unknown = (text: string): Refusal =>
  new Refusal(`${text.slice(0, 60)} is not understood; a condition knows ${KNOWN}`);

const orderOf = (reader: Reader): Order => {
  const { text } = reader.take();
  const order = ORDERS.find((one) => one === text);
  if (order === undefined) throw new Refusal(`${text.slice(0, 40)} is no comparison; == and != are`);
  return order;
};
const oneText = (reader: Reader): string => {
  reader.expect('(');
  const value = reader.text();
  reader.expect(')');
  return value;
};
/** The clause, or its opposite where `== false` or `!= true` follows. */
const asked = (reader: Reader, clause: PolicyClause): PolicyExpression => {
  if (!reader.isNext('==', '!=')) return clause;
  const isSame = orderOf(reader) === '==';
  const value = reader.value();
  if (typeof value !== 'boolean') throw new Refusal('what is true or false is compared with true or false');
  return value === isSame ? clause : { kind: 'not', of: clause };
};

const profileClause = (reader: Reader, path: string): PolicyExpression => {
  const [name = '', call, ...more] = path.split('.');
  if (!ATTRIBUTE_NAME.test(name) || more.length > 0) throw unknown(`user.profile.${path}`);
  if (call === 'contains' || call === 'startsWith')
    return asked(reader, { kind: 'profile', attribute: name, op: call, value: oneText(reader) });
  if (call !== undefined) throw unknown(`user.profile.${path}`);
  const op = orderOf(reader);
  const value = reader.value();
  if (op !== '==' && op !== '!=' && typeof value !== 'number') throw new Refusal(`${op} compares numbers only`);
  return { kind: 'profile', attribute: name, op, value };
};

/** `user.isMemberOf({'group.id': '…'})`, with several in braces, or by `group.profile.name`. */
const memberClause = (reader: Reader): PolicyClause => {
  reader.expect('(');
  reader.expect('{');
  const key = reader.text();
  if (key !== 'group.id' && key !== 'group.profile.name')
    throw new Refusal(`${key.slice(0, 40)} is no way to name a group; group.id and group.profile.name are`);
  reader.expect(':');
  const isList = reader.isNext('{');
  if (isList) reader.take();
  const groups = isList ? reader.textsUntil('}') : [reader.text()];
  if (groups.length > GROUPS_MAX) throw new Refusal(`names at most ${GROUPS_MAX} groups`);
  reader.expect('}');
  reader.expect(')');
  return { kind: 'memberOf', by: key === 'group.id' ? 'id' : 'name', groups };
};

const riskClause = (reader: Reader): PolicyExpression => {
  const op = orderOf(reader);
  const value = reader.value();
  const level = LEVELS.find((one) => one === value);
  if ((op !== '==' && op !== '!=') || level === undefined)
    throw new Refusal(`security.risk.level is compared by == or != with one of ${LEVELS.join(', ')}`);
  const clause = { kind: 'risk', level } as const;
  return op === '==' ? clause : { kind: 'not', of: clause };
};

const PROFILE = 'user.profile.';
const clauseOf = (reader: Reader): PolicyExpression => {
  const { kind, text } = reader.take();
  if (kind !== 'word') throw unknown(text);
  if (text.startsWith(PROFILE)) return profileClause(reader, text.slice(PROFILE.length));
  switch (text) {
    case 'true':
    case 'false':
      return { kind: 'always', value: text === 'true' };
    case 'user.isMemberOf':
      return asked(reader, memberClause(reader));
    case 'security.risk.level':
      return riskClause(reader);
    case 'security.behaviors.contains':
      return asked(reader, { kind: 'behavior', name: oneText(reader) });
    case 'session.amr.contains':
      return asked(reader, { kind: 'amr', value: oneText(reader) });
    case 'device.profile.managed':
      return asked(reader, { kind: 'deviceIsManaged' });
    case 'device.profile.registered':
      return asked(reader, { kind: 'deviceIsRegistered' });
    default:
      throw unknown(text);
  }
};

/**
 * Parses the condition of a policy's rule (`elCondition`): the forms that clients send, in time that is linear in its
 * length. What is not understood is refused, never guessed. Never throws.
 */
export const parseCondition = (text: string): ReadExpression<PolicyExpression> => readExpression(text, clauseOf);
