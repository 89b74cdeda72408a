import { describe, expect, it } from 'vitest';
import { bodyOf, commandOf, isAsked, valueWords } from './what-if-draft.ts';

describe('an imagined case', () => {
  it('is asked about a policy or a past event', () => {
    expect(isAsked({})).toBe(false);
    expect(isAsked({ user: '00u1' })).toBe(false);
    expect(isAsked({ policy: 'rst1' })).toBe(true);
    expect(isAsked({ event: 'e1' })).toBe(true);
  });
  it('says only what was given: the rest is looked up, or not known', () => {
    expect(bodyOf({ policy: 'rst1' })).toEqual({ policy: 'rst1', facts: {} });
    expect(
      bodyOf({ policy: 'rst1', user: '00u1', ip: '203.0.113.7', auth: 'password', device: 'registered', risk: 'LOW' }),
    ).toEqual({
      policy: 'rst1',
      facts: {
        user: '00u1',
        ip: '203.0.113.7',
        authenticators: 'password',
        deviceIsRegistered: true,
        deviceIsManaged: false,
        risk: 'LOW',
      },
    });
    expect(bodyOf({ event: 'e1', device: 'toString' })).toEqual({ event: 'e1', facts: {} });
  });
  it('is the same question in a terminal', () => {
    expect(commandOf({ policy: 'rst1', user: 'ana@example.org', auth: 'password+totp', device: 'managed' })).toBe(
      'sallyport what-if --policy rst1 --user ana@example.org --with password+totp --managed yes',
    );
    expect(commandOf({ event: 'e1', ip: "1'; rm -rf /", risk: 'HIGH' })).toBe(
      "sallyport what-if --event e1 --ip '1; rm -rf /' --risk high",
    );
  });
  it('names what has a name', () => {
    const nameOf = (id: string): string => ({ nzo1: 'Office' })[id] ?? id;
    expect(valueWords({ value: ['nzo1', 'nzo2'], shown: 'nzo1, nzo2' }, nameOf)).toBe('Office, nzo2');
    expect(valueWords({ value: 'nzo1', shown: 'nzo1' }, nameOf)).toBe('Office');
    expect(valueWords({ value: [], shown: 'none' }, nameOf)).toBe('none');
    expect(valueWords({ value: true, shown: 'yes' }, nameOf)).toBe('yes');
  });
});
