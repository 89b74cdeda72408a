import type { Tone } from '../../ui/word.tsx';

/** Outcomes by what they mean to whoever looks for trouble; each has a word, a shape and a colour. */
export const FAMILIES = ['good', 'refused', 'other'] as const;
export type Family = (typeof FAMILIES)[number];

const GOOD = new Set(['SUCCESS', 'ALLOW']);
const REFUSED = new Set(['FAILURE', 'DENY', 'RATE_LIMIT', 'ABANDONED', 'UNANSWERED']);

export const familyOf = (outcome: string): Family =>
  GOOD.has(outcome) ? 'good' : REFUSED.has(outcome) ? 'refused' : 'other';
export const FAMILY_WORDS: Readonly<Record<Family, string>> = {
  good: 'Done or allowed',
  refused: 'Failed or refused',
  other: 'Asked, skipped, unknown',
};
export const FAMILY_TONES: Readonly<Record<Family, Tone>> = { good: 'good', refused: 'bad', other: 'info' };

/** `RATE_LIMIT` → `Rate limit`. */
export const outcomeWords = (outcome: string): string =>
  outcome.charAt(0) + outcome.slice(1).toLowerCase().replaceAll('_', ' ');

const SEVERITY_TONES: Readonly<Record<string, Tone>> = { WARN: 'warn', ERROR: 'bad', INFO: 'quiet', DEBUG: 'quiet' };
const SEVERITY_WORDS: Readonly<Record<string, string>> = {
  WARN: 'Warning',
  ERROR: 'Error',
  INFO: 'Info',
  DEBUG: 'Debug',
};
export const severityTone = (severity: string): Tone => SEVERITY_TONES[severity] ?? 'quiet';
export const severityWords = (severity: string): string => SEVERITY_WORDS[severity] ?? severity;
