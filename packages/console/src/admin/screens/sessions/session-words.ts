import { END_REASONS } from '../../../browser/end-reasons.ts';
import type { Tone } from '../../ui/word.tsx';
import type { BindingMode, BindingState, BoundFact, MarkKind, SessionDetail } from './session-types.ts';

/** What reads otherwise when it is not said to the owner. */
const TO_OTHERS: Readonly<Record<string, string>> = {
  'revoked-by-owner': 'Ended by its owner',
  'not-me': 'Owner said “that wasn’t me”',
};

/** How a session ended, to whoever is not its owner. */
export const endWords = (reason: string | null): string =>
  reason === null ? 'Ended' : (TO_OTHERS[reason] ?? END_REASONS.get(reason)?.short ?? reason);

/** The reasons that a list can be narrowed to. */
export const END_CHOICES: readonly { readonly value: string; readonly label: string }[] = [...END_REASONS.keys()].map(
  (value) => ({ value, label: endWords(value) }),
);

/** What an administrator should look at. */
export const isAlarming = (reason: string | null): boolean =>
  reason === 'client-roaming' || reason === 'token-reused' || reason === 'not-me';

export const BINDING_WORDS: Readonly<Record<BindingState, { readonly tone: Tone; readonly word: string }>> = {
  held: { tone: 'good', word: 'held' },
  observed: { tone: 'warn', word: 'seen elsewhere' },
  proved: { tone: 'info', word: 'proved' },
  'not-enforced': { tone: 'quiet', word: 'not enforced' },
  roamed: { tone: 'bad', word: 'roamed' },
};

export const MODE_WORDS: Readonly<Record<BindingMode, string>> = {
  ENFORCED: 'enforced',
  PROVE: 'proved by the page’s key',
  MONITOR: 'only observed',
  DISABLED: 'off',
};

export const MARK_WORDS: Readonly<Record<MarkKind, { readonly tone: Tone; readonly word: string }>> = {
  began: { tone: 'good', word: 'began' },
  seen: { tone: 'quiet', word: 'seen' },
  observed: { tone: 'warn', word: 'observed, went on' },
  proved: { tone: 'info', word: 'proved, went on' },
  ended: { tone: 'bad', word: 'ended here' },
};

/** `held`, `changed`, `not enforced`: one fact that a session is bound to. */
export const factWords = ({ state, mode, changed }: BoundFact): { readonly tone: Tone; readonly word: string } => {
  if (state === 'not-enforced') return { tone: 'quiet', word: 'not enforced' };
  if (changed === null) return { tone: 'good', word: mode === 'MONITOR' ? 'held so far' : 'held' };
  return { tone: MARK_WORDS[changed.decision].tone, word: 'changed' };
};

/** The key of the page counts only where a new address has to be proved with it. */
export const pageKeyWords = ({
  boundTo: { pageKey, ip },
}: Pick<SessionDetail, 'boundTo'>): {
  readonly tone: Tone;
  readonly word: string;
} => {
  if (pageKey.provedAddress !== null) return { tone: 'info', word: 'proved' };
  if (ip.mode !== null && ip.mode !== 'PROVE') return { tone: 'quiet', word: 'not enforced' };
  if (pageKey.isRegistered) return { tone: 'good', word: 'held' };
  return { tone: ip.mode === 'PROVE' ? 'warn' : 'quiet', word: 'none' };
};
