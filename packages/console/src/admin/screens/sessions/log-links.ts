import type { SessionRow } from './session-types.ts';

const MINUTE_MS = 60_000;

/** The System Log, narrowed to a session, to its own time once it has ended, and, if given, to one kind of event. */
export const logOf = (
  { id, createdAt, endedAt }: Pick<SessionRow, 'id' | 'createdAt' | 'endedAt'>,
  eventType?: string,
): string => {
  const filter = [
    `authenticationContext.externalSessionId eq "${id}"`,
    ...(eventType === undefined ? [] : [`eventType eq "${eventType}"`]),
  ].join(' and ');
  const around = (at: string, minutes: number): string => new Date(Date.parse(at) + minutes * MINUTE_MS).toISOString();
  const range = endedAt === null ? {} : { since: around(createdAt, -1), until: around(endedAt, 1) };
  return `/log?${new URLSearchParams({ filter, ...range }).toString()}`;
};

/** One event. */
export const eventLink = (uuid: string): string => `/log/${uuid}`;
