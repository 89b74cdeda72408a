import { isPasswordLocked } from '@sallyport/decide/authenticators/judge-password-times';
import { type Instant, toIso } from '@sallyport/model/instant';
import type { Row } from '../store/tables.ts';
import { schemaIdOf } from '../user-types/store.ts';

const iso = (at: number | null): string | null => (at === null ? null : toIso(at));

/**
 * The status as the wire shows it. A password that is locked, was expired or reset shows as LOCKED_OUT, PASSWORD_EXPIRED or
 * RECOVERY; keys still work. One that is too old for its policy is found to be at the next sign-in.
 */
const shownStatus = (row: Row<'users'>, now: Instant): string => {
  if (row.status !== 'ACTIVE') return row.status;
  if (isPasswordLocked(row, now)) return 'LOCKED_OUT';
  if (row.passwordState === 'RECOVERY') return 'RECOVERY';
  return row.passwordState === 'EXPIRED' ? 'PASSWORD_EXPIRED' : 'ACTIVE';
};

/** What can be done next, by status as the wire names it; only what this server can. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  STAGED: ['activate', 'resetFactors'],
  PROVISIONED: ['suspend', 'resetPassword', 'reactivate', 'resetFactors', 'deactivate'],
  ACTIVE: ['suspend', 'resetPassword', 'expirePassword', 'changePassword', 'resetFactors', 'deactivate'],
  PASSWORD_EXPIRED: ['suspend', 'resetPassword', 'changePassword', 'resetFactors', 'deactivate'],
  RECOVERY: ['suspend', 'resetPassword', 'reactivate', 'resetFactors', 'deactivate'],
  LOCKED_OUT: ['suspend', 'resetPassword', 'unlock', 'resetFactors', 'deactivate'],
  SUSPENDED: ['unsuspend', 'resetFactors', 'deactivate'],
  DEPROVISIONED: ['activate', 'delete'],
};
const PATHS: Readonly<Record<string, string>> = {
  delete: '',
  resetPassword: '/lifecycle/reset_password',
  expirePassword: '/lifecycle/expire_password',
  resetFactors: '/lifecycle/reset_factors',
  changePassword: '/credentials/change_password',
};

/** A user as the wire shows one by themselves: with what can be done next. */
export const presentWholeUser = (row: Row<'users'>, origin: string, now: Instant) => {
  const shown = presentUser(row, origin, now);
  const { href } = shown._links.self;
  const link = (verb: string) => ({
    href: `${href}${PATHS[verb] ?? `/lifecycle/${verb}`}`,
    method: verb === 'delete' ? 'DELETE' : 'POST',
  });
  return {
    ...shown,
    _links: {
      ...Object.fromEntries((NEXT[shown.status] ?? []).map((verb) => [verb, link(verb)])),
      schema: { href: `${origin}/api/v1/meta/schemas/user/${schemaIdOf(row.typeId)}` },
      type: { href: `${origin}/api/v1/meta/types/user/${row.typeId}` },
      ...shown._links,
    },
  };
};

/** A user as the wire shows them in lists; what the wire does not know of one stands under `sallyport`. */
export const presentUser = (row: Row<'users'>, origin: string, now: Instant) => ({
  id: row.id,
  status: shownStatus(row, now),
  created: toIso(row.createdAt),
  activated: iso(row.activatedAt),
  statusChanged: iso(row.statusChangedAt),
  lastLogin: iso(row.lastLoginAt),
  lastUpdated: toIso(row.lastUpdatedAt),
  passwordChanged: iso(row.passwordChangedAt),
  type: { id: row.typeId },
  profile: JSON.parse(row.profile) as Record<string, unknown>,
  credentials: { ...(row.passwordHash === null ? {} : { password: {} }), provider: { type: 'OKTA', name: 'OKTA' } },
  ...(row.serviceAccountAt === null ? {} : { sallyport: { serviceAccountSince: toIso(row.serviceAccountAt) } }),
  _links: { self: { href: `${origin}/api/v1/users/${row.id}` } },
});
