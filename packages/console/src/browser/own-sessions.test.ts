import { describe, expect, it } from 'vitest';
import { endOf, type OwnSession } from './own-sessions.ts';

const at = (hour: number): string => `2026-11-25T${hour}:00:00.000Z`;
const session: OwnSession = {
  id: 'a',
  isCurrent: false,
  device: 'Chrome on Linux',
  address: '203.0.113.7',
  network: { name: 'AS64500 Example' },
  place: null,
  authenticator: 'Security key',
  hasConsole: false,
  createdAt: at(10),
  lastActivityAt: at(11),
  idleEndsAt: at(13),
  endsAt: at(20),
  endedAt: null,
  endReason: null,
};
const now = (hour: number): number => Date.parse(at(hour));

describe('endOf', () => {
  it('is null while the session lives', () => {
    expect(endOf(session, now(12))).toBeNull();
  });

  it('is what was written down', () => {
    expect(endOf({ ...session, endedAt: at(12), endReason: 'client-roaming' }, now(14))).toEqual({
      at: at(12),
      reason: 'client-roaming',
    });
  });

  it('is the earlier of the idle time and the lifetime when nobody wrote it down', () => {
    expect(endOf(session, now(13))).toEqual({ at: at(13), reason: 'idle' });
    expect(endOf({ ...session, endsAt: at(12) }, now(13))).toEqual({ at: at(12), reason: 'lifetime' });
  });

  it('never takes the session of this page for ended because of a wrong clock', () => {
    expect(endOf({ ...session, isCurrent: true }, now(23))).toBeNull();
  });
});
