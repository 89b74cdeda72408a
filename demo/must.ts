import type { Reply } from '../test/harness/person.ts';

/** An answer that is good, or an end of the demo that says what went wrong. */
export const must = (reply: Reply, what: string): Reply => {
  if (reply.status >= 400) throw new Error(`demo: ${what}: ${reply.status} ${reply.text}`);
  return reply;
};
