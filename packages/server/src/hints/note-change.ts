import type { Services } from '../services.ts';
import { afterCommit } from '../store/after-commit.ts';
import type { EventInput } from '../system-log/build-event.ts';
import type { Change } from './hint-board.ts';

/** Says that something changes in the transaction that runs: once that is durable, open streams hear of it. */
export const noteChange = (s: Services, kind: Change['kind'], id: string): void =>
  afterCommit(() => s.hints.changed({ kind, id }));

/** Events of what somebody may have on their screen, or in their inbox; that a key was asked for on the way changes nothing. */
const NAMED = [
  { events: 'access.request.', target: 'AccessRequest', kind: 'request' },
  { events: 'certification.', target: 'Campaign', kind: 'review' },
] as const;

/** Says that what an event names changes; an item of a review names its review beside its targets. */
export const noteEvent = (
  s: Services,
  { eventType, target, debugData }: Pick<EventInput, 'eventType' | 'target' | 'debugData'>,
): void => {
  const named = NAMED.find(({ events }) => eventType.startsWith(events));
  if (named === undefined) return;
  const ids = (target ?? []).flatMap(({ type, id }) => (type === named.target ? [id] : []));
  const campaignId = debugData?.['campaignId'];
  for (const id of new Set([...ids, ...(campaignId === undefined ? [] : [campaignId])])) noteChange(s, named.kind, id);
};
