import { toIso } from '@sallyport/model/instant';
import type { Row } from '../store/tables.ts';

/** A group as the wire shows it. Without a `self` link, as there: clients would cache it under another address. */
export const presentGroup = (row: Row<'groups'>, origin: string) => ({
  id: row.id,
  created: toIso(row.createdAt),
  lastUpdated: toIso(row.lastUpdatedAt),
  lastMembershipUpdated: toIso(row.lastMembershipUpdatedAt),
  objectClass: ['okta:user_group'],
  type: row.type,
  profile: JSON.parse(row.profile) as { name: string; description: string | null; [attribute: string]: unknown },
  _links: {
    logo: [],
    owners: { href: `${origin}/api/v1/groups/${row.id}/owners` },
    users: { href: `${origin}/api/v1/groups/${row.id}/users` },
    apps: { href: `${origin}/api/v1/groups/${row.id}/apps` },
  },
});
