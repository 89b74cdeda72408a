import type { GrantAnswer } from '@sallyport/client/answers';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { LastEnded } from '../../browser/own-sessions.ts';
import { get } from '../api.ts';

/** `GET /sallyport/v1/me`: who is in front of the screen, and what they may do. */
export interface Me {
  readonly user: { readonly id: string; readonly login: string; readonly name: string };
  readonly session: {
    readonly id: string;
    readonly hasConsole: boolean;
    readonly createdAt: string;
    readonly idleEndsAt: string;
    readonly endsAt: string;
    /** The server's clock, when it answered. */
    readonly now: string;
  };
  readonly roles: readonly { readonly type: string; readonly label: string }[];
  /** Of the roles those that do not end by themselves. */
  readonly standing: readonly { readonly type: string; readonly label: string }[];
  /** What they have for a while now, the first to end first. */
  readonly grants: readonly {
    readonly id: string;
    readonly kind: GrantAnswer['entitlement']['kind'];
    readonly name: string;
    readonly endsAt: string;
  }[];
  readonly permissions: readonly string[];
  readonly org: { readonly name: string };
  /** How the network ended the last session, until its owner said whether it was them. */
  readonly lastEnded: LastEnded | null;
  /** What the operator calls this installation, such as `production`; null when they gave no name. */
  readonly environment: string | null;
  /** What waits for this very person's answer, as far as it is counted. */
  readonly waiting: { readonly count: number; readonly isMore: boolean };
  readonly banners: readonly { readonly kind: string; readonly text: string; readonly href: string | null }[];
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => get<Me>('/sallyport/v1/me'),
  staleTime: 30_000,
  // What waits for a decision is told by the stream; this is for what comes by time, and for banners. It moves no idle clock.
  refetchInterval: 60_000,
  // Whoever comes back to the window learns at once that the session is over.
  refetchOnWindowFocus: 'always',
});

/** The list of what is counted there. */
export const INBOX = '/sallyport/v1/me/inbox';

/** How many wait, as a count that has a bound: `3`, `20+`; null of none. */
export const waitingWords = (me: Me | null): string | null =>
  me === null || me.waiting.count === 0 ? null : `${me.waiting.count}${me.waiting.isMore ? '+' : ''}`;

/** Null until it is known. */
export const useMe = (): Me | null => useQuery(meQuery).data ?? null;

/** Whether the person holds a permission; false until it is known. Null asks for none. */
export const useMay = (permission: string | null): boolean => {
  const me = useMe();
  return me !== null && (permission === null || me.permissions.includes(permission));
};
