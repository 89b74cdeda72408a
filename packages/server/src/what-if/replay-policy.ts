import { evaluatePolicy } from '@sallyport/decide/policies/evaluate-policy';
import { ApiError, invalid } from '@sallyport/model/errors';
import { type Facts, valueAt } from '@sallyport/model/facts';
import { type Instant, toIso } from '@sallyport/model/instant';
import type { Policy } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import type { Verdict } from '@sallyport/model/verdict';
import { forApps } from '../gateway/authorize-app.ts';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { type DraftRule, draftOf, policyToRead } from './chosen-policy.ts';
import { doAskForHiddenGroup } from './hide-groups.ts';
import { keptFacts } from './kept-facts.ts';

const DAYS = 7;
const DAY_MS = 86_400_000;
const PAGE = 500;
/** Verdicts of sign-ins that are looked at, of all policies, the newest first; and the time it may take. */
const MAX = { verdicts: 50_000, milliseconds: 10_000 } as const;
const PEOPLE_SHOWN = 50;

export interface ReplayInput {
  readonly rules?: readonly DraftRule[] | undefined;
  /** The id of a saved draft. */
  readonly draft?: string | undefined;
  readonly days?: number | undefined;
}
interface Stored {
  readonly facts: Facts;
  readonly policy: Policy;
  readonly now: Instant;
}
type Kind = Verdict['kind'];
type Counts = Record<Kind, number>;
const counts = (): Counts => ({ allow: 0, step_up: 0, deny: 0 });

/** One person for whom it would have been otherwise. */
interface Changed {
  times: number;
  lastAt: Instant;
  readonly lastEvent: string;
  /** What decides of the newest of these sign-ins. */
  readonly rule: { readonly id: string; readonly name: string } | null;
}

/** Where the next page begins. */
interface Place {
  readonly publishedAt: number;
  readonly uuid: string;
}
/** The newest verdicts of sign-ins since an instant, a page at a time: memory does not grow with the log. */
const pages = async function* (s: Services, since: Instant) {
  let place: Place = { publishedAt: Number.MAX_SAFE_INTEGER, uuid: '' };
  for (;;) {
    const { publishedAt, uuid }: Place = place;
    const rows = await s.store.read
      .selectFrom('events')
      .innerJoin('verdicts', 'verdicts.eventUuid', 'events.uuid')
      .select(['events.uuid', 'events.publishedAt', 'verdicts.input', 'verdicts.verdict'])
      .where('events.eventType', '=', 'policy.evaluate_sign_on')
      .where('events.publishedAt', '>=', since)
      .where('verdicts.judgement', '=', 'evaluate-policy')
      .where((e) =>
        e.or([
          e('events.publishedAt', '<', publishedAt),
          e.and([e('events.publishedAt', '=', publishedAt), e('events.uuid', '<', uuid)]),
        ]),
      )
      .orderBy('events.publishedAt', 'desc')
      .orderBy('events.uuid', 'desc')
      .limit(PAGE)
      .execute();
    if (rows.length > 0) yield rows.map((row) => ({ ...row, publishedAt: Number(row.publishedAt) }));
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    place = { publishedAt: Number(end.publishedAt), uuid: end.uuid };
  }
};

const loginsOf = async (s: Services, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const rows = await s.store.read
    .selectFrom('users')
    .select(['id', 'login'])
    .where('id', 'in', [...ids, ''])
    .execute();
  return new Map(rows.map(({ id, login }) => [id, login]));
};

/**
 * `POST /sallyport/v1/policies/{id}/replay`: judges the sign-ins of the last days again, from the facts that were kept with
 * their verdicts, by the policy or a draft of it, and says how many would have gone otherwise and whose. It names people
 * and what they did: whoever asks must be allowed to read all accounts and the log. `isComplete` is false where it stopped
 * before the first of these days. E0000006 for a draft that asks for groups that they may not see, E0000001 for the policy of
 * all sessions, of which only refusals are kept.
 */
