import { expect, it } from 'vitest';
import { countSteps } from './count-steps.ts';
import { once, pairs } from './fixtures/loops.ts';

const HERE = /\/fixtures\/loops\.ts$/;

it('counts the steps of the files that are named, the same each time', () => {
  const of = (work: (n: number) => number, n: number): number => countSteps(HERE, () => work(n));
  expect(of(once, 1600)).toBe(of(once, 1600));
  expect(of(once, 1600) / of(once, 100)).toBeCloseTo(16, 0);
  expect(of(pairs, 1600) / of(pairs, 100)).toBeCloseTo(256, -1);
  expect(countSteps(/\/elsewhere\//, () => once(100))).toBe(0);
});

it('throws what the work throws, and counts the next work anew', () => {
  const broken = (): never => {
    throw new Error('broken');
  };
  expect(() => countSteps(HERE, broken)).toThrow('broken');
  expect(countSteps(HERE, () => once(1))).toBeLessThan(10);
});
