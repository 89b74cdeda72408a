import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announcementOf, clockOf, stateOf } from './session-state.ts';

const NOW = 1_795_000_000_000;
const at = (idleSeconds: number, endSeconds: number) =>
  stateOf({ idleEndsAt: NOW + idleSeconds * 1000, endsAt: NOW + endSeconds * 1000 }, NOW);

describe('stateOf', () => {
  it('runs until two minutes before the end that comes first', () => {
    expect(at(120.001, 9_000)).toEqual({ kind: 'running' });
    expect(at(120, 9_000)).toEqual({ kind: 'ending', cause: 'idle', endsAt: NOW + 120_000, secondsLeft: 120 });
    expect(at(9_000, 45)).toMatchObject({ kind: 'ending', cause: 'lifetime', secondsLeft: 45 });
  });

  it('calls an end of both at once the one that cannot be extended', () => {
    expect(at(60, 60)).toMatchObject({ cause: 'lifetime' });
  });

  it('ends at the very instant, and not a moment before', () => {
    expect(at(0.001, 60)).toMatchObject({ kind: 'ending', secondsLeft: 1 });
    expect(at(0, 60)).toEqual({ kind: 'ended', reason: 'idle' });
    expect(at(60, 0)).toEqual({ kind: 'ended', reason: 'lifetime' });
  });
});

describe('announcementOf', () => {
  it('speaks four times, whatever the rhythm of the readings', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 130, maxLength: 130 }), (steps) => {
        const said: string[] = [];
        let before: number | null = null;
        let left = 121;
        for (const step of steps) {
          left -= step;
          if (left <= 0) break;
          const sentence = announcementOf(before, left);
          if (sentence !== null) said.push(sentence);
          before = left;
        }
        expect(new Set(said).size).toBe(said.length);
        expect(said.length).toBeLessThanOrEqual(4);
        expect(said[0]).toBe('Your session ends in 2 minutes.');
      }),
    );
  });

  it('names the mark that was passed last', () => {
    expect([announcementOf(61, 60), announcementOf(60, 59), announcementOf(31, 9)]).toEqual([
      'Your session ends in 1 minute.',
      null,
      'Your session ends in 10 seconds.',
    ]);
  });
});

describe('clockOf', () => {
  it('has two digits of seconds', () => {
    expect([120, 61, 9].map(clockOf)).toEqual(['2:00', '1:01', '0:09']);
  });
});
