/** The console; whoever has no part in it is led to their own pages by the server. */
const DEFAULT = '/';

/**
 * Where to go after sign-in: `next` if it is a path of this server. `//host`, `/\host` and the same behind tabs or
 * line breaks, which browsers strip, would lead elsewhere: an open redirect straight after a proof is a gift to phishers.
 */
export const nextPath = (search: string, origin: string): string => {
  const next = new URLSearchParams(search).get('next') ?? '';
  if (!/^\/(?![/\\])/.test(next)) return DEFAULT;
  const url = URL.parse(next, origin);
  // The whole address, not its path: that of `/.//host` is `//host`, which alone would lead elsewhere after all.
  return url !== null && url.origin === origin ? url.href : DEFAULT;
};
