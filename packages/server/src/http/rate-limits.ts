import type { RateClass } from '@sallyport/api/define-route';
import { ApiError } from '@sallyport/model/errors';
import type { Instant } from '@sallyport/model/instant';

interface Window {
  count: number;
  startedAt: Instant;
}

export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}
/** Requests without a good credential per address: sixty a second on average, so that forty always pass. */
export const ADDRESS_LIMIT: RateLimit = { limit: 600, windowSeconds: 10 };
/** Sign-ins begun for one name. A key is never locked by it; only more attempts have to wait. */
export const NAME_LIMIT: RateLimit = { limit: 30, windowSeconds: 60 };
export const PRINCIPAL_LIMITS: Readonly<Record<RateClass, RateLimit>> = {
  'sign-in': { limit: 1200, windowSeconds: 60 },
  management: { limit: 6000, windowSeconds: 60 },
  logs: { limit: 1200, windowSeconds: 60 },
  self: { limit: 6000, windowSeconds: 60 },
};
const KEYS_MAX = 100_000;

export interface RateStanding {
  readonly limit: number;
  readonly remaining: number;
  /** UTC epoch seconds at which the window ends. */
  readonly resetAt: number;
  readonly isOver: boolean;
}

const standingOf = ({ count, startedAt }: Window, limit: number, windowSeconds: number): RateStanding => ({
  limit,
  remaining: Math.max(0, limit - count),
  isOver: count > limit,
  resetAt: Math.ceil((startedAt + windowSeconds * 1000) / 1000),
});

/** The headers that clients read on good answers and on 429 alike. */
export const rateHeaders = (standing: RateStanding): Record<string, string> => ({
  'X-Rate-Limit-Limit': String(standing.limit),
  'X-Rate-Limit-Remaining': String(standing.remaining),
  'X-Rate-Limit-Reset': String(standing.resetAt),
});

/** A clock that was set back begins a new window, too: the old one would keep whoever filled it out until time caught up. */
const isRunning = ({ startedAt }: Window, windowSeconds: number, now: Instant): boolean =>
  startedAt <= now && now < startedAt + windowSeconds * 1000;

/**
 * Fixed windows in memory. When a flood of keys fills the table the oldest half goes: memory is bounded, and an
 * attacker with so many addresses gains at most one window.
 */
export const createRateLimiter = () => {
  const windows = new Map<string, Window>();
  return {
    /** As it stands, without counting. */
    peek(key: string, { limit, windowSeconds }: RateLimit, now: Instant): RateStanding {
      const window = windows.get(key);
      const isOpen = window !== undefined && isRunning(window, windowSeconds, now);
      return standingOf(isOpen ? window : { count: 0, startedAt: now }, limit, windowSeconds);
    },
    hit(key: string, { limit, windowSeconds }: RateLimit, now: Instant): RateStanding {
      let window = windows.get(key);
      if (window === undefined || !isRunning(window, windowSeconds, now)) {
        window = { count: 0, startedAt: now };
        windows.delete(key);
        windows.set(key, window);
        if (windows.size > KEYS_MAX) {
          let surplus = KEYS_MAX / 2;
          for (const oldest of windows.keys()) {
            if (surplus-- <= 0) break;
            windows.delete(oldest);
          }
        }
      }
      window.count += 1;
      return standingOf(window, limit, windowSeconds);
    },
  };
};
export type RateLimiter = ReturnType<typeof createRateLimiter>;

/** 429 with the headers that clients wait by. */
export const rateExceeded = (standing: RateStanding, now: Instant): ApiError =>
  new ApiError('E0000047', {
    headers: {
      ...rateHeaders(standing),
      'Retry-After': String(Math.max(1, standing.resetAt - Math.floor(now / 1000))),
    },
  });
