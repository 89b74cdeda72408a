import type { Client } from '@sallyport/client/create-client';

interface Page {
  readonly _links?: { readonly next?: { readonly href: string } };
}

/** A list whole. Its items are the body, or stand under `key`; the next page is said by `Link`, or in the body. */
export const readAll = async <T>(client: Client, path: string, key: string | null): Promise<readonly T[]> => {
  const items: T[] = [];
  for (let next: string | null = path; next !== null; ) {
    const answer = await client.send({ method: 'GET', path: next });
    const body = answer.body as Page & Readonly<Record<string, readonly T[]>>;
    items.push(...((key === null ? (answer.body as readonly T[]) : body[key]) ?? []));
    const inBody: string | undefined = key === null ? undefined : body._links?.next?.href;
    const url: URL | null = inBody === undefined ? null : new URL(inBody, client.origin);
    next = url === null ? answer.nextPath : url.pathname + url.search;
  }
  return items;
};
