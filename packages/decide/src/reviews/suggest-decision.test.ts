import type { ReviewEvidence } from '@sallyport/model/review';
import { expect, it } from 'vitest';
import { suggestDecision } from './suggest-decision.ts';

const DAY = 86_400_000;
const now = 1000 * DAY;
const ago = (days: number): number => now - days * DAY;
const evidence = (more: Partial<ReviewEvidence>): ReviewEvidence => ({
  grantedAt: ago(400),
  grantedBy: null,
  how: '',
  lastUsedAt: null,
  usedDays: 0,
  lastSignInAt: ago(1),
  subjectIsActive: true,
  recordedSinceAt: ago(200),
  findings: [],
  gives: [],
  ...more,
});

const seal = {
  sealedAt: ago(10),
  unsealedAt: null,
  lastDrillAt: null,
  isDrillDue: false,
  keys: ['Ana’s', 'Bo’s'],
  networks: { primary: ['198.51.100.0/24'], secondary: [], tertiary: [] },
  openReviews: 0,
};
it.each([
  // Never signed in, and not used for ever: as it should be.
  ['a whole seal', {}, 'APPROVE', 'review-glass-ready'],
  ['a broken seal', { unsealedAt: ago(1), openReviews: 1 }, 'REVOKE', 'review-glass-broken'],
  ['a use that nobody reviewed', { openReviews: 1 }, null, 'review-glass-unreviewed'],
  ['one key', { keys: ['Ana’s'] }, null, 'review-glass-incomplete'],
  ['a drill that is due', { isDrillDue: true }, null, 'review-glass-drill-due'],
] as const)('suggests of a break-glass account by %s', (_, more, decision, reason) => {
  const whole = evidence({ seal: { ...seal, ...more }, lastSignInAt: null });
  expect(suggestDecision(whole, now)).toEqual({ decision, reason });
  expect(suggestDecision({ ...whole, subjectIsActive: false }, now).decision).toBe('REVOKE');
});

it.each([
  [
    'an account that is not active',
    { subjectIsActive: false, lastUsedAt: ago(1) },
    'REVOKE',
    'review-subject-inactive',
  ],
  [
    'a finding in the log',
    { findings: [{ kind: 'REPORTED', count: 1, lastAt: ago(3) }], lastUsedAt: ago(1) },
    'REVOKE',
    'review-finding-open',
  ],
  [
    'a session that roamed',
    { findings: [{ kind: 'ROAMED', count: 9, lastAt: ago(3) }], lastUsedAt: ago(1) },
    'APPROVE',
    'review-used',
  ],
  ['used a moment before 90 days', { lastUsedAt: ago(90) + 1 }, 'APPROVE', 'review-used'],
  ['not used for 90 days to the millisecond', { lastUsedAt: ago(90) }, 'REVOKE', 'review-unused'],
  ['given a moment before 30 days', { grantedAt: ago(30) + 1 }, 'APPROVE', 'review-given-lately'],
  ['given 30 days ago', { grantedAt: ago(30) }, 'REVOKE', 'review-unused'],
  ['never signed in', { lastSignInAt: null }, 'REVOKE', 'review-never-signed-in'],
  ['uses recorded since yesterday', { recordedSinceAt: ago(1) }, null, 'review-too-little-known'],
  ['uses never recorded', { recordedSinceAt: null }, null, 'review-too-little-known'],
] as const)('suggests by %s', (_, more, decision, reason) => {
  expect(suggestDecision(evidence(more), now)).toEqual({ decision, reason });
});
