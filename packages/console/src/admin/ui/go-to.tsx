import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMe } from '../frame/me.ts';
import { isScreenPath, SCREENS, type ScreenRow } from '../screens.ts';
import { parseSearch } from '../search-params.ts';

/** The screen of an address, if there is one and this person may read it. */
const screenOf = (pathname: string, permissions: readonly string[]): ScreenRow | null =>
  (SCREENS as readonly ScreenRow[]).find(
    (row) => isScreenPath(pathname, [row]) && (row.permission === null || permissions.includes(row.permission)),
  ) ?? null;

/**
 * A link inside the console, by its address. Whoever may not read the screen sees the words alone, or nothing where they
 * say nothing alone: no link leads to a refusal.
 */
export const GoTo = ({
  href,
  children,
  className,
  isOnlyLink = false,
}: {
  readonly href: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly isOnlyLink?: boolean;
}) => {
  const me = useMe();
  const [pathname = '/', search = ''] = href.split('?', 2);
  if (screenOf(pathname, me?.permissions ?? []) === null)
    return isOnlyLink ? null : <span className={className}>{children}</span>;
  return (
    <Link to={pathname as '/'} search={parseSearch(search) as never} className={className}>
      {children}
    </Link>
  );
};
