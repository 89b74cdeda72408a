import { sql } from 'kysely';
import type { Column, Layout } from '../store/expression-to-sql.ts';

const COLUMNS: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['id', { sql: sql.ref('groups.id'), folding: 'exact' }],
  ['type', { sql: sql.ref('groups.type'), folding: 'ascii' }],
  ['created', { sql: sql.ref('groups.createdAt'), folding: 'exact' }],
  ['lastUpdated', { sql: sql.ref('groups.lastUpdatedAt'), folding: 'exact' }],
  ['lastMembershipUpdated', { sql: sql.ref('groups.lastMembershipUpdatedAt'), folding: 'exact' }],
  ['profile.name', { sql: sql.ref('groups.nameFolded'), folding: 'done' }],
]);

/** Where the attributes of groups stand. */
export const GROUP_LAYOUT: Layout = {
  document: sql.ref('groups.profile'),
  columnOf: ({ path }) => COLUMNS.get(path) ?? null,
};
