/**
 * The query string of a screen is plain: `?q=ana&state=ended`, every value text, so that an address can be read, typed
 * and mailed. (The router's own way writes JSON.)
 */
export const parseSearch = (search: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(search).entries());

export const stringifySearch = (search: Readonly<Record<string, unknown>>): string => {
  const entries = Object.entries(search).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  const text = new URLSearchParams(entries).toString();
  return text === '' ? '' : `?${text}`;
};
