/**
 * Path and query of the page after this one, from the `Link` header (RFC 8288); null after the last. The host in the
 * link is left out: the credential goes to the server that was chosen, wherever an answer points.
 */
export const nextPage = (link: string | null): string | null => {
  for (const part of (link ?? '').split(/,\s*(?=<)/)) {
    const [, target, parameters = ''] = /^\s*<([^>]*)>(.*)$/.exec(part) ?? [];
    if (target === undefined || !/;\s*rel="?next"?\s*(?:;|$)/i.test(parameters)) continue;
    const url = URL.parse(target, 'http://server.invalid');
    if (url !== null) return url.pathname + url.search;
  }
  return null;
};
