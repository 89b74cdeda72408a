import { describe, expect, it } from 'vitest';
import { judgeLifetimes } from './judge-lifetimes.ts';

const LIMITS = {
  idleMinutes: { min: 5, max: 720 },
  lifetimeMinutes: { min: 5, max: 10_080 },
  aal3Minutes: { idle: 15, lifetime: 720 },
};
const judge = (idle: string, lifetime: string) => judgeLifetimes({ idle, lifetime }, LIMITS);

describe('judgeLifetimes', () => {
  it('takes what the server takes, at both ends', () => {
    for (const [idle, lifetime] of [
      ['5', '5'],
      ['720', '10080'],
      [' 15 ', '720'],
    ] as const)
      expect(judge(idle, lifetime).settings).toEqual({
        sessionIdleTimeoutMinutes: Number(idle),
        sessionMaxLifetimeMinutes: Number(lifetime),
      });
  });
  it('refuses what is out of range or no number', () => {
    for (const idle of ['4', '721', '', '-5', '1e2', '15.5', 'x', '9999999'])
      expect([idle, judge(idle, '720').settings]).toEqual([idle, null]);
    expect(judge('15', '10081').lifetimeError).toBe('A number of minutes from 5 to 10080');
  });
  it('refuses an idle time that is longer than the whole', () => {
    expect(judge('60', '30')).toMatchObject({ idleError: 'Not longer than in all', lifetimeError: null });
  });
  it('says when it is beyond AAL3', () => {
    expect(judge('15', '720').isBeyondAal3).toBe(false);
    expect(judge('16', '720').isBeyondAal3).toBe(true);
    expect(judge('15', '721').isBeyondAal3).toBe(true);
    expect(judge('x', '9000').isBeyondAal3).toBe(false);
  });
});
