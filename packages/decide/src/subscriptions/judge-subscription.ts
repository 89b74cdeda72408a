import { isMailed, type NotificationType, type SubscriptionStatus } from '@sallyport/model/subscriptions';

/** What a role says; where nobody chose, its holders get what is sent to them at all. */
export const roleSubscription = (
  type: NotificationType,
  role: string,
  chosen: SubscriptionStatus | undefined,
): SubscriptionStatus => chosen ?? (isMailed(type, [role]) ? 'subscribed' : 'unsubscribed');

/**
 * Whether a person is subscribed: by their own choice; without one, when any of their roles is. `ofRoles` has what was chosen
 * for each role that they hold.
 */
export const judgeSubscription = (
  type: NotificationType,
  own: SubscriptionStatus | undefined,
  ofRoles: ReadonlyMap<string, SubscriptionStatus | undefined>,
): SubscriptionStatus => {
  if (own !== undefined) return own;
  const isSubscribed = [...ofRoles].some(([role, chosen]) => roleSubscription(type, role, chosen) === 'subscribed');
  return isSubscribed ? 'subscribed' : 'unsubscribed';
};
