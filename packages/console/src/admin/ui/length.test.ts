import { describe, expect, it } from 'vitest';
import { lengthWords, readLength, writeLength } from './length.ts';

describe('a length of time', () => {
  it('is typed in the largest unit that says it whole, and sent as it was', () => {
    for (const [wire, count, unit] of [
      ['PT8H', '8', 'hours'],
      ['P7D', '7', 'days'],
      ['PT30M', '30', 'minutes'],
      ['PT90S', '90', 'seconds'],
    ] as const) {
      expect(readLength(wire)).toEqual({ count, unit });
      expect(writeLength({ count, unit })).toBe(wire);
    }
    expect(readLength('P1DT12H')).toEqual({ count: '36', unit: 'hours' });
    expect(readLength('PT24H')).toEqual({ count: '1', unit: 'days' });
    expect(readLength('P1W')).toEqual({ count: '7', unit: 'days' });
  });

  it('is nothing where no whole number above zero was typed', () => {
    for (const count of ['', '0', '-1', '1.5', '1e3', 'many']) expect(writeLength({ count, unit: 'hours' })).toBeNull();
    expect(readLength('soon')).toEqual({ count: '', unit: 'hours' });
    expect(readLength('P')).toEqual({ count: '', unit: 'hours' });
  });

  it('reads as people say it', () => {
    expect(lengthWords('P1D')).toBe('1 day');
    expect(lengthWords('PT8H')).toBe('8 hours');
  });
});
