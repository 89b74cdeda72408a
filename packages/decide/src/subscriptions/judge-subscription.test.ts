import type { SubscriptionStatus } from '@sallyport/model/subscriptions';
import { describe, expect, it } from 'vitest';
import { judgeSubscription, roleSubscription } from './judge-subscription.ts';

type Chosen = SubscriptionStatus | undefined;
const TYPE = 'REPORT_SUSPICIOUS_ACTIVITY';

describe('a subscription', () => {
  it.each<[string, Chosen, SubscriptionStatus]>([
    ['SUPER_ADMIN', undefined, 'subscribed'],
    ['SUPER_ADMIN', 'unsubscribed', 'unsubscribed'],
    ['ORG_ADMIN', undefined, 'unsubscribed'],
    ['ORG_ADMIN', 'subscribed', 'subscribed'],
    ['cr0OfOurOwn', undefined, 'unsubscribed'],
  ])('of %s, chosen %s, is %s', (role, chosen, status) => {
    expect(roleSubscription(TYPE, role, chosen)).toBe(status);
  });
  it('of a kind that is never sent is nobody’s until chosen', () => {
    expect(roleSubscription('USER_LOCKED_OUT', 'SUPER_ADMIN', undefined)).toBe('unsubscribed');
  });
  it.each<[Chosen, readonly [string, Chosen][], SubscriptionStatus]>([
    [undefined, [], 'unsubscribed'],
    [undefined, [['SUPER_ADMIN', undefined]], 'subscribed'],
    ['unsubscribed', [['SUPER_ADMIN', undefined]], 'unsubscribed'],
    ['subscribed', [['SUPER_ADMIN', 'unsubscribed']], 'subscribed'],
    [undefined, [['SUPER_ADMIN', 'unsubscribed']], 'unsubscribed'],
    [
      undefined,
      [
        ['SUPER_ADMIN', 'unsubscribed'],
        ['ORG_ADMIN', 'subscribed'],
      ],
      'subscribed',
    ],
  ])('of a person who chose %s, with roles %j, is %s', (own, roles, status) => {
    expect(judgeSubscription(TYPE, own, new Map(roles))).toBe(status);
  });
});
