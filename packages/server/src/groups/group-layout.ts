import { sql } from 'kysely';
import type { Column, Layout } from '../store/expression-to-sql.ts';

const COLUMNS: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['id', { sql: sql.ref('groups.id'), folding: 'exact', isAlwaysThere: true }],
  ['type', { sql: sql.ref('groups.type'), folding: 'ascii', isAlwaysThere: true }],
  ['created', { sql: sql.ref('groups.createdAt'), folding: 'exact', isAlwaysThere: true }],
  ['lastUpdated', { sql: sql.ref('groups.lastUpdatedAt'), folding: 'exact', isAlwaysThere: true }],
  ['lastMembershipUpdated', { sql: sql.ref('groups.lastMembershipUpdatedAt'), folding: 'exact', isAlwaysThere: true }],
  ['profile.name', { sql: sql.ref('groups.nameFolded'), folding: 'done', isIndexed: true, isAlwaysThere: true }],
]);

/** Where the attributes of groups stand. */
export const GROUP_LAYOUT: Layout = {
  document: sql.ref('groups.profile'),
  columnOf: ({ path }) => COLUMNS.get(path) ?? null,
};
