import type { WhatIf } from '@sallyport/api/what-if';
import { hasHiddenAttributes } from '@sallyport/decide/roles/authorize';
import { invalid, notFound } from '@sallyport/model/errors';
import type { Facts } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Policy } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { assertHolds, assertMay, userFacts } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assumeFacts } from './assume-facts.ts';
import { assertOne, draftOf, policyOfApp, policyToRead } from './chosen-policy.ts';
import { explainJudgement } from './explain-judgement.ts';
import { keptFacts } from './kept-facts.ts';

interface Past {
  readonly facts: Facts;
  readonly policy: Policy;
  readonly now: Instant;
  readonly recorded: { readonly verdict: { readonly kind: string }; readonly matchedRuleId: string | null };
}

/** The facts that a policy was judged on, as they were kept; whoever takes them must be allowed to read log and person. */
const pastOf = async (s: Services, principal: Principal, uuid: string): Promise<Past> => {
  assertHolds(principal, 'okta.logs.read');
  const row = await s.store.read.selectFrom('verdicts').selectAll().where('eventUuid', '=', uuid).executeTakeFirst();
  if (row === undefined) throw notFound(uuid, 'LogEvent');
  if (row.judgement !== 'evaluate-policy') throw invalid('event', 'tells of no decision of a policy');
  const { facts, policy, now } = JSON.parse(row.input) as Omit<Past, 'recorded'>;
  if (facts.userId !== undefined)
    assertMay(principal, 'okta.users.read', await userFacts(s.store.read, facts.userId.value));
  // What a role hides of people stays unknown here, too.
  const { profile: _, profileAttributes: __, ...rest } = facts;
  const shown = hasHiddenAttributes(principal) ? rest : keptFacts(facts, policy);
  return { facts: shown, policy, now, recorded: JSON.parse(row.verdict) as Past['recorded'] };
};

/**
 * `POST /sallyport/v1/what-if`: what a policy, or a draft of it, decides on facts that are given or on those of a past event.
 * It reads only. E0000001 for what contradicts itself, E0000007 for what the principal may not read.
 */
export const whatIf = async (s: Services, principal: Principal, input: WhatIf) => {
  const past = input.event === undefined ? null : await pastOf(s, principal, input.event);
  const named = past !== null && input.app === undefined ? (input.policy ?? past.policy.id) : input.policy;
  assertOne({ app: input.app, policy: named });
  const published =
    input.app === undefined
      ? await policyToRead(s, principal, named ?? '')
      : await policyOfApp(s, principal, input.app);
  const policy = await draftOf(s, principal, published, input.draft?.rules, input.draftId);
  const given = input.facts ?? {};
  const now = given.at === undefined ? (past?.now ?? s.clock.now()) : Date.parse(given.at);
  const facts = await assumeFacts(s, principal, given, past?.facts ?? {}, [policy], now);
  return {
    ...(await explainJudgement(s, facts, policy, now)),
    isDraft: policy !== published,
    /** What was decided then; null where no event is asked about. */
    recorded:
      past === null
        ? null
        : {
            verdict: past.recorded.verdict.kind,
            rule:
              past.policy.rules
                .filter(({ id }) => id === past.recorded.matchedRuleId)
                .map(({ id, name }) => ({ id, name }))[0] ?? null,
          },
  };
};
