import type { LogEvent } from '@sallyport/model/log-event';

const outcomeText = ({ outcome }: LogEvent): string =>
  outcome.reason === null ? outcome.result : `${outcome.result} (${outcome.reason})`;

/** The columns of an event; the id comes last, so that a long reason does not hide it. */
export const EVENT_HEADS = ['TIME', 'SEVERITY', 'EVENT', 'ACTOR', 'OUTCOME', 'ADDRESS', 'ID'] as const;
export const eventCells = (event: LogEvent, time: string): string[] => [
  time,
  event.severity,
  event.eventType,
  event.actor.alternateId,
  outcomeText(event),
  event.client.ipAddress ?? '',
  event.uuid,
];

/** One line of a tail: it cannot know the widths of what comes, and stays when it has long been read. */
export const eventLine = (event: LogEvent): string =>
  `${event.published}  ${event.severity.padEnd(5)} ${event.eventType}  ${event.actor.alternateId}  ${outcomeText(event)}  ${event.client.ipAddress ?? '-'}  ${event.uuid}`;
