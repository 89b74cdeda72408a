import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRanges, isInRanges } from './address-range.ts';
import { parseAddress } from './parse-address.ts';
import { rangeEdges } from './range-edges.ts';

const edges = (...ranges: string[]): string[] => [...rangeEdges(compileRanges(ranges))].map(({ text }) => text);

describe('the edges of ranges', () => {
  it('are where a range begins and where it has ended, of both families', () => {
    expect(edges()).toEqual([]);
    expect(edges('192.0.2.0/24', '10.0.0.255')).toEqual(['10.0.0.255', '10.0.1.0', '192.0.2.0', '192.0.3.0']);
    expect(edges('2001:db8::/32', '192.0.2.1')).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::', '2001:db9::']);
  });

  it('have none behind the last address', () => {
    expect(edges('255.255.255.255')).toEqual(['255.255.255.255']);
    expect(edges('ffff::/16')).toEqual(['ffff::']);
    expect(edges('0.0.0.0/0')).toEqual(['0.0.0.0']);
  });

  it('with the address before them all, see every combination of sets that an address is in', () => {
    const range = fc.tuple(fc.nat(31), fc.nat(31)).map(([a, b]) => `10.0.0.${Math.min(a, b)}-10.0.0.${Math.max(a, b)}`);
    fc.assert(
      fc.property(fc.array(fc.array(range, { maxLength: 3 }), { maxLength: 4 }), (lists) => {
        const sets = lists.map(compileRanges);
        const answers = (texts: Iterable<string>): string[] =>
          [
            ...new Set(
              [...texts].map((text) => {
                const address = parseAddress(text);
                return address === null ? 'none' : sets.map((set) => Number(isInRanges(set, address))).join('');
              }),
            ),
          ].toSorted();
        const every = Array.from({ length: 34 }, (_, i) => `10.0.0.${i}`);
        const looked = ['9.255.255.255', ...sets.flatMap((set) => [...rangeEdges(set)].map(({ text }) => text))];
        expect(answers(looked)).toEqual(answers(['9.255.255.255', ...every]));
      }),
    );
  });
});
