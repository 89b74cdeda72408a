const WHOLE_MAX = 14;

/** Both ends of a long id, so that two that begin alike can still be told apart. */
export const shortId = (id: string): string => (id.length <= WHOLE_MAX ? id : `${id.slice(0, 7)}…${id.slice(-5)}`);