export const replayPolicy = async (
  s: Services,
  principal: Principal,
  policyId: string,
  input: ReplayInput,
  signal: AbortSignal,
) => {
  const published = await policyToRead(s, principal, policyId);
  assertHolds(principal, 'okta.logs.read');
  assertHolds(principal, 'okta.users.read');
  if (published.type !== 'ACCESS_POLICY')
    throw invalid('policyId', 'is a policy of which only refusals are kept: there is nothing to replay');
  const policy = await draftOf(s, principal, published, input.rules, input.draft);
  if (policy !== published && (await doAskForHiddenGroup(s, principal, [policy])))
    throw new ApiError('E0000006', {
      causes: ['The draft asks for groups that you may not see: it would tell who is in them.'],
    });
  // Where the gateway judged, an age of zero was read as the gateway reads it; so it is here.
  const atGateway = forApps(policy);
  const isConsoles = await s.store.read
    .selectFrom('apps')
    .select('id')
    .where('policyId', '=', policyId)
    .where('name', '=', 'saasure')
    .executeTakeFirst();
  const judgedBy = isConsoles === undefined ? atGateway : policy;
  const days = input.days ?? DAYS;
  const since = s.clock.now() - days * DAY_MS;
  const startedAt = performance.now();
  const before = counts();
  const after = counts();
  const newlyAllowed = new Map<string, Changed>();
  const newlyDenied = new Map<string, Changed>();
  let looked = 0;
  let isComplete = true;
  let lookedBackTo: Instant = since;
  reading: for await (const rows of pages(s, since)) {
    for (const row of rows) {
      if (signal.aborted || looked >= MAX.verdicts || performance.now() - startedAt > MAX.milliseconds) {
        isComplete = false;
        lookedBackTo = row.publishedAt;
        break reading;
      }
      looked += 1;
      // Of another policy, most often: what it holds need not be read.
      if (!row.input.includes(policyId)) continue;
      const stored = JSON.parse(row.input) as Stored;
      if (stored.policy.id !== policyId) continue;
      const was = (JSON.parse(row.verdict) as { readonly verdict: Verdict }).verdict.kind;
      const judged = evaluatePolicy(keptFacts(stored.facts, stored.policy), judgedBy, stored.now);
      const is = judged.verdict.kind;
      before[was] += 1;
      after[is] += 1;
      const list =
        was === 'allow' && is !== 'allow' ? newlyDenied : was !== 'allow' && is === 'allow' ? newlyAllowed : null;
      if (list === null) continue;
      const person = valueAt(stored.facts.userId, stored.now) ?? '';
      const known = list.get(person);
      if (known !== undefined) known.times += 1;
      else {
        const rule = policy.rules.find(({ id }) => id === judged.matchedRuleId);
        list.set(person, {
          times: 1,
          lastAt: row.publishedAt,
          lastEvent: row.uuid,
          rule: rule === undefined ? null : { id: rule.id, name: rule.name },
        });
      }
    }
  }
  const shown = [newlyDenied, newlyAllowed].flatMap((list) => [...list.keys()].slice(0, PEOPLE_SHOWN));
  const logins = await loginsOf(s, shown);
  const present = (list: ReadonlyMap<string, Changed>) => ({
    people: list.size,
    list: [...list].slice(0, PEOPLE_SHOWN).map(([id, { times, lastAt, lastEvent, rule }]) => ({
      id,
      /** Null: the account is gone. */
      login: logins.get(id) ?? null,
      times,
      lastAt: toIso(lastAt),
      lastEvent,
      rule,
    })),
  });
  return {
    policy: { id: policy.id, name: policy.name, version: policy.version },
    isDraft: policy !== published,
    days,
    since: toIso(lookedBackTo),
    isComplete,
    signIns: before.allow + before.step_up + before.deny,
    before,
    after,
    newlyDenied: present(newlyDenied),
    newlyAllowed: present(newlyAllowed),
  };
};
