import { describe, expect, it } from 'vitest';
import { judgeZeroStanding, weaknessesOfFew, type ZeroStandingFacts } from './judge-zero-standing.ts';

const LAST: ZeroStandingFacts = { taken: 1, standingAble: 0, breakGlassReady: 1, ableToGetIt: 1 };
const reasonsOf = (change: Partial<ZeroStandingFacts>) => judgeZeroStanding({ ...LAST, ...change }).reasons;

describe('the last super admin whose role stands', () => {
  it('is given up where break-glass is ready and somebody gets it by asking', () => {
    expect(judgeZeroStanding(LAST)).toEqual({ kind: 'allow', reasons: [] });
  });
  it('stays without either, and says which', () => {
    expect(reasonsOf({ breakGlassReady: 0 })).toEqual(['zero-standing-no-break-glass']);
    expect(reasonsOf({ ableToGetIt: 0 })).toEqual(['zero-standing-nobody-able']);
    expect(reasonsOf({ breakGlassReady: 0, ableToGetIt: 0 })).toEqual([
      'zero-standing-no-break-glass',
      'zero-standing-nobody-able',
    ]);
  });
  it('is nobody’s question while another stands, or nothing is taken', () => {
    for (const change of [{ standingAble: 1 }, { taken: 0 }])
      expect(judgeZeroStanding({ ...LAST, breakGlassReady: 0, ableToGetIt: 0, ...change }).kind).toBe('allow');
  });
});

it('says what is weaker with one and with two people, and nothing with three', () => {
  const say = (admins: number, needed = 2): string => weaknessesOfFew({ admins, needed, isEnding: false }).join(' ');
  expect(say(1)).toContain('one administrator');
  expect(say(2)).toContain('neither could ever have it by asking');
  expect(say(2, 1)).toContain('one yes is enough');
  expect(say(3)).toBe('');
  expect(weaknessesOfFew({ admins: 2, needed: 1, isEnding: true })).toHaveLength(2);
});
