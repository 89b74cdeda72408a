import type { Attribute } from '@sallyport/decide/filter/filter';
import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { type RawBuilder, sql } from 'kysely';
import { whereAttributeIsVisible } from '../roles/scope-to-sql.ts';
import type { Column, Layout, SqlDialect } from '../store/expression-to-sql.ts';

const ALWAYS_THERE: ReadonlySet<string> = new Set(['id', 'profile.login', 'created', 'statusChanged', 'lastUpdated']);
const COLUMNS: ReadonlyMap<string, Column> = new Map(
  [
    ['id', 'id', 'exact'],
    ['type.id', 'typeId', 'exact'],
    ['profile.login', 'loginFolded', 'done'],
    ['created', 'createdAt', 'exact'],
    ['activated', 'activatedAt', 'exact'],
    ['statusChanged', 'statusChangedAt', 'exact'],
    ['lastLogin', 'lastLoginAt', 'exact'],
    ['lastUpdated', 'lastUpdatedAt', 'exact'],
    ['passwordChanged', 'passwordChangedAt', 'exact'],
    ['sallyport.serviceAccountSince', 'serviceAccountAt', 'exact'],
  ].map(([path = '', column = '', folding]) => [
    path,
    {
      sql: sql.ref(`users.${column}`),
      folding: folding as Column['folding'],
      isIndexed: column === 'loginFolded',
      isAlwaysThere: ALWAYS_THERE.has(path),
    },
  ]),
);

/** `shownStatus` of present-user, in SQL. */
const statusAt = (now: Instant): Column => ({
  sql: sql`(case when ${sql.ref('users.status')} <> 'ACTIVE' then ${sql.ref('users.status')}
    when ${sql.ref('users.passwordLockedAt')} is not null
      and coalesce(${sql.ref('users.passwordUnlocksAt')} > ${sql.lit(now)}, true) then 'LOCKED_OUT'
    when ${sql.ref('users.passwordState')} = 'RECOVERY' then 'RECOVERY'
    when ${sql.ref('users.passwordState')} = 'EXPIRED' then 'PASSWORD_EXPIRED' else 'ACTIVE' end)`,
  folding: 'ascii',
});

/** Attributes of profiles that have an index (migration 0013), and so are read in exactly its words. */
const INDEXED = new Set(['email', 'firstName', 'lastName']);
const indexedText = (key: string, dialect: SqlDialect): RawBuilder<unknown> =>
  dialect === 'sqlite'
    ? sql`json_extract(${sql.ref('users.profile')}, ${sql.lit(`$.${key}`)})`
    : sql`(cast(${sql.ref('users.profile')} as json) ->> ${sql.lit(key)})`;

/** The name of an attribute of profiles, or null for what stands beside the profile. */
const profileKey = ({ path, keys, each }: Attribute): string | null =>
  path.startsWith('profile.') ? (each ?? keys[0] ?? null) : null;

/** The column of an attribute, or null for what stands in the profile only. */
export const userColumnOf =
  (dialect: SqlDialect, now: Instant) =>
  (attribute: Attribute): Column | null => {
    if (attribute.path === 'status') return statusAt(now);
    const key = profileKey(attribute);
    return key !== null && INDEXED.has(key) && attribute.each === null && attribute.type === 'string'
      ? { sql: indexedText(key, dialect), folding: 'ascii', isIndexed: true }
      : (COLUMNS.get(attribute.path) ?? null);
  };

/** Where the attributes of users stand, for a reader from whom some may be hidden. */
export const userLayout = (principal: Principal, dialect: SqlDialect, now: Instant) =>
  ({
    document: sql.ref('users.profile'),
    columnOf: userColumnOf(dialect, now),
    isVisible: (attribute) => {
      const key = profileKey(attribute);
      return key === null ? null : whereAttributeIsVisible(principal, key);
    },
  }) satisfies Layout;
