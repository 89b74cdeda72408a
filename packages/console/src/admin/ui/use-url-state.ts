import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** The filters of a screen live in its address: they survive a reload, can be mailed, and Back undoes them. */
export const useUrlState = () => {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string | undefined>>;
  const navigate = useNavigate();
  const set = useCallback(
    (changes: Readonly<Record<string, string | undefined>>, how: 'push' | 'replace' = 'push') =>
      void navigate({
        to: '.',
        replace: how === 'replace',
        search: ((previous: Record<string, string>) => ({ ...previous, ...changes })) as never,
      }),
    [navigate],
  );
  return { search, set };
};
