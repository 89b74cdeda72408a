import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isScreenPath, SCREENS, type ScreenRow } from '../screens.ts';
import { Page } from '../ui/page.tsx';
import { Failure, Forbidden, Loading } from '../ui/states.tsx';
import { meQuery } from './me.ts';

/** Shows a screen to whoever may read it, and says to everybody else what they lack. The server judges again. */
export const Guarded = ({ children }: { readonly children: ReactNode }) => {
  const query = useQuery(meQuery);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const screen = (SCREENS as readonly ScreenRow[]).find((row) => isScreenPath(path, [row]));
  if (query.data === undefined)
    return query.isError ? (
      <Failure what="Couldn’t load who you are" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the console" />
    );
  const needed = screen?.permission ?? null;
  if (needed === null || query.data.permissions.includes(needed)) return children;
  return (
    <Page title={screen?.title ?? 'Not for you'}>
      <Forbidden
        what={
          query.data.session.hasConsole
            ? `“${screen?.title}” is not part of your role.`
            : 'You are signed in, but not to the Admin Console.'
        }
        permission={needed}
      />
    </Page>
  );
};
