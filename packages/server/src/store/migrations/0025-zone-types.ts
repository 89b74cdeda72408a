import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** What a dynamic zone asks of an address, and for an org that is already there the built-in zone of anonymisers, off. */
export const zoneTypes: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('zones')
      .addColumn('conditions', 'text', (c) => c.notNull().defaultTo('{}'))
      .execute();
    const id = `nzo${[...randomBytes(17)].map((byte) => BASE62[byte % 62]).join('')}`;
    const conditions = JSON.stringify({
      asns: { include: [], exclude: [] },
      locations: { include: [], exclude: [] },
      ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: [] },
    });
    await sql`
      INSERT INTO zones (id, name, type, status, usage, is_system, is_exempt, gateways, proxies, conditions, created_at, last_updated_at)
      SELECT ${id}, 'DefaultEnhancedDynamicZone', 'DYNAMIC_V2', 'INACTIVE', 'BLOCKLIST', 1, 0, '[]', '[]', ${conditions}, created_at, created_at
      FROM org
      WHERE NOT EXISTS (SELECT 1 FROM zones WHERE name = 'DefaultEnhancedDynamicZone')`.execute(db);
  },
};
