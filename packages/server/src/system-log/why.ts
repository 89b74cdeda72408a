import { authorize, hasHiddenAttributes } from '@sallyport/decide/roles/authorize';
import { notFound } from '@sallyport/model/errors';
import type { LogEvent } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import { isReason, sentenceOf } from '@sallyport/model/reasons';
import type { Services } from '../services.ts';
import { commitmentIn, faultOfVerdict, judgeAgain } from './keep-verdict.ts';

const NONE = 'Nothing was judged here: the event tells of what was done, not of a decision.';

const sentencesOf = (verdict: unknown): string[] => {
  const { reasons, verdict: inner } = verdict as {
    reasons?: readonly string[];
    verdict?: { reasons?: readonly string[] };
  };
  return (reasons ?? inner?.reasons ?? []).filter(isReason).map(sentenceOf);
};

/** What the directory says of a person; whoever may read the log need not be allowed to read people. */
const OF_PEOPLE = ['profile', 'profileAttributes', 'groupIds', 'groupNames', 'userTypeId'] as const;

const visibleTo = (principal: Principal | null, input: { readonly facts?: object }): unknown => {
  if (principal === null || input.facts === undefined) return input;
  const maySee =
    authorize(principal, 'okta.users.read', { kind: 'all' }).kind === 'allow' && !hasHiddenAttributes(principal);
  const facts = Object.entries(input.facts).filter(
    ([slot]) => maySee || !(OF_PEOPLE as readonly string[]).includes(slot),
  );
  return { ...input, facts: Object.fromEntries(facts) };
};

/**
 * Computes a past verdict again from the facts that were stored with it. `agrees` is false when today's rules of judgement
 * decide otherwise, or when the stored verdict was tampered with, and null when the event tells of no decision. E0000007
 * where there is no such event. What the directory says of the person is shown to whoever may read all people; to the host,
 * which is no principal, too.
 */
export const whyEvent = async (s: Services, principal: Principal | null, uuid: string) => {
  const event = await s.store.read.selectFrom('events').select('body').where('uuid', '=', uuid).executeTakeFirst();
  const stored = await s.store.read.selectFrom('verdicts').selectAll().where('eventUuid', '=', uuid).executeTakeFirst();
  if (event === undefined) throw notFound(uuid, 'LogEvent');
  const { published, eventType, displayMessage, actor, outcome } = JSON.parse(event.body) as LogEvent;
  const about = { uuid, published, eventType, displayMessage, actor: actor.alternateId, outcome };
  if (stored === undefined)
    return {
      event: about,
      judgement: null,
      facts: null,
      recorded: null,
      computed: null,
      sentences: [NONE],
      agrees: null,
    };
  const input: unknown = visibleTo(principal, JSON.parse(stored.input));
  const recorded: unknown = JSON.parse(stored.verdict);
  const computed = judgeAgain(stored);
  return {
    event: about,
    judgement: stored.judgement,
    facts: input,
    recorded,
    computed,
    sentences: sentencesOf(computed ?? recorded),
    agrees: faultOfVerdict(stored, commitmentIn(event.body)) === null,
  };
};
