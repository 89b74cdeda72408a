import type { BindingMode, BindingModes } from '@sallyport/model/session';
import type { MismatchCause } from './bind-session.ts';

/** One time that a session was seen elsewhere than where it began, and what came of it. */
export interface Departure {
  /** Null when only the fact was kept. */
  readonly at: number | null;
  readonly causes: readonly MismatchCause[];
  readonly decision: 'observed' | 'proved' | 'ended';
  readonly address: string;
  readonly network: string;
}

export type BindingState = 'held' | 'observed' | 'proved' | 'not-enforced' | 'roamed';

export interface BoundFact {
  /** Null where it is not known any more: the session has ended, and the modes of today say nothing of it. */
  readonly mode: BindingMode | null;
  readonly state: 'held' | 'changed' | 'not-enforced';
  readonly changed: Departure | null;
}

export interface BindingDescription {
  /** In one word, for a list; the worst first. */
  readonly state: BindingState;
  readonly asn: BoundFact;
  readonly ip: BoundFact;
}

const factOf = (cause: MismatchCause, mode: BindingMode | null, departures: readonly Departure[]): BoundFact => {
  const changed = departures.findLast(({ causes }) => causes.includes(cause)) ?? null;
  return { mode, changed, state: changed !== null ? 'changed' : mode === 'DISABLED' ? 'not-enforced' : 'held' };
};

/**
 * What a session is bound to, and whether that held, from what was written down of it. `departures` are in the order of
 * time. A binding that is off says nothing of where a session was: it never reads as held.
 */
export const describeBinding = (modes: BindingModes | null, departures: readonly Departure[]): BindingDescription => {
  const was = (decision: Departure['decision']): boolean => departures.some((seen) => seen.decision === decision);
  const isOff = modes?.asnBinding === 'DISABLED' && modes.ipBinding === 'DISABLED';
  return {
    state: was('ended')
      ? 'roamed'
      : was('observed')
        ? 'observed'
        : was('proved')
          ? 'proved'
          : isOff
            ? 'not-enforced'
            : 'held',
    asn: factOf('asn', modes?.asnBinding ?? null, departures),
    ip: factOf('ip', modes?.ipBinding ?? null, departures),
  };
};
