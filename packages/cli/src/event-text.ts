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

const CSV_COLUMNS: readonly (readonly [head: string, value: (event: LogEvent) => string | number | null])[] = [
  ['published', (event) => event.published],
  ['severity', (event) => event.severity],
  ['eventType', (event) => event.eventType],
  ['displayMessage', (event) => event.displayMessage],
  ['actorId', (event) => event.actor.id],
  ['actorLogin', (event) => event.actor.alternateId],
  ['result', (event) => event.outcome.result],
  ['reason', (event) => event.outcome.reason],
  ['ipAddress', (event) => event.client.ipAddress],
  ['asNumber', (event) => event.securityContext.asNumber],
  ['asOrganisation', (event) => event.securityContext.asOrg],
  ['userAgent', (event) => event.client.userAgent?.rawUserAgent ?? null],
  ['targets', (event) => (event.target ?? []).map(({ type, alternateId }) => `${type} ${alternateId}`).join('; ')],
  ['sessionId', (event) => event.authenticationContext.externalSessionId],
  ['transactionId', (event) => event.transaction.id],
  ['uuid', (event) => event.uuid],
];

/** RFC 4180. A value that a spreadsheet would run as a formula is text: user agents and logins are chosen by others. */
const csvCell = (value: string | number | null): string => {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value !== 'number' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const CSV_HEAD = `${CSV_COLUMNS.map(([head]) => head).join(',')}\r\n`;
export const eventCsv = (event: LogEvent): string =>
  `${CSV_COLUMNS.map(([, value]) => csvCell(value(event))).join(',')}\r\n`;
