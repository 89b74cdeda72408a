import type { Instant } from '@sallyport/model/instant';
import type { Clock } from '../ports/clock.ts';

/**
 * A clock that does not go back by itself. When the one below it does, this stands still at the latest instant that it has
 * told, until whoever looks after it has written down what had ended by then, and lets it go.
 */
export interface HeldClock extends Clock {
  /** Holds it at an instant that was seen before this process began. */
  holdAt(seen: Instant): void;
  isHeld(): boolean;
  /** What the clock below says. */
  below(): Instant;
  /** The latest instant that it has told. */
  latest(): Instant;
  /** From now on it tells the time of the clock below, earlier as that may be. */
  letGo(): void;
}

export const holdClock = (below: Clock): HeldClock => {
  let latest = Number.NEGATIVE_INFINITY;
  return {
    now() {
      const now = below.now();
      if (now > latest) latest = now;
      return latest;
    },
    holdAt(seen) {
      latest = Math.max(latest, seen);
    },
    below: () => below.now(),
    isHeld: () => below.now() < latest,
    latest: () => latest,
    letGo() {
      latest = below.now();
    },
  };
};
