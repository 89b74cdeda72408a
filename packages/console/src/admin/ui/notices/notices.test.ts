import { describe, expect, it } from 'vitest';
import { noticesOf } from './notices.ts';

describe('notices to choose', () => {
  it('are those of which a mail comes, and no others', () => {
    const of = (notificationType: string, status: 'subscribed' | 'unsubscribed', channels: readonly 'email'[]) => ({
      notificationType,
      status,
      channels,
    });
    expect(
      noticesOf([
        of('USER_LOCKED_OUT', 'subscribed', []),
        of('REPORT_SUSPICIOUS_ACTIVITY', 'unsubscribed', ['email']),
        of('OF_A_LATER_SERVER', 'subscribed', ['email']),
      ]),
    ).toEqual([
      { type: 'REPORT_SUSPICIOUS_ACTIVITY', words: expect.stringContaining('that wasn’t me'), isOn: false },
      { type: 'OF_A_LATER_SERVER', words: 'OF_A_LATER_SERVER', isOn: true },
    ]);
  });
});
