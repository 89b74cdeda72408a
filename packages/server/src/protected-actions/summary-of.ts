const SUMMARY_MAX = 4000;
/** Names of what nobody may read in a dialog, an inbox or the database: secrets stay in the request. */
const SECRET = /password|secret|token|passcode|answer|private|credential/i;
/** What stands below such a name and is the secret itself: `password: {value}`, `hash: {value, salt}`. */
const BARE = /^(?:value|salt)$/i;
const HIDDEN = '(not shown)';

const withoutSecrets = (value: unknown, key: string, isBelowSecret: boolean): unknown => {
  const isSecret = SECRET.test(key);
  // The items of a list are called what the list is called.
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, key, isBelowSecret));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, withoutSecrets(field, name, isBelowSecret || isSecret)]),
    );
  return isSecret || (isBelowSecret && BARE.test(key)) ? HIDDEN : value;
};

/**
 * A body for the eyes of whoever proves or approves: what will be written, without secrets, at most a page of it. The
 * signature is over the bytes, not over this text. Null where there is nothing to show.
 */
export const summaryOf = (body: unknown): string | null => {
  if (body === undefined || body === null) return null;
  const text = JSON.stringify(withoutSecrets(body, '', false), null, 2);
  if (text === undefined || text === '{}') return null;
  return text.length <= SUMMARY_MAX ? text : `${text.slice(0, SUMMARY_MAX)}\n… (${text.length} characters in all)`;
};
