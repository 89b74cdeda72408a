/** Milliseconds since 1970-01-01T00:00:00Z. Fields that hold one end in `At`. */
export type Instant = number;

/** `2026-11-25T15:20:02.415Z`: the form of every instant on the wire. */
export const toIso = (at: Instant): string => new Date(at).toISOString();

const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** The instant of a date as RFC 3339 writes it, or of a day in UTC; null for anything else, local times too. */
export const parseIso = (text: string): Instant | null => {
  if (!ISO.test(text)) return null;
  const at = Date.parse(text);
  return Number.isFinite(at) ? at : null;
};
