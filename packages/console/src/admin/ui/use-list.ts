import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { get, withQuery } from '../api.ts';

const PAGE = 50;

/**
 * A list page by page: what is shown so far, and whether there is more. Old rows stay while it is asked anew. The place
 * behind a row is its cursor where it has one, and else its id.
 */
export const useList = <T extends { readonly id: string; readonly cursor?: string }>(
  path: string,
  filter: Readonly<Record<string, string | undefined>> = {},
) =>
  useInfiniteQuery({
    queryKey: [path, filter],
    queryFn: ({ pageParam }) => get<readonly T[]>(withQuery(path, { ...filter, limit: PAGE, after: pageParam })),
    initialPageParam: '',
    // A full page may be the last one; then the next is empty, and there is no more.
    getNextPageParam: (page: readonly T[]) => {
      const last = page.at(-1);
      return page.length < PAGE ? undefined : (last?.cursor ?? last?.id);
    },
    placeholderData: keepPreviousData,
    select: (data) => data.pages.flat(),
  });
