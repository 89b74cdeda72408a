import type { ReactNode } from 'react';
import { Failure, Loading } from './states.tsx';

/** What of a question is looked at; a list that is read page by page has it too. */
interface Asked<T> {
  readonly data: T | undefined;
  readonly isError: boolean;
  readonly error: unknown;
  readonly isPlaceholderData: boolean;
  readonly refetch: () => Promise<unknown>;
}

/** The states of one question to the server: loading, slow, failed, forbidden; old rows stay, dimmed, while it is asked again. */
export const QueryView = <T,>({
  query,
  what,
  children,
  rows,
}: {
  readonly query: Asked<T>;
  readonly what: string;
  readonly children: (data: T) => ReactNode;
  readonly rows?: number;
}) => {
  if (query.data !== undefined)
    return (
      <div
        className={query.isPlaceholderData ? 'sp-refreshing' : undefined}
        aria-busy={query.isPlaceholderData || undefined}
      >
        {query.isError && (
          <Failure what={`Couldn’t refresh ${what}`} error={query.error} onRetry={() => void query.refetch()} />
        )}
        {children(query.data)}
      </div>
    );
  if (query.isError)
    return <Failure what={`Couldn’t load ${what}`} error={query.error} onRetry={() => void query.refetch()} />;
  return <Loading what={what} {...(rows === undefined ? {} : { rows })} />;
};
