/**
 * Mails that administrators may be without: the kinds that the wire's clients know. This server sends one of them; a choice
 * about any other is kept for the client that made it, and no mail comes of it. Mails about one's own account and those
 * that wait for one's approval are none of these: nobody can switch them off.
 */
import type { RoleType } from './roles.ts';

export const NOTIFICATION_TYPES = [
  'AD_AGENT',
  'AGENT_AUTO_UPDATE_NOTIFICATION',
  'AGENT_AUTO_UPDATE_NOTIFICATION_LDAP',
  'APP_IMPORT',
  'CONNECTOR_AGENT',
  'IWA_AGENT',
  'LDAP_AGENT',
  'OKTA_ANNOUNCEMENT',
  'OKTA_UPDATE',
  'RATELIMIT_NOTIFICATION',
  'REPORT_SUSPICIOUS_ACTIVITY',
  'USER_DEPROVISION',
  'USER_LOCKED_OUT',
] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];
export const isNotificationType = (text: string): text is NotificationType =>
  (NOTIFICATION_TYPES as readonly string[]).includes(text);

export type SubscriptionStatus = 'subscribed' | 'unsubscribed';

/** Of these a mail is sent, to holders of these roles. */
const MAILED: Readonly<Partial<Record<NotificationType, readonly RoleType[]>>> = {
  // Somebody says "that wasn't me": told to whoever can look at an administrator's account.
  REPORT_SUSPICIOUS_ACTIVITY: ['SUPER_ADMIN'],
};
/** Does anything come of it for the holder of these roles? By id where it is a custom one. */
export const isMailed = (type: NotificationType, roles: readonly string[]): boolean =>
  MAILED[type]?.some((role) => roles.includes(role)) ?? false;
