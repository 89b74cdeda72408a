import type { FactorProof } from '@sallyport/model/facts';
import { countSteps } from '@sallyport/testkit/count-steps';
import { describe, expect, it } from 'vitest';
import { askedOfPeople, compileExpression, type ExpressionFacts } from './judge-expression.ts';
import { parseCondition } from './parse-condition.ts';

const KEY: FactorProof = {
  factorId: 'k',
  kind: 'webauthn',
  isPhishingResistant: true,
  isDeviceBound: true,
  isUserVerified: true,
  provedAt: 0,
};
const PASSWORD: FactorProof = {
  ...KEY,
  factorId: 'p',
  kind: 'password',
  isPhishingResistant: false,
  isDeviceBound: false,
  isUserVerified: false,
};
const TOTP: FactorProof = { ...PASSWORD, factorId: 't', kind: 'totp' };
const NOTHING: ExpressionFacts = {
  profile: undefined,
  profileAttributes: undefined,
  groups: undefined,
  groupNames: undefined,
  proofs: undefined,
  riskLevel: undefined,
  behaviorNames: undefined,
  deviceIsManaged: undefined,
  deviceIsRegistered: undefined,
};
const FACTS: ExpressionFacts = {
  profile: { department: 'Engineering', level: 4, isLead: true, tags: ['on-call', 'eu'], nick: "O'Hara" },
  profileAttributes: undefined,
  groups: new Set(['g1', 'g2']),
  groupNames: new Set(['Everyone', 'Operators']),
  proofs: [KEY],
  riskLevel: 'LOW',
  behaviorNames: new Set(['New IP']),
  deviceIsManaged: true,
  deviceIsRegistered: true,
};
const judged = (text: string, facts: Partial<ExpressionFacts> = FACTS): string => {
  const read = parseCondition(text);
  if (!read.ok) throw new Error(`${text}: ${read.message}`);
  return compileExpression(read.test)({ ...NOTHING, ...facts });
};

describe('forms that clients send', () => {
  it.each([
    ["user.profile.department == 'Engineering'", 'yes'],
    ['user.profile.department == "Sales"', 'no'],
    ["user.profile.department == 'Engineering' || user.profile.department == 'IT'", 'yes'],
    ["user.profile.department != 'Engineering'", 'no'],
    ["user.profile.department == 'engineering'", 'no'],
    ['user.profile.level >= 4 && user.profile.level < 5', 'yes'],
    ['user.profile.isLead == true', 'yes'],
    ['user.profile.missing == null', 'yes'],
    ["user.profile.missing == 'x'", 'no'],
    ["user.profile.tags == 'eu'", 'yes'],
    ["user.profile.tags.contains('eu')", 'yes'],
    ["user.profile.department.contains('gin')", 'yes'],
    ["user.profile.department.startsWith('Eng') == false", 'no'],
    ["user.profile.nick == 'O\\'Hara'", 'yes'],
    ["user.isMemberOf({'group.id': 'g2'})", 'yes'],
    ["user.isMemberOf({'group.id': {'g8', 'g9'}})", 'no'],
    ["user.isMemberOf({'group.profile.name': 'Operators'})", 'yes'],
    ["!user.isMemberOf({'group.profile.name': {'Guests', 'Operators'}})", 'no'],
    ["security.risk.level == 'LOW'", 'yes'],
    ["security.risk.level != 'HIGH'", 'yes'],
    ["security.behaviors.contains('New IP')", 'yes'],
    ["security.behaviors.contains('New Device') == false", 'yes'],
    ["session.amr.contains('mfa')", 'yes'],
    ["session.amr.contains('phr') && session.amr.contains('hwk') && session.amr.contains('user')", 'yes'],
    ["session.amr.contains('otp')", 'no'],
    ['device.profile.managed', 'yes'],
    ['device.profile.registered != true', 'no'],
    ['true', 'yes'],
    ['false or not false', 'yes'],
    ['(user.profile.level == 1 or user.profile.level == 4) AND device.profile.managed', 'yes'],
  ])('%s: %s', (text, expected) => {
    expect(judged(text)).toBe(expected);
  });

  it('a password is one method, and two factors are mfa', () => {
    const has = (method: string, ...proofs: FactorProof[]) => judged(`session.amr.contains('${method}')`, { proofs });
    expect([has('pwd', PASSWORD), has('mfa', PASSWORD), has('mfa', TOTP), has('otp', TOTP)]).toEqual([
      'yes',
      'no',
      'no',
      'yes',
    ]);
    expect([has('mfa', PASSWORD, TOTP), has('swk', { ...KEY, isDeviceBound: false })]).toEqual(['yes', 'yes']);
  });
});

