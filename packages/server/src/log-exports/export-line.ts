import type { LogEvent } from '@sallyport/model/log-event';

export type ExportFormat = 'csv' | 'jsonl';

/** Columns of a CSV export, in their order. */
const COLUMNS: Readonly<Record<string, (event: LogEvent) => string | number | null | undefined>> = {
  published: (e) => e.published,
  severity: (e) => e.severity,
  eventType: (e) => e.eventType,
  displayMessage: (e) => e.displayMessage,
  'outcome.result': (e) => e.outcome.result,
  'outcome.reason': (e) => e.outcome.reason,
  'actor.id': (e) => e.actor.id,
  'actor.type': (e) => e.actor.type,
  'actor.alternateId': (e) => e.actor.alternateId,
  'actor.displayName': (e) => e.actor.displayName,
  'client.ipAddress': (e) => e.client.ipAddress,
  'client.geographicalContext.country': (e) => e.client.geographicalContext?.country,
  'securityContext.asNumber': (e) => e.securityContext.asNumber,
  'securityContext.asOrg': (e) => e.securityContext.asOrg,
  'client.userAgent.rawUserAgent': (e) => e.client.userAgent?.rawUserAgent,
  'target.id': (e) => e.target?.map(({ id }) => id).join(' | '),
  'target.displayName': (e) => e.target?.map(({ displayName }) => displayName).join(' | '),
  'authenticationContext.externalSessionId': (e) => e.authenticationContext.externalSessionId,
  'transaction.id': (e) => e.transaction.id,
  uuid: (e) => e.uuid,
};

/**
 * One cell (RFC 4180). A spreadsheet runs a cell that begins like a formula, and the text of an event is chosen by
 * whoever caused it: such a cell gets an apostrophe in front. White space and quotes before the sign do not hide it.
 */
export const csvCell = (value: string | number | null | undefined): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[\s"']*[=+\-@\t\r|%\uff0b\uff0d\uff1d\uff20]/u.test(value) ? `'${value}` : value;
  return /[",;\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** The first line of a file; JSON Lines have none. */
export const exportHead = (format: ExportFormat): string =>
  format === 'csv' ? `${Object.keys(COLUMNS).map(csvCell).join(',')}\r\n` : '';

/** One event as a line of the file. */
export const exportLine = (format: ExportFormat, body: string): string => {
  if (format === 'jsonl') return `${body}\n`;
  const event = JSON.parse(body) as LogEvent;
  return `${Object.values(COLUMNS)
    .map((read) => csvCell(read(event)))
    .join(',')}\r\n`;
};
