const TARGET_MAX = 2048;

/**
 * Where to go on under an app's own host: a path of it, with its query, or `/`. Whatever a browser could read as
 * another place is refused, and not mended: `//evil`, `/\evil`, their percent-encoded twins (a proxy may decode them
 * once more), control characters, which browsers strip, and everything that does not begin with one slash.
 */
export const safeReturnTarget = (text: string | undefined, origin: string): string => {
  if (text === undefined || text.length > TARGET_MAX || !/^\/[\x21-\x7e]*$/.test(text)) return '/';
  const path = text.split(/[?#]/, 1)[0] ?? '';
  if (/[\\]|%5c|%2f%2f|%0|%1[0-9a-f]|%7f/i.test(path) || /\/\/|\/%2f|%2f\//i.test(path)) return '/';
  const url = URL.parse(text, origin);
  if (url === null || url.origin !== origin) return '/';
  // Our own pages under the app's host: to come back to one of them would go round in circles.
  if (url.pathname.toLowerCase().startsWith('/.sallyport')) return '/';
  // Dot segments are gone here; `/.//evil` would have become `//evil`, which is refused above.
  return url.pathname + url.search + url.hash;
};
