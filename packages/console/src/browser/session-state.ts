/** When a session ends, on this computer's clock (ms). */
export interface Deadlines {
  /** Without interaction. */
  readonly idleEndsAt: number;
  /** At the latest. */
  readonly endsAt: number;
}

export type SessionState =
  | { readonly kind: 'running' }
  | {
      readonly kind: 'ending';
      /** Idleness ends when the person does something; the longest time of a session ends for nobody. */
      readonly cause: 'idle' | 'lifetime';
      readonly endsAt: number;
      readonly secondsLeft: number;
    }
  | { readonly kind: 'ended'; readonly reason: string | null };

/** WCAG 2.2.1: a warning, and time to answer it. */
export const WARN_SECONDS = 120;
/** When a live region says the time that is left; each second would be noise. */
const SPOKEN_SECONDS: readonly number[] = [WARN_SECONDS, 60, 30, 10];

/** What a session is at an instant, by its deadlines alone. */
export const stateOf = ({ idleEndsAt, endsAt }: Deadlines, now: number): SessionState => {
  const cause = idleEndsAt < endsAt ? 'idle' : 'lifetime';
  const end = Math.min(idleEndsAt, endsAt);
  const secondsLeft = Math.ceil((end - now) / 1000);
  if (secondsLeft <= 0) return { kind: 'ended', reason: cause };
  return secondsLeft <= WARN_SECONDS ? { kind: 'ending', cause, endsAt: end, secondsLeft } : { kind: 'running' };
};

/** `1:58`, for eyes. */
export const clockOf = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

const inWords = (seconds: number): string =>
  seconds >= 60 ? `${seconds / 60} ${seconds === 60 ? 'minute' : 'minutes'}` : `${seconds} seconds`;

/** What is said aloud when the time that is left passes from one reading to the next; null for nothing. */
export const announcementOf = (before: number | null, secondsLeft: number): string | null => {
  const passed = SPOKEN_SECONDS.filter((mark) => secondsLeft <= mark && (before === null || before > mark)).at(-1);
  return passed === undefined ? null : `Your session ends in ${inWords(passed)}.`;
};
