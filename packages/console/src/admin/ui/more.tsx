import { Button } from '@mantine/core';

/** The end of a list that is read page by page. */
export const More = ({
  query,
  count,
  what,
}: {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  readonly count: number;
  readonly what: string;
}) => (
  <p className="sp-actions sp-quiet" role="status">
    {query.hasNextPage ? `The first ${count} ${what}` : `${count} ${what}`}
    {query.hasNextPage && (
      <Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Show more
      </Button>
    )}
  </p>
);
