import type { Answer, Exchange } from './exchange.ts';
import { pageLinks } from './page-links.ts';

/** A list of the wire: its items under `data`, the next page in the body and in the headers. */
export const enveloped = (
  { services, query }: Pick<Exchange, 'services' | 'query'>,
  path: string,
  data: readonly unknown[],
  after: string | null,
): Answer => {
  const { origin } = services.config.publicUrl;
  const url = (more: Readonly<Record<string, string>>): string => {
    const target = new URL(path, origin);
    for (const [key, value] of Object.entries({ ...query, ...more }))
      if (value !== undefined) target.searchParams.set(key, String(value));
    return target.toString();
  };
  return {
    body: {
      data,
      _links: { self: { href: url({}) }, ...(after === null ? {} : { next: { href: url({ after }) } }) },
    },
    headers: pageLinks(origin, path, query, after),
  };
};
