import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseReviewers } from './choose-reviewers.ts';

const people = fc.constantFrom<string>('ana', 'bea', 'cal', 'dan', 'eve');

it('never asks whoever is excluded, and somebody wherever anybody is left', () => {
  fc.assert(
    fc.property(
      fc.array(people),
      fc.option(people),
      fc.array(people),
      fc.array(people),
      (chosen, fallback, superAdmins, excluded) => {
        const { ids, via } = chooseReviewers({
          ...{ chosen, fallback, superAdmins },
          isExcluded: (id) => excluded.includes(id),
        });
        expect(ids.some((id) => excluded.includes(id))).toBe(false);
        expect(new Set(ids).size).toBe(ids.length);
        const anybody = [...chosen, ...(fallback === null ? [] : [fallback]), ...superAdmins];
        expect(ids.length === 0).toBe(anybody.every((id) => excluded.includes(id)));
        expect(via === 'NOBODY').toBe(ids.length === 0);
      },
    ),
  );
});

it('asks the fallback only where nobody chosen is left, and the super admins last', () => {
  const of = (excluded: readonly string[]) =>
    chooseReviewers({
      chosen: ['ana'],
      fallback: 'bea',
      superAdmins: ['cal', 'ana'],
      isExcluded: (id) => excluded.includes(id),
    });
  expect(of([])).toEqual({ ids: ['ana'], via: 'CHOSEN' });
  expect(of(['ana'])).toEqual({ ids: ['bea'], via: 'FALLBACK' });
  expect(of(['ana', 'bea'])).toEqual({ ids: ['cal'], via: 'SUPER_ADMINS' });
  expect(of(['ana', 'bea', 'cal'])).toEqual({ ids: [], via: 'NOBODY' });
});
