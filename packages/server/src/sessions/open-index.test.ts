import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpenIndex } from './open-index.ts';

/** Few distinct hashes, so that runs collide, wrap around and are cut in their middle. */
const hashOf = (reference: number): number => (reference % 5) * 7 + 11;
const has = (index: OpenIndex, reference: number): boolean => {
  for (let c = index.first(hashOf(reference)); index.at(c) !== -1; c = index.next(c))
    if (index.at(c) === reference) return true;
  return false;
};

describe('OpenIndex', () => {
  it('holds exactly what a set holds, whatever is added and deleted', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(60)), { maxLength: 300 }), (steps) => {
        const index = new OpenIndex(hashOf);
        const model = new Set<number>();
        for (const [isAdd, reference] of steps) {
          if (isAdd && !model.has(reference)) {
            index.add(reference);
            model.add(reference);
          } else if (!isAdd) {
            index.delete(reference);
            model.delete(reference);
          }
        }
        for (let reference = 0; reference <= 60; reference++) expect(has(index, reference)).toBe(model.has(reference));
      }),
    );
  });
});
