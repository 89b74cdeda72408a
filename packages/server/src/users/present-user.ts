import { toIso } from '@sallyport/model/instant';
import type { Row } from '../store/tables.ts';

const iso = (at: number | null): string | null => (at === null ? null : toIso(at));

/** A user as the wire shows them. A locked password shows as LOCKED_OUT; keys still work. */
export const presentUser = (row: Row<'users'>, origin: string) => ({
  id: row.id,
  status: row.status === 'ACTIVE' && row.passwordLockedAt !== null ? 'LOCKED_OUT' : row.status,
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
