/** No browser sends more for one host; what does is not ours to search. */
const HEADER_MAX = 16_384;
/** Our tokens have 43 characters. */
const TOKEN_MAX = 128;

const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const isBlank = (code: number): boolean => code === SPACE || code === TAB;

/**
 * The value of one cookie of a Cookie header (RFC 6265bis §5.8.3), null without one. Two cookies of that name are
 * `'repeated'` and refused: a sibling domain or a plain-http attacker who plants a second one ("cookie tossing") must
 * not choose which counts. Scans once and allocates the token alone; this is the hot path.
 */
export const readSessionCookie = (cookieHeader: string, name: string): string | null | 'repeated' => {
  if (cookieHeader.length > HEADER_MAX) return null;
  let found: string | null = null;
  let hasOne = false;
  let at = 0;
  while (at < cookieHeader.length) {
    let end = cookieHeader.indexOf(';', at);
    if (end === -1) end = cookieHeader.length;
    while (at < end && isBlank(cookieHeader.charCodeAt(at))) at++;
    if (cookieHeader.startsWith(name, at)) {
      let equals = at + name.length;
      // `sid =x` names the same cookie to a browser and to other parsers.
      while (equals < end && isBlank(cookieHeader.charCodeAt(equals))) equals++;
      if (equals < end && cookieHeader.charCodeAt(equals) === 0x3d) {
        if (hasOne) return 'repeated';
        hasOne = true;
        found = valueBetween(cookieHeader, equals + 1, end);
      }
    }
    at = end + 1;
  }
  return found;
};

/** The value without blanks and one pair of quotes; null when it is empty or longer than any token. */
const valueBetween = (header: string, from: number, to: number): string | null => {
  let start = from;
  let end = to;
  while (start < end && isBlank(header.charCodeAt(start))) start++;
  while (end > start && isBlank(header.charCodeAt(end - 1))) end--;
  if (end - start >= 2 && header.charCodeAt(start) === QUOTE && header.charCodeAt(end - 1) === QUOTE) {
    start++;
    end--;
  }
  return end === start || end - start > TOKEN_MAX ? null : header.slice(start, end);
};
