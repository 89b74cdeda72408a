import { toIso } from '@sallyport/model/instant';
import type { Row } from '../store/tables.ts';

const iso = (at: number | null): string | null => (at === null ? null : toIso(at));

/**
 * The status as the wire shows it. A password that is locked, expired or reset shows as LOCKED_OUT, PASSWORD_EXPIRED or
 * RECOVERY; keys still work.
 */
const shownStatus = ({ status, passwordLockedAt, passwordState }: Row<'users'>): string => {
  if (status !== 'ACTIVE') return status;
  if (passwordLockedAt !== null) return 'LOCKED_OUT';
  if (passwordState === 'RECOVERY') return 'RECOVERY';
  return passwordState === 'EXPIRED' ? 'PASSWORD_EXPIRED' : 'ACTIVE';
};

/** A user as the wire shows them. */
export const presentUser = (row: Row<'users'>, origin: string) => ({
  id: row.id,
  status: shownStatus(row),
  created: toIso(row.createdAt),
  activated: iso(row.activatedAt),
  statusChanged: iso(row.statusChangedAt),
  lastLogin: iso(row.lastLoginAt),
  lastUpdated: toIso(row.lastUpdatedAt),
  passwordChanged: iso(row.passwordChangedAt),
  type: { id: row.typeId },
  profile: JSON.parse(row.profile) as Record<string, unknown>,
  credentials: { ...(row.passwordHash === null ? {} : { password: {} }), provider: { type: 'OKTA', name: 'OKTA' } },
  _links: { self: { href: `${origin}/api/v1/users/${row.id}` } },
});
