import { DEFAULT_PASSWORD_SETTINGS, type PasswordComplexity } from '@sallyport/model/password-policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedOfSetPassword, judgePassword } from './judge-password.ts';

const OWNER = { login: 'ana.admin@example.org', firstName: 'Anastasia', lastName: 'Kowalski' };
const judge = (password: string, owner: Partial<typeof OWNER> = {}) => judgePassword(password, { ...OWNER, ...owner });
const ALLOW = { kind: 'allow' };
const TOO_SHORT = { kind: 'deny', causes: ['Use at least 12 characters.'] };
const TOO_LONG = { kind: 'deny', causes: ['Use at most 128 characters.'] };
const LOGIN = { kind: 'deny', causes: ['Do not use your login in the password.'] };
const NAME = { kind: 'deny', causes: ['Do not use your name in the password.'] };
const REPEATED = { kind: 'deny', causes: ['Do not repeat one character.'] };
const SEQUENCE = {
  kind: 'deny',
  causes: ['Do not use a sequence of the alphabet, of digits or of the keyboard.'],
};
const COMMON = { kind: 'deny', causes: ['This password is among those that attackers try first.'] };

describe('the length of a password', () => {
  const words = 'correct horse battery staple ';

  it('is at least 12 and at most 128', () => {
    expect(judge(words.slice(0, 11))).toEqual(TOO_SHORT);
    expect(judge(words.slice(0, 12))).toEqual(ALLOW);
    expect(judge(words.repeat(5).slice(0, 128))).toEqual(ALLOW);
    expect(judge(words.repeat(5).slice(0, 129))).toEqual(TOO_LONG);
    expect(judge('')).toEqual(TOO_SHORT);
  });

  it('is at least 8 where it is set for somebody else, and held to all the rest', () => {
    const set = (password: string) => judgePassword(password, OWNER, askedOfSetPassword(DEFAULT_PASSWORD_SETTINGS));
    expect(set('Abcd1234')).toEqual(ALLOW);
    expect(set('Abcd123')).toEqual({ kind: 'deny', causes: ['Use at least 8 characters.'] });
    expect(set('Passw0rd')).toEqual(COMMON);
    expect(set('12345678')).toEqual(SEQUENCE);
    expect(set('kowalski')).toEqual(NAME);
  });

  it('counts code points, not UTF-16 units', () => {
    const eleven = '🐎🔋🧷✅🌊🌲🍀🎈🎲🎻🏔';
    expect([...eleven]).toHaveLength(11);
    expect(judge(eleven)).toEqual(TOO_SHORT);
    expect(judge(`${eleven}🐎`)).toEqual(ALLOW);
    expect(judge([...`${eleven}x`.repeat(11)].slice(0, 128).join(''))).toEqual(ALLOW);
    expect(judge([...`${eleven}x`.repeat(11)].slice(0, 129).join(''))).toEqual(TOO_LONG);
  });

  it('counts a composed character once', () => {
    const decomposed = 'fünf grüne ä'.normalize('NFD');
    expect(decomposed.length).toBe(15);
    expect(judge(decomposed)).toEqual(ALLOW);
    expect(judge(decomposed.slice(2))).toEqual(TOO_SHORT);
  });

  it('is told alone', () => {
    expect(judge('aaaaaaaaaaa')).toEqual(TOO_SHORT);
    expect(judge('a'.repeat(129))).toEqual(TOO_LONG);
  });
});

describe('the person in the password', () => {
  it('is refused by login and by either name, in any case and composition', () => {
    expect(judge('xx-ana.admin-xx')).toEqual(LOGIN);
    expect(judge('xx-ANA.ADMIN-xx')).toEqual(LOGIN);
    expect(judge('my-anastasia-xx')).toEqual(NAME);
    expect(judge('my-Kowalski-xxx')).toEqual(NAME);
    expect(judge('xx-zażółć-xxxxx'.normalize('NFD'), { lastName: 'ZAŻÓŁĆ' })).toEqual(NAME);
  });

  it('tells both causes', () => {
    expect(judge('ana.admin kowalski')).toEqual({
      kind: 'deny',
      causes: ['Do not use your login in the password.', 'Do not use your name in the password.'],
    });
  });

  it('is the local part of the login, not its domain', () => {
    expect(judge('something example.org')).toEqual(ALLOW);
    expect(judge('something olga here', { login: 'olga' })).toEqual(LOGIN);
  });

  it('counts from four characters, without the blanks around', () => {
    expect(judge('something ola here', { login: 'ola@example.org', firstName: 'Som', lastName: 'ere' })).toEqual(ALLOW);
    expect(judge('something olga here', { firstName: 'Olga' })).toEqual(NAME);
    expect(judge('something-olga-here', { firstName: ' Olga ' })).toEqual(NAME);
    expect(judge('something-olga-here', { lastName: '\tOlga' })).toEqual(NAME);
    expect(judge('something-olga-here', { login: ' olga @example.org' })).toEqual(LOGIN);
    expect(judge('something-ola-here', { firstName: ' ola', lastName: 'ola ', login: ' ola ' })).toEqual(ALLOW);
    expect(judge('correct 🐎🔋 staple', { firstName: '🐎🔋' })).toEqual(ALLOW);
    expect(judge('correct horse bat', { login: '', firstName: '', lastName: '' })).toEqual(ALLOW);
  });
});

