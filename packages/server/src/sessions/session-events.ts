import type { EventType } from '@sallyport/model/event-types';
import type { LogEvent } from '@sallyport/model/log-event';
import type { Services } from '../services.ts';
import type { Sighting } from './network-lanes.ts';

const READ_MAX = 500;

/**
 * Events that name a session though another request caused them: what an administrator, a job or another session of the
 * owner did to it. Their address is not the session's.
 */
const OF_OTHERS: ReadonlySet<EventType> = new Set([
  'user.session.end',
  'user.session.expire',
  'user.session.clear',
  'sallyport.session.acknowledge',
]);

/** The latest events of a session, the newest first, and how many there are. */
export const eventsOfSession = async (
  s: Services,
  id: string,
): Promise<{ readonly events: readonly LogEvent[]; readonly count: number }> => {
  const [rows, { count }] = await Promise.all([
    s.store.read
      .selectFrom('events')
      .select('body')
      .where('externalSessionId', '=', id)
      .orderBy('publishedAt', 'desc')
      .orderBy('seq', 'desc')
      .limit(READ_MAX)
      .execute(),
    s.store.read
      .selectFrom('events')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('externalSessionId', '=', id)
      .executeTakeFirstOrThrow(),
  ]);
  return { events: rows.map((row) => JSON.parse(row.body) as LogEvent), count: Number(count) };
};

const whatOf = ({ eventType, outcome }: LogEvent): Sighting['what'] => {
  if (eventType === 'user.session.start') return 'began';
  if (eventType === 'user.session.context.change') return outcome.reason === 'address-proved' ? 'proved' : 'observed';
  return eventType === 'security.session.detect_client_roaming' || eventType === 'sallyport.session.token_reuse'
    ? 'ended'
    : 'seen';
};

/** Where and when the events saw the session itself. `nameOf` gives the words of an address's network. */
export const sightingsOf = (events: readonly LogEvent[], nameOf: (address: string) => string): readonly Sighting[] =>
  events.flatMap((event) => {
    const address = event.client.ipAddress;
    // A code that failed came from wherever somebody tried it.
    const isFailedStart = event.eventType === 'user.session.start' && event.outcome.result !== 'SUCCESS';
    if (address === null || isFailedStart || OF_OTHERS.has(event.eventType as EventType)) return [];
    return [
      { at: Date.parse(event.published), address, network: nameOf(address), what: whatOf(event), eventId: event.uuid },
    ];
  });
