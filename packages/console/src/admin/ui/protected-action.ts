import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '../../browser/call.ts';

/** What one protected action would ask of the person, were it done now: an entry of `GET …/me/protected-actions`. */
export interface AskedForAction {
  /** With `…` where the target stands. */
  readonly words: string;
  readonly group: string;
  readonly asks: 'nothing' | 'proof' | 'approval' | 'impossible';
  readonly needsApproval: boolean;
  readonly sentence: string;
}

/** Read by the page for its own marks, whoever did what before: it never keeps a session alive. */
export const myProtectedActionsQuery = queryOptions({
  queryKey: ['me', 'protected-actions'],
  queryFn: () =>
    call<{ readonly actions: Readonly<Record<string, AskedForAction>> }>('GET', '/sallyport/v1/me/protected-actions', {
      isBackground: true,
    }),
  staleTime: 60_000,
});

/**
 * What an action, by its name in the table, would ask; null while it is not known, and for no action. The server judges
 * again when it is done.
 */
export const useProtectedAction = (action: string | null): AskedForAction | null => {
  const { data } = useQuery({ ...myProtectedActionsQuery, enabled: action !== null });
  return action === null ? null : (data?.actions[action] ?? null);
};

/** The mark in words; null for what asks nothing. */
export const markOf = (asked: AskedForAction | null): string | null => {
  if (asked === null || asked.asks === 'nothing') return null;
  if (asked.asks === 'impossible') return asked.sentence;
  if (asked.asks === 'approval') return 'Asks a second person';
  return asked.needsApproval ? 'Asks for your key and a second person' : 'Asks for your key';
};
