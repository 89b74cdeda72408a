const SUMMARY_MAX = 4000;
/** Names of what nobody may read in a dialog, an inbox or the database: secrets stay in the request. */
const SECRET = /password|secret|token|passcode|answer|private|credential/i;

/**
 * A body for the eyes of whoever proves or approves: what will be written, without secrets, at most a page of it. The
 * signature is over the bytes, not over this text. Null where there is nothing to show.
 */
export const summaryOf = (body: unknown): string | null => {
  if (body === undefined || body === null) return null;
  const text = JSON.stringify(
    body,
    (key: string, value: unknown) => (SECRET.test(key) && typeof value !== 'object' ? '(not shown)' : value),
    2,
  );
  if (text === undefined || text === '{}') return null;
  return text.length <= SUMMARY_MAX ? text : `${text.slice(0, SUMMARY_MAX)}\n… (${text.length} characters in all)`;
};
