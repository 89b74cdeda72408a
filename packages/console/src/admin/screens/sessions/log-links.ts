/** The System Log, narrowed to a session and, if given, to one kind of event. */
export const logOf = (sessionId: string, eventType?: string): string => {
  const filter = [
    `authenticationContext.externalSessionId eq "${sessionId}"`,
    ...(eventType === undefined ? [] : [`eventType eq "${eventType}"`]),
  ].join(' and ');
  return `/log?filter=${encodeURIComponent(filter)}`;
};

/** One event. */
export const eventLink = (uuid: string): string => `/log/${uuid}`;
