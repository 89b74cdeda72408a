import { BREAK_GLASS_KEYS_MIN, DRILL_DAYS } from '@sallyport/model/break-glass';
import type { Instant } from '@sallyport/model/instant';

export interface ReadinessFacts {
  /** Its enrolled keys that its sealed policy takes. */
  readonly usableKeys: number;
  readonly isActive: boolean;
  /** The last time that the secret was typed since it was sealed; null: the seal is whole. */
  readonly unsealedAt: Instant | null;
  readonly isSessionOpen: boolean;
  /** Uses, drills among them, of which the review is open. */
  readonly openReviews: number;
  /** A review of access said no to it since it was sealed. */
  readonly isRevokedInReview: boolean;
  readonly sealedAt: Instant;
  readonly lastDrillAt: Instant | null;
  /** How many channels an alarm takes. */
  readonly alarmChannels: number;
  readonly now: Instant;
}

/** `IN_USE`: somebody is signed in as it. `USED`: the seal is broken. `INCOMPLETE`: nobody could sign in as it. */
export type ReadinessState = 'READY' | 'IN_USE' | 'USED' | 'INCOMPLETE';
/** A broken seal opens the door, too; only what is incomplete is no way in. */
export const isWayIn = (state: ReadinessState): boolean => state !== 'INCOMPLETE';

export interface Readiness {
  readonly state: ReadinessState;
  readonly isDrillDue: boolean;
  readonly drillDueAt: Instant;
  /** What somebody has to do about it, the most urgent first, as sentences. */
  readonly todo: readonly string[];
}

const DAY = 86_400_000;

/** Can it be used, and is it untouched? A broken seal still opens the door, so that a long night needs one secret, and nags. */
export const judgeReadiness = (facts: ReadinessFacts): Readiness => {
  const drillDueAt = (facts.lastDrillAt ?? facts.sealedAt) + DRILL_DAYS * DAY;
  const isDrillDue = facts.now >= drillDueAt;
  const isUsed = facts.unsealedAt !== null;
  const isIncomplete = !facts.isActive || facts.usableKeys < BREAK_GLASS_KEYS_MIN;
  const missing = BREAK_GLASS_KEYS_MIN - facts.usableKeys;
  const todo = [
    facts.isSessionOpen && 'Somebody is signed in as it now.',
    isUsed && 'Its secret was used: give it a new one, and seal that.',
    facts.isRevokedInReview && 'A review said no to it: give it a new secret, or retire it.',
    missing > 0 && `Register ${missing === 1 ? 'one more hardware key' : `${missing} hardware keys`} for it.`,
    facts.openReviews > 0 && 'Its last use is not reviewed.',
    facts.alarmChannels === 0 && 'Nobody is told when it is used: set up mail and a webhook.',
    facts.alarmChannels === 1 && 'One channel alone tells of its use: set up mail and a webhook.',
    isDrillDue && `No drill for ${DRILL_DAYS} days: try whether it works.`,
  ].filter((sentence) => sentence !== false);
  const state: ReadinessState = facts.isSessionOpen
    ? 'IN_USE'
    : isIncomplete
      ? 'INCOMPLETE'
      : isUsed
        ? 'USED'
        : 'READY';
  return { state, isDrillDue, drillDueAt, todo };
};
