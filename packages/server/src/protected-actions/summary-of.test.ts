import { describe, expect, it } from 'vitest';
import { summaryOf } from './summary-of.ts';

const shown = (body: unknown): unknown => JSON.parse(summaryOf(body) ?? 'null');

describe('what is shown of a body', () => {
  it('is no secret, at whatever depth and in whatever shape', () => {
    expect(
      shown({
        profile: { login: 'a@example.org' },
        credentials: {
          password: { value: 'p1', hash: { algorithm: 'BCRYPT', salt: 's1', value: 'p2' } },
          recovery_question: { question: 'q', answer: 'p3' },
        },
        clientSecret: 'p4',
        secrets: ['p5', { value: 'p6' }],
      }),
    ).toEqual({
      profile: { login: 'a@example.org' },
      credentials: {
        password: {
          value: '(not shown)',
          hash: { algorithm: 'BCRYPT', salt: '(not shown)', value: '(not shown)' },
        },
        recovery_question: { question: 'q', answer: '(not shown)' },
      },
      clientSecret: '(not shown)',
      secrets: ['(not shown)', { value: '(not shown)' }],
    });
  });

  it('is what a policy asks of passwords, and every other value', () => {
    const body = {
      settings: { password: { complexity: { minLength: 14 }, age: { maxAgeDays: 0 } } },
      gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }],
    };
    expect(shown(body)).toEqual(body);
  });

  it('is nothing of nothing, and at most a page', () => {
    expect([summaryOf(undefined), summaryOf(null), summaryOf({})]).toEqual([null, null, null]);
    expect(summaryOf({ text: 'x'.repeat(5000) })?.length).toBeLessThan(4100);
  });
});