describe('what is not known', () => {
  it('is an attribute that was not looked up, which is no attribute that is missing', () => {
    const facts = { ...FACTS, profileAttributes: ['department', 'missing'] };
    expect(judged('user.profile.missing == null', facts)).toBe('yes');
    expect(judged("user.profile.department == 'Engineering'", facts)).toBe('yes');
    for (const text of ['user.profile.level == null', 'user.profile.level != 5', 'user.profile.level == 4'])
      expect([text, judged(text, facts)]).toEqual([text, 'unknown']);
    expect(judged("user.profile.level == 4 || user.profile.department == 'Engineering'", facts)).toBe('yes');
  });

  it.each([
    ["user.profile.x == 'y'"],
    ["user.isMemberOf({'group.id': 'g1'})"],
    ["user.isMemberOf({'group.profile.name': 'n'})"],
    ["security.risk.level != 'HIGH'"],
    ["security.behaviors.contains('New IP') == false"],
    ["session.amr.contains('mfa')"],
    ['!device.profile.managed'],
    ['device.profile.registered'],
  ])('%s is unknown', (text) => {
    expect(judged(text, NOTHING)).toBe('unknown');
  });
  it('stays unknown unless the rest decides without it', () => {
    const u = "security.risk.level == 'LOW'";
    expect([
      judged(`true || ${u}`, NOTHING),
      judged(`${u} || true`, NOTHING),
      judged(`false || ${u}`, NOTHING),
    ]).toEqual(['yes', 'yes', 'unknown']);
    expect([
      judged(`false && ${u}`, NOTHING),
      judged(`${u} && false`, NOTHING),
      judged(`true && ${u}`, NOTHING),
    ]).toEqual(['no', 'no', 'unknown']);
    expect(judged(`!(${u})`, NOTHING)).toBe('unknown');
  });
});

describe('what is refused', () => {
  it.each([
    ['user.status == "ACTIVE"', 'is not understood'],
    ['user.getGroups()', 'is not understood'],
    ['user.profile.a.b.c == 1', 'is not understood'],
    ['user.profile.__proto__ == null', 'is not understood'],
    ['user.profile.department.matches(".*")', 'is not understood'],
    ['device.provider.zta.overall >= 80', 'is not understood'],
    ["security.risk.level == 'SEVERE'", 'one of LOW, MEDIUM, HIGH'],
    ["security.risk.level > 'LOW'", '== or !='],
    ["user.profile.level > 'x'", 'numbers only'],
    ["user.isMemberOf({'group.type': 'x'})", 'no way to name a group'],
    ["user.isMemberOf('g1')", '{ is expected'],
    ["device.profile.managed == 'yes'", 'true or false'],
    ["user.profile.department = 'x'", 'cannot be read'],
    ['user.profile.department', 'ends too early'],
    ['(true', ') is expected'],
    ['true true', 'not expected there'],
    ['', 'ends too early'],
    ['true ? true : false', 'cannot be read'],
    ["'a' == 'a'", 'is not understood'],
    ['${exec("x")}', 'cannot be read'],
    [`${'('.repeat(40)}true${')'.repeat(40)}`, 'nested'],
    [Array(101).fill('true').join(' && '), 'at most 100'],
    [`user.profile.a == '${'x'.repeat(2000)}'`, 'at most 2000'],
  ])('%s', (text, words) => {
    const read = parseCondition(text);
    expect(read.ok ? 'read' : read.message).toContain(words);
  });
});

it('is read and judged in steps that grow no faster than its length', () => {
  // The worst of each kind, at full length and at a sixteenth of it: what tries again takes 256 times as many. What one token
  // alone may make its expression read again is bounded by the length.
  const shapes: ((n: number) => string)[] = [
    (n) => ' '.repeat(n),
    (n) => `user.profile.a == '${'\\\\'.repeat(n / 2 - 12)}`,
    (n) => `user.profile.${'a'.repeat(n - 20)}`,
    (n) => '('.repeat(n),
    (n) => '!'.repeat(n),
    (n) => `${'1'.repeat(n - 1)}x`,
    (n) => `${'a.'.repeat(n / 2 - 1)}`,
    (n) => 'true||'.repeat(Math.min(n / 6 - 1, 99)) + 'true',
  ];
  const steps = (text: string): number =>
    countSteps(/\/(expressions|policies)\//, () => {
      const read = parseCondition(text);
      if (read.ok) compileExpression(read.test)(FACTS);
    });
  for (const shape of shapes) {
    const part = steps(shape(125));
    expect(part, shape(60)).toBeGreaterThan(0);
    expect(steps(shape(2000)), `${shape(60)}: ${part} at a sixteenth`).toBeLessThan(part * 64);
  }
});

it('tells which attributes of people, and which groups, are asked for', () => {
  const read = parseCondition('user.profile.a == 1 && !(user.profile.b == 2 || user.profile.a == 3)');
  expect(read.ok && askedOfPeople([read.test])).toEqual({ attributes: ['a', 'b'], groupIds: [], groupNames: [] });
  const named = parseCondition("user.isMemberOf({'group.profile.name': 'x'})");
  expect(named.ok && askedOfPeople([named.test]).groupNames).toEqual(['x']);
  const byId = parseCondition("!user.isMemberOf({'group.id': {'b', 'a'}})");
  expect(byId.ok && askedOfPeople([byId.test])).toEqual({ attributes: [], groupIds: ['b', 'a'], groupNames: [] });
});
