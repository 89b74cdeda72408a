import { sql } from 'kysely';
import { expect } from 'vitest';
import type { TestServer } from './test-server.ts';

/** What stands beside items, of who is asked now and of how many were decided how, is what the items say, whatever was done to a review. */
export const expectTallies = async ({ services }: TestServer): Promise<void> => {
  const asked = await sql`
    select r.item_id, r.level, r.reviewer_id, r.is_asked_now from reviewers r join review_items i on i.id = r.item_id
    where r.is_asked_now <> case when i.level = r.level and i.decision is null and i.is_unanswered = 0 then 1 else 0 end
  `.execute(services.store.read);
  expect(asked.rows).toEqual([]);
  const count = (which: string) =>
    sql`(select count(*) from review_items i where i.campaign_id = c.id and i.${sql.raw(which)})`;
  const counted = await sql`
    select c.id, c.approved_count, c.revoked_count, c.unanswered_count, c.failed_count from campaigns c
    where c.item_count <> (select count(*) from review_items i where i.campaign_id = c.id)
      or c.approved_count <> ${count("decision = 'APPROVE'")} or c.revoked_count <> ${count("decision = 'REVOKE'")}
      or c.unanswered_count <> ${count('is_unanswered = 1')}
      or c.failed_count <> ${count("remediation_status in ('ERROR', 'MANUAL')")}
  `.execute(services.store.read);
  expect(counted.rows).toEqual([]);
};
