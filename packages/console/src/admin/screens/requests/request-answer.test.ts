import { describe, expect, it } from 'vitest';
import { namesOf, passedOnAt } from './request-answer.ts';

const person = (name: string) => ({ id: name, login: `${name}@example.org`, name });
const at = (minutes: number): string => new Date(minutes * 60_000).toISOString();
const step = (given: number, escalation: { at: string | null; isNow: boolean } | null) => ({
  count: 1,
  given,
  who: 'Bo',
  able: [],
  ableCount: 0,
  escalation: escalation === null ? null : { who: 'super admins', ...escalation },
  reassignment: null,
  unable: [],
});
const yes = (minutes: number) => ({
  by: person('bo'),
  insteadOf: null,
  kind: 'approve' as const,
  step: 0,
  at: at(minutes),
  comment: null,
});

describe('a request', () => {
  it('names in whose stead somebody could say yes', () => {
    expect(
      namesOf(
        [
          { ...person('bo'), insteadOf: null },
          { ...person('del'), insteadOf: person('bo') },
        ],
        3,
      ),
    ).toBe('bo, del (in the stead of bo) and 1 more');
    expect(namesOf([], 0)).toBe('nobody');
  });

  it('passed on where nobody had answered by then, and never after it was decided', () => {
    const passed = (
      given: number,
      escalation: { at: string | null; isNow: boolean } | null,
      decisions: ReturnType<typeof yes>[] = [],
      resolvedAt: string | null = null,
    ) => passedOnAt({ steps: [step(given, escalation)], decisions, resolvedAt, decideBy: at(60) }, 0);
    const once = { at: at(10), isNow: true };
    expect(passed(0, once)).toBe(at(10));
    expect(passed(0, null)).toBeNull();
    expect(passed(0, { at: null, isNow: false })).toBeNull();
    expect(passed(0, { at: at(10), isNow: false })).toBeNull();
    // By the clock it would pass on later than the yes, the no, the end by hand, and the end of its time.
    expect(passed(1, once, [yes(9)])).toBeNull();
    expect(passed(1, once, [yes(11)])).toBe(at(10));
    expect(passed(0, once, [{ ...yes(9), kind: 'deny' as never }], at(9))).toBeNull();
    expect(passed(0, once, [], at(9))).toBeNull();
    expect(passed(0, { at: at(61), isNow: true }, [], at(62))).toBeNull();
  });
});
