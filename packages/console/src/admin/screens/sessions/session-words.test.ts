import { SESSION_END_REASONS } from '@sallyport/model/session';
import { describe, expect, it } from 'vitest';
import { END_REASONS } from '../../../browser/end-reasons.ts';
import type { BoundFact } from './session-types.ts';
import { END_CHOICES, endWords, factWords, pageKeyWords } from './session-words.ts';

const fact = (part: Partial<BoundFact>): BoundFact => ({ mode: 'ENFORCED', state: 'held', changed: null, ...part });
const departed = (decision: 'observed' | 'ended') =>
  fact({ state: 'changed', changed: { at: null, decision, address: '203.0.113.7', network: 'x' } });

describe('endWords', () => {
  it('has words for every way a session can end, and never speaks to the owner', () => {
    for (const reason of SESSION_END_REASONS) {
      expect(END_REASONS.has(reason), reason).toBe(true);
      expect(endWords(reason), reason).not.toMatch(/\byou/i);
    }
    expect(END_CHOICES).toHaveLength(END_REASONS.size);
  });
});

describe('factWords', () => {
  it('tells held, held so far, changed and not enforced apart', () => {
    expect(factWords(fact({}))).toEqual({ tone: 'good', word: 'held' });
    expect(factWords(fact({ mode: 'MONITOR' }))).toEqual({ tone: 'good', word: 'held so far' });
    expect(factWords(fact({ mode: 'DISABLED', state: 'not-enforced' })).word).toBe('not enforced');
    expect(factWords(departed('observed'))).toEqual({ tone: 'warn', word: 'changed' });
    expect(factWords(departed('ended'))).toEqual({ tone: 'bad', word: 'changed' });
  });
});

describe('pageKeyWords', () => {
  const told = (mode: BoundFact['mode'], isRegistered: boolean, provedAddress: string | null = null): string =>
    pageKeyWords({
      boundTo: {
        asn: { ...fact({}), value: { name: 'x' } },
        ip: { ...fact({ mode }), value: [] },
        pageKey: { isRegistered, fingerprint: null, provedAddress },
        recordedAt: '',
        userAgent: '',
      },
    }).word;
  it('counts only where it has to prove something', () => {
    expect(told('MONITOR', true)).toBe('not enforced');
    expect(told('PROVE', true)).toBe('held');
    expect(told('PROVE', false)).toBe('none');
    expect(told('PROVE', true, '198.51.100.9')).toBe('proved');
    expect(told(null, true)).toBe('held');
  });
});
