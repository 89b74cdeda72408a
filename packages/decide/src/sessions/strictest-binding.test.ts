import { BINDING_MODES, type BindingMode } from '@sallyport/model/session';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strictestModes } from './strictest-binding.ts';

const mode = fc.constantFrom<BindingMode>(...BINDING_MODES);
const modes = fc.record({ asnBinding: mode, ipBinding: mode });
const STRICT_FIRST: readonly BindingMode[] = ['ENFORCED', 'PROVE', 'MONITOR', 'DISABLED'];

describe('strictestModes', () => {
  it.each(STRICT_FIRST.flatMap((strict, i) => STRICT_FIRST.slice(i).map((loose) => [strict, loose] as const)))(
    '%s beats %s on each axis by itself, in either order',
    (strict, loose) => {
      const a = { asnBinding: strict, ipBinding: loose };
      const b = { asnBinding: loose, ipBinding: strict };
      expect(strictestModes([a, b])).toEqual({ asnBinding: strict, ipBinding: strict });
      expect(strictestModes([b, a])).toEqual({ asnBinding: strict, ipBinding: strict });
    },
  );

  it('enforces everything when no app says anything', () => {
    expect(strictestModes([])).toEqual({ asnBinding: 'ENFORCED', ipBinding: 'ENFORCED' });
  });

  it('keeps the modes of a single app', () => {
    expect(strictestModes([{ asnBinding: 'DISABLED', ipBinding: 'MONITOR' }])).toEqual({
      asnBinding: 'DISABLED',
      ipBinding: 'MONITOR',
    });
  });

  it('does not depend on the order of the apps', () => {
    fc.assert(
      fc.property(fc.array(modes, { minLength: 1 }), (list) => {
        expect(strictestModes(list.toReversed())).toEqual(strictestModes(list));
      }),
    );
  });
});
