import { sql } from 'kysely';
import type { Services } from '../../packages/server/src/services.ts';
import type { Person } from './person.ts';

/** So that a number and this have the digits of an id, behind a zero. */
const BASE = 1_000_000_000_000_000;
export const filledItemId = (i: number): string => `icr0${BASE + i}`;

const CAMPAIGNS = '/governance/api/v1/campaigns';

/**
 * A review that runs, of so many items and one that is open, all asked of the administrator: of ten, three are approved and
 * one is revoked, as they stand in the store. What one item of a launch is, all are, beside whose it is and what came of it.
 */
export const fillReview = async (
  s: Services,
  admin: Person,
  { count, users, groupId }: { readonly count: number; readonly users: number; readonly groupId: string },
): Promise<string> => {
  const adminId = String((await admin.get('/api/v1/users/me')).body['id']);
  const made = await admin.call('POST', CAMPAIGNS, {
    name: 'Everybody',
    scheduleSettings: { type: 'ONE_OFF', startDate: '2099-01-01T09:00:00Z', durationInDays: 30, timeZone: 'UTC' },
    resourceSettings: { type: 'GROUP', targetResources: [{ resourceId: groupId, resourceType: 'GROUP' }] },
    reviewerSettings: { type: 'USER', reviewerId: adminId },
    remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'NO_ACTION', noResponse: 'NO_ACTION' },
  });
  const id = String(made.body['id']);
  const launched = await admin.call('POST', `${CAMPAIGNS}/${id}/launch`);
  if (launched.status !== 202) throw new Error(`launch: ${made.text} ${launched.text}`);
  await s.store.transaction(async (tx) => {
    const one = await tx
      .selectFrom('reviewItems')
      .selectAll()
      .where('campaignId', '=', id)
      .orderBy('seq')
      .limit(1)
      .executeTakeFirstOrThrow();
    const { seq } = await tx
      .selectFrom('reviewItems')
      .select((e) => e.fn.max('seq').as('seq'))
      .where('campaignId', '=', id)
      .executeTakeFirstOrThrow();
    const numbers = sql`with recursive n(i) as (select cast(0 as bigint) union all select i + 1 from n where i < ${sql.lit(count - 1)})`;
    const itemId = sql`${sql.lit('icr0')} || cast(${sql.lit(BASE)} + i as text)`;
    const subject = sql`'00u0000000000' || substr(cast(10000000 + i % ${sql.lit(users)} as text), 2)`;
    const decision = sql`case when i % 10 < 3 then 'APPROVE' when i % 10 = 3 then 'REVOKE' end`;
    const decidedAt = sql`case when i % 10 < 4 then ${sql.lit(one.createdAt)} + i end`;
    await sql`insert into review_items (id, campaign_id, seq, kind, ref, subject_kind, subject_id, subject_label,
        resource_id, resource_label, evidence, suggestion, suggestion_reason, is_own_allowed, reviewers_via, level,
        decision, decided_at, is_unanswered, remediation_status, created_at, last_updated_at)
      ${numbers}
      select ${itemId}, ${sql.lit(id)}, ${sql.lit(Number(seq))} + 1 + i, ${sql.lit(one.kind)},
        '{"filled":' || cast(i as text) || '}', 'user', ${subject}, 'Somebody ' || cast(i as text),
        ${sql.lit(one.resourceId)}, ${sql.lit(one.resourceLabel)}, ${sql.lit(one.evidence)},
        case i % 3 when 0 then 'APPROVE' when 1 then 'REVOKE' end, ${sql.lit(one.suggestionReason)}, 0, 'CHOSEN', 'FIRST',
        ${decision}, ${decidedAt}, 0, 'NONE', ${sql.lit(one.createdAt)}, ${sql.lit(one.createdAt)} from n`.execute(tx);
    await sql`insert into reviewers (item_id, level, reviewer_id, campaign_id, is_asked_now)
      ${numbers} select ${itemId}, 'FIRST', ${sql.lit(adminId)}, ${sql.lit(id)}, case when i % 10 < 4 then 0 else 1 end
      from n`.execute(tx);
    await sql`insert into review_decisions (item_id, level, decision, decided_by, decided_by_label, decided_at)
      ${numbers} select ${itemId}, 'FIRST', ${decision}, ${sql.lit(adminId)}, 'Ana', ${decidedAt} from n
      where i % 10 < 4`.execute(tx);
    await tx
      .updateTable('campaigns')
      .set({
        itemCount: Number(seq) + 1 + count,
        approvedCount: sql`(select count(*) from review_items i where i.campaign_id = ${id} and i.decision = 'APPROVE')`,
        revokedCount: sql`(select count(*) from review_items i where i.campaign_id = ${id} and i.decision = 'REVOKE')`,
      })
      .where('id', '=', id)
      .execute();
  });
  return id;
};
