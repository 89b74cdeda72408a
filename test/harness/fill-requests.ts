import { sql } from 'kysely';
import type { Services } from '../../packages/server/src/services.ts';

const PER_STATEMENT = 50_000;
const YEAR_MS = 365 * 86_400_000;
/** So that a number and this have the digits of an id, behind a zero. */
const BASE = 1_000_000_000_000_000;
export const filledRequestId = (i: number): string => `req0${BASE + i}`;

export interface PastRequests {
  readonly count: number;
  /** Whoever asked for each second of them, and decided on all others that were decided. */
  readonly adminId: string;
  readonly users: number;
  readonly groups: number;
}

/**
 * Requests of a year, as they stand in the store when all is over: most were approved and what they gave has ended, some were
 * denied, cancelled or left unanswered, and of a thousand one could not be granted. One statement makes many: both engines
 * count.
 */
export const fillRequests = async (s: Services, { count, adminId, users, groups }: PastRequests): Promise<void> => {
  const begin = s.clock.now() - YEAR_MS;
  const steps = JSON.stringify([{ approvers: { by: 'admins' }, count: 1 }]);
  for (let from = 0; from < count; from += PER_STATEMENT) {
    const last = Math.min(from + PER_STATEMENT, count) - 1;
    const at = sql`${sql.lit(begin)} + i * ${sql.lit(Math.floor(YEAR_MS / count))}`;
    const numbers = sql`with recursive n(i) as (select cast(${sql.lit(from)} as bigint) union all select i + 1 from n where i < ${sql.lit(last)})`;
    const id = (prefix: string) => sql`${sql.lit(prefix)} || cast(${sql.lit(BASE)} + i as text)`;
    // Ids of filled people and groups begin with zeros.
    const filled = (prefix: string, most: number) =>
      sql`${sql.lit(prefix)} || ${sql.lit('0'.repeat(10))} || substr(cast(10000000 + i % ${sql.lit(most)} as text), 2)`;
    const [user, group] = [filled('00u', users), filled('00g', groups)];
    const requester = sql`case when i % 2 = 0 then ${sql.lit(adminId)} else ${user} end`;
    const outcome = sql`case i % 10 when 1 then 'DENIED' when 2 then 'CANCELED' when 3 then 'EXPIRED' else 'APPROVED' end`;
    const isGranted = sql`i % 10 not in (1, 2, 3) and i % 1000 <> 7`;
    await s.store.transaction(async (tx) => {
      await sql`insert into requests (id, requester_id, beneficiary_id, kind, entitlement_id, entitlement_name, resource_id,
          condition_id, condition_name, sequence_id, sequence_name, steps, reason, digest, last_updated_by,
          duration_seconds, decide_by, revision, created_at, last_updated_at, outcome, resolved_at, grant_status,
          grant_reason, grant_id, granted_at)
        ${numbers}
        select ${id('req0')}, ${requester}, ${user}, 'group', ${group}, 'A group', ${group}, 'rco', 'c', 's', 's',
          ${sql.lit(steps)}, 'Work on it', 'x', ${sql.lit(adminId)}, 3600, ${at} + 86400000, 1, ${at}, ${at} + 60000,
          ${outcome}, ${at} + 60000,
          case when ${isGranted} then 'GRANTED' when i % 1000 = 7 then 'FAILED' end,
          case when i % 1000 = 7 then 'grant-exists' end,
          case when ${isGranted} then ${id('gra0')} end, case when ${isGranted} then ${at} + 60000 end from n`.execute(
        tx,
      );
      await sql`insert into request_parties (request_id, link, user_id)
        ${numbers} select ${id('req0')}, ${user}, ${user} from n`.execute(tx);
      await sql`insert into request_decisions (request_id, decider_id, requester_id, beneficiary_id, kind, digest, step,
          needed, slot, created_at)
        ${numbers}
        select ${id('req0')}, ${sql.lit(adminId)}, ${user}, ${user}, case when i % 10 = 1 then 'deny' else 'approve' end,
          'x', 0, 1, case when i % 10 = 1 then null else 0 end, ${at} + 60000
        from n where i % 2 <> 0 and i % 10 <> 3`.execute(tx);
      await sql`insert into grants (id, user_id, user_login, user_name, kind, entitlement_id, entitlement_name, starts_at,
          expires_at, power_ends_at, ended_at, end_reason, source_kind, source_id, reason, created_at, created_by)
        ${numbers}
        select ${id('gra0')}, ${user}, 'somebody', 'Somebody', 'group', ${group}, 'A group', ${at} + 60000,
          ${at} + 3660000, ${at} + 3660000, ${at} + 3660000, 'expired', 'request', ${id('req0')}, 'Work on it',
          ${at} + 60000, 'system' from n where ${isGranted}`.execute(tx);
    });
  }
};
