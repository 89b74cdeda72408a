import { notFound } from '@sallyport/model/errors';
import type { LogEvent } from '@sallyport/model/log-event';
import { isReason, sentenceOf } from '@sallyport/model/reasons';
import type { Services } from '../services.ts';
import { canonicalJson } from './chain-hash.ts';
import { JUDGEMENTS } from './judgements.ts';

const sentencesOf = (verdict: unknown): string[] => {
  const { reasons, verdict: inner } = verdict as {
    reasons?: readonly string[];
    verdict?: { reasons?: readonly string[] };
  };
  return (reasons ?? inner?.reasons ?? []).filter(isReason).map(sentenceOf);
};

/**
 * Computes a past verdict again from the facts that were stored with it. `agrees` is false when today's rules of judgement
 * decide otherwise, or when the stored verdict was tampered with. E0000007 for an event without a verdict.
 */
export const whyEvent = async (s: Services, uuid: string) => {
  const event = await s.store.read.selectFrom('events').select('body').where('uuid', '=', uuid).executeTakeFirst();
  const stored = await s.store.read.selectFrom('verdicts').selectAll().where('eventUuid', '=', uuid).executeTakeFirst();
  if (event === undefined) throw notFound(uuid, 'LogEvent');
  if (stored === undefined) throw notFound(uuid, 'Verdict');
  const { published, eventType, displayMessage, actor, outcome } = JSON.parse(event.body) as LogEvent;
  const input: unknown = JSON.parse(stored.input);
  const recorded: unknown = JSON.parse(stored.verdict);
  const computed = JUDGEMENTS[stored.judgement]?.(input) ?? null;
  return {
    event: { uuid, published, eventType, displayMessage, actor: actor.alternateId, outcome },
    judgement: stored.judgement,
    facts: input,
    recorded,
    computed,
    sentences: sentencesOf(computed ?? recorded),
    agrees: canonicalJson(computed) === canonicalJson(recorded),
  };
};
