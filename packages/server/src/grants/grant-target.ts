import type { Entitlement } from '@sallyport/model/grant';
import type { LogTarget } from '@sallyport/model/log-event';

const TARGET_TYPE = {
  bundle: 'EntitlementBundle',
  group: 'UserGroup',
  app: 'AppInstance',
  'service-account': 'User',
} as const;

/** What a grant gives, as a target of an event: by its name of then, for it may be gone. */
export const entitlementTarget = ({ kind, id }: Entitlement, name: string): LogTarget => ({
  id,
  type: TARGET_TYPE[kind],
  alternateId: kind === 'group' ? 'unknown' : name,
  displayName: name,
  detailEntry: null,
});

/** What it gives is no role: the log names it so. */
export const MAINTENANCE_PRIVILEGE = 'Sign in as a service account';

/** What giving and ending is called in the log. */
export const GRANT_EVENTS = {
  bundle: { begin: 'user.account.privilege.grant', end: 'user.account.privilege.revoke' },
  group: { begin: 'group.user_membership.add', end: 'group.user_membership.remove' },
  app: { begin: 'application.user_membership.add', end: 'application.user_membership.remove' },
  'service-account': { begin: 'user.account.privilege.grant', end: 'user.account.privilege.revoke' },
} as const;
