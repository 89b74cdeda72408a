import type { Instant } from '@sallyport/model/instant';

/** The only source of time. Tests advance it; `decide` receives its reading as an argument. */
export interface Clock {
  now(): Instant;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };
