import { prefixOf } from '@sallyport/decide/address/resolve-network';
import type { Instant } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';

/** A zone that blocks, as events name it. */
export interface BlockingZone {
  readonly id: string;
  readonly name: string;
}
/** Requests of one address, refused and not yet told. */
export interface Refusals {
  readonly zone: BlockingZone;
  /** Of the last of them. */
  readonly principal: Principal;
  readonly count: number;
  readonly firstAt: Instant;
}

/**
 * Requests that a blocklist refused. A flood from one address is one event at once and one at the end of its window, with
 * the count: whoever is blocked cannot fill the log, nor make the store write for each of their requests.
 */
export interface BlockedRequests {
  /** True for the first of a window: that one is told now. */
  note(principal: Principal, zone: BlockingZone, now: Instant): boolean;
  /** What was counted in windows that have ended, or in all of them. */
  drain(now: Instant, isAll?: boolean): readonly Refusals[];
}

export const BLOCKED_WINDOW_SECONDS = 60;
/** Windows open at a time; what comes from further addresses is counted together. */
const WINDOWS_MAX = 1000;
const EVERYBODY_ELSE = 'everybody else';

/** One IPv6 subscriber has a /64 of addresses, and often a /48: they count as one. */
const keyOf = ({ request: { client } }: Principal): string => {
  if (client.kind === 'unknown') return client.chain.at(-1)?.ip ?? 'unknown';
  return client.address.family === 'v6' ? prefixOf(client.address) : client.address.text;
};

export const createBlockedRequests = (): BlockedRequests => {
  const windows = new Map<string, { endsAt: Instant; firstAt: Instant | null; count: number; last: Refusals | null }>();
  const due: Refusals[] = [];
  const close = (key: string): void => {
    const last = windows.get(key)?.last;
    if (last !== null && last !== undefined) due.push(last);
    windows.delete(key);
  };
  return {
    note(principal, zone, now) {
      const own = keyOf(principal);
      const key = windows.has(own) || windows.size < WINDOWS_MAX ? own : EVERYBODY_ELSE;
      const open = windows.get(key);
      if (open !== undefined && now < open.endsAt) {
        open.firstAt ??= now;
        open.count += 1;
        open.last = { zone, principal, count: open.count, firstAt: open.firstAt };
        return false;
      }
      close(key);
      windows.set(key, { endsAt: now + BLOCKED_WINDOW_SECONDS * 1000, firstAt: null, count: 0, last: null });
      return true;
    },
    drain(now, isAll = false) {
      for (const [key, { endsAt }] of windows) if (isAll || now >= endsAt) close(key);
      return due.splice(0);
    },
  };
};
