import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idleDeadline, judgeSessionLifetime, sessionDeadline } from './judge-session-lifetime.ts';

const session = { lastActivityAt: 10_000, endsAt: 100_000, idleTimeoutSeconds: 60, endedAt: null, isLocked: false };
const deny = (reason: string) => ({ kind: 'deny', reasons: [reason] });
const valid = { kind: 'allow', reasons: ['session-valid'] };

describe('judgeSessionLifetime', () => {
  it('allows to the last millisecond before the session is idle, and not one more', () => {
    expect(judgeSessionLifetime(session, 69_999)).toEqual(valid);
    expect(judgeSessionLifetime(session, 70_000)).toEqual(deny('session-idle'));
  });

  it('allows to the last millisecond of the lifetime, and not one more', () => {
    const active = { ...session, lastActivityAt: 99_000 };
    expect(judgeSessionLifetime(active, 99_999)).toEqual(valid);
    expect(judgeSessionLifetime(active, 100_000)).toEqual(deny('session-lifetime-reached'));
    expect(judgeSessionLifetime(active, 100_001)).toEqual(deny('session-lifetime-reached'));
  });

  it('denies what was ended, also when that instant is in the future of this clock', () => {
    expect(judgeSessionLifetime({ ...session, endedAt: 20_000 }, 30_000)).toEqual(deny('session-ended'));
    expect(judgeSessionLifetime({ ...session, endedAt: 20_000 }, 15_000)).toEqual(deny('session-ended'));
    expect(judgeSessionLifetime({ ...session, endedAt: 0 }, 15_000)).toEqual(deny('session-ended'));
  });

  it('denies what is locked', () => {
    expect(judgeSessionLifetime({ ...session, isLocked: true }, 20_000)).toEqual(deny('session-locked'));
  });

  it('names the strongest reason: ended, locked, lifetime, idle', () => {
    expect(judgeSessionLifetime({ ...session, endedAt: 1, isLocked: true }, 200_000)).toEqual(deny('session-ended'));
    expect(judgeSessionLifetime({ ...session, isLocked: true }, 200_000)).toEqual(deny('session-locked'));
    expect(judgeSessionLifetime(session, 200_000)).toEqual(deny('session-lifetime-reached'));
  });

  it('denies a timeout of nothing, and an instant that is no number', () => {
    expect(judgeSessionLifetime({ ...session, idleTimeoutSeconds: 0 }, 10_000)).toEqual(deny('session-idle'));
    expect(judgeSessionLifetime({ ...session, idleTimeoutSeconds: 0 }, 9_000)).toEqual(deny('session-idle'));
    expect(judgeSessionLifetime(session, Number.NaN)).toEqual(deny('session-lifetime-reached'));
    expect(judgeSessionLifetime({ ...session, lastActivityAt: Number.NaN }, 20_000)).toEqual(deny('session-idle'));
  });

  it('treats an instant before the last activity as that activity', () => {
    expect(judgeSessionLifetime(session, 5_000)).toEqual(valid);
    expect(judgeSessionLifetime({ ...session, endsAt: 4_000 }, 5_000)).toEqual(deny('session-lifetime-reached'));
  });

  it('never comes back to life as time goes on', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(200_000), (a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)];
        if (judgeSessionLifetime(session, early).kind === 'deny')
          expect(judgeSessionLifetime(session, late).kind).toBe('deny');
      }),
    );
  });

  it('is over exactly from the deadline that clients are told', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10_000, max: 200_000 }),
        fc.integer({ min: 20_000, max: 120_000 }),
        (now, endsAt) => {
          const s = { ...session, endsAt };
          expect(judgeSessionLifetime(s, now).kind).toBe(now >= sessionDeadline(s) ? 'deny' : 'allow');
        },
      ),
    );
  });
});

describe('idleDeadline', () => {
  it('is the last activity plus the timeout', () => {
    expect(idleDeadline({ lastActivityAt: 1_000, idleTimeoutSeconds: 90 })).toBe(91_000);
  });
});

describe('sessionDeadline', () => {
  it('is the earlier of idle and lifetime', () => {
    expect(sessionDeadline({ lastActivityAt: 0, idleTimeoutSeconds: 10, endsAt: 9_999 })).toBe(9_999);
    expect(sessionDeadline({ lastActivityAt: 0, idleTimeoutSeconds: 10, endsAt: 10_001 })).toBe(10_000);
  });
});
