import { toIso } from '@sallyport/model/instant';
import { DOOR_TYPES } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';

const DAYS = 7;
/** Verdicts that are looked at, the newest. Beyond it counts are a lower bound, and the answer says so. */
const VERDICTS_MAX = 20_000;

interface Matched {
  readonly matches: number;
  readonly lastAt: number;
}

/**
 * `GET /sallyport/v1/policies/matches`: how often each rule decided in the last seven days, and when last, from the
 * verdicts that stand beside the log. Of the global session policy only refusals are written down, so its rules are
 * counted by those alone.
 */
export const countMatches = async (s: Services, principal: Principal) => {
  const since = s.clock.now() - DAYS * 86_400_000;
  // The same verdict by the same rule is the same text: the database counts, and few rows come back.
  const rows = await s.store.read
    .selectFrom((e) =>
      e
        .selectFrom('events')
        .innerJoin('verdicts', 'verdicts.eventUuid', 'events.uuid')
        .select(['verdicts.verdict', 'events.publishedAt'])
        .where('events.eventType', '=', 'policy.evaluate_sign_on')
        .where('events.publishedAt', '>=', since)
        .where('verdicts.judgement', 'in', ['evaluate-policy', 'evaluate-policies'])
        .orderBy('events.publishedAt', 'desc')
        .limit(VERDICTS_MAX)
        .as('newest'),
    )
    .select((e) => [
      'newest.verdict',
      e.fn.countAll<number | string>().as('count'),
      e.fn.max('newest.publishedAt').as('lastAt'),
    ])
    .groupBy('newest.verdict')
    .execute();
  const byRule = new Map<string, Matched>();
  let judged = 0;
  for (const row of rows) {
    judged += Number(row.count);
    const { matchedRuleId } = JSON.parse(row.verdict) as { matchedRuleId: string | null };
    if (matchedRuleId === null) continue;
    const before = byRule.get(matchedRuleId);
    byRule.set(matchedRuleId, {
      matches: (before?.matches ?? 0) + Number(row.count),
      lastAt: Math.max(before?.lastAt ?? 0, Number(row.lastAt)),
    });
  }
  const rules = await s.store.read
    .selectFrom('policyRules')
    .innerJoin('policies', 'policies.id', 'policyRules.policyId')
    .select(['policyRules.id', 'policyRules.policyId', 'policies.type'])
    .where('policies.type', 'in', DOOR_TYPES)
    .where(whereAllowed(principal, 'okta.policies.read', 'policy'))
    .orderBy('policyRules.id')
    .execute();
  return {
    days: DAYS,
    since: toIso(since),
    isComplete: judged < VERDICTS_MAX,
    rules: rules.map(({ id, policyId, type }) => {
      const found = byRule.get(id);
      return {
        id,
        policyId,
        counted: type === 'OKTA_SIGN_ON' ? ('refusals' as const) : ('all' as const),
        matches: found?.matches ?? 0,
        lastMatchedAt: found === undefined ? null : toIso(found.lastAt),
      };
    }),
  };
};