describe('what is guessed first', () => {
  it.each(['aaaaaaaaaaaa', 'aAaAaAaAaAaA', '            ', '🐎'.repeat(12)])('one character: %s', (password) => {
    expect(judge(password)).toEqual(REPEATED);
  });

  it.each([
    '123456789012',
    '890123456789012',
    '098765432109',
    'abcdefghijkl',
    'xyzabcdefghi',
    'ZYXWVUTSRQPO',
    'qwertyuiopas',
    'mnbvcxzlkjhg',
    'qwertyuiop12',
    '1234567890qwerty',
    'ytrewq0987654321',
  ])('a sequence: %s', (password) => {
    expect(judge(password)).toEqual(SEQUENCE);
  });

  it('finds the longest sequence too', () => {
    expect(judge('0123456789'.repeat(13).slice(0, 128))).toEqual(SEQUENCE);
    expect(judge('qwertyuiopasdfghjklzxcvbnm'.repeat(5).slice(0, 128))).toEqual(SEQUENCE);
  });

  it.each([
    'passwordpassword',
    'password1234',
    'password12345',
    'password123456',
    'password123!',
    'p@ssword1234',
    'p@ssw0rd1234',
    'adminadminadmin',
    'administrator',
    'administrator1',
    'admin1234567',
    'welcome12345',
    'welcome123456',
    'letmeinletmein',
    'changeme1234',
    'changemechangeme',
    'iloveyou1234',
    'iloveyouiloveyou',
    'qwerty123456',
    'qwertyqwerty',
    '1q2w3e4r5t6y',
    '1qaz2wsx3edc',
    'q1w2e3r4t5y6',
    'abc123abc123',
    'abcd12345678',
    '123123123123',
    '123456123456',
    '121212121212',
    '112233445566',
    'correcthorsebatterystaple',
    'PasswordPassword',
  ])('a common password: %s', (password) => {
    expect(judge(password)).toEqual(COMMON);
  });

  it('asks for no composition: what only begins like these passes', () => {
    for (const password of [
      'aaaaaaaaaaab',
      '123456789013',
      'abcdefghijkm',
      'passwordpasswordx',
      'correct horse battery',
    ])
      expect([password, judge(password)]).toEqual([password, ALLOW]);
  });
});

describe('what a policy asks for besides', () => {
  const asked = (more: Partial<PasswordComplexity>): PasswordComplexity => ({
    ...DEFAULT_PASSWORD_SETTINGS.complexity,
    ...more,
  });
  const words = 'correct horse battery staple ';

  it('is a length, to the character', () => {
    expect(judgePassword(words.slice(0, 15), OWNER, asked({ minLength: 16 }))).toEqual({
      kind: 'deny',
      causes: ['Use at least 16 characters.'],
    });
    expect(judgePassword(words.slice(0, 16), OWNER, asked({ minLength: 16 }))).toEqual(ALLOW);
  });

  it.each([
    ['minLowerCase', 'CORRECT HORSE 7!', 'Use a lower case letter.', 'CORRECT hORSE 7!'],
    ['minUpperCase', 'correct horse 7!', 'Use an upper case letter.', 'correct Élan 7!x'],
    ['minNumber', 'correct Horse ½!', 'Use a digit.', 'correct Horse ٣!'],
    ['minSymbol', 'correct Horse 7e\u0301', 'Use a symbol, such as ! or #.', 'correct Horse 7¡'],
  ] as const)('is a class of characters: %s', (name, without, cause, having) => {
    expect(judgePassword(without, OWNER, asked({ [name]: 1 }))).toEqual({ kind: 'deny', causes: [cause] });
    expect(judgePassword(without, OWNER, asked({ [name]: 0 }))).toEqual(ALLOW);
    expect(judgePassword(having, OWNER, asked({ [name]: 1 }))).toEqual(ALLOW);
  });

  it('is told all at once, beside what is wrong anyway', () => {
    const all = asked({ minLowerCase: 1, minUpperCase: 1, minNumber: 1, minSymbol: 1 });
    expect(judgePassword('ANA.ADMIN ANA', OWNER, all)).toEqual({
      kind: 'deny',
      causes: [...LOGIN.causes, 'Use a lower case letter.', 'Use a digit.'],
    });
  });

  it('holds for a password that is set for somebody else, where it is more than the usual length', () => {
    const set = (minLength: number) =>
      askedOfSetPassword({ ...DEFAULT_PASSWORD_SETTINGS, complexity: asked({ minLength, minSymbol: 1 }) });
    expect([set(12).minLength, set(13).minLength, set(12).minSymbol]).toEqual([8, 13, 1]);
  });
});

describe('any password', () => {
  const code = fc.string({ unit: 'binary', maxLength: 200 });

  it('gets a verdict, and a denial has causes', () => {
    fc.assert(
      fc.property(code, code, code, code, (password, login, firstName, lastName) => {
        const verdict = judgePassword(password, { login, firstName, lastName });
        if (verdict.kind === 'deny') expect(verdict.causes.length).toBeGreaterThan(0);
        else expect([...password.normalize('NFC')].length).toBeGreaterThanOrEqual(12);
      }),
    );
  });

  it('that holds a name of four characters or more is refused', () => {
    const name = fc.string({ minLength: 4, maxLength: 20 }).filter((text) => text.trim().length >= 4);
    fc.assert(
      fc.property(name, fc.string({ minLength: 8, maxLength: 50 }), fc.nat(8), (firstName, filler, at) => {
        const password = filler.slice(0, at) + firstName.toUpperCase() + filler.slice(at);
        expect(judge(password, { firstName }).kind).toBe('deny');
      }),
    );
  });
});
