/** Milliseconds since 1970-01-01T00:00:00Z. Fields that hold one end in `At`. */
export type Instant = number;

/** `2026-11-25T15:20:02.415Z`: the form of every instant on the wire. */
export const toIso = (at: Instant): string => new Date(at).toISOString();
