import { notFound } from '@sallyport/model/errors';
import {
  isMailed,
  isNotificationType,
  type NotificationType,
  type SubscriptionStatus,
} from '@sallyport/model/subscriptions';
import type { Services } from '../services.ts';

/** E0000007 for a kind that there is not. */
export const readNotificationType = (text: string): NotificationType => {
  if (!isNotificationType(text)) throw notFound(text, 'NotificationType');
  return text;
};

/** As the wire has it. Without a channel nothing comes of it: no such mail is sent to these roles, or none at all. */
export const presentSubscription = (
  s: Services,
  holder: string,
  notificationType: NotificationType,
  status: SubscriptionStatus,
  roles: readonly string[],
) => ({
  notificationType,
  status,
  channels: s.mailer !== null && isMailed(notificationType, roles) ? ['email'] : [],
  _links: {
    self: { href: `${s.config.publicUrl.origin}/api/v1/${holder}/subscriptions/${notificationType}` },
  },
});
