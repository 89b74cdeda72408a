import { describe, expect, it } from 'vitest';
import { entriesOf, lineErrors, usageWords } from './zone-answer.ts';

describe('the addresses of a zone', () => {
  it('are one a line; a dash makes a range', () => {
    expect(entriesOf(' 192.0.2.0/24\n\n198.51.100.1-198.51.100.9,\n2001:db8::/32 \n')).toEqual([
      { type: 'CIDR', value: '192.0.2.0/24' },
      { type: 'RANGE', value: '198.51.100.1-198.51.100.9' },
      { type: 'CIDR', value: '2001:db8::/32' },
    ]);
    expect(entriesOf(' \n\n')).toEqual([]);
  });
  it('carry their errors to the line of the text, empty ones counted; what speaks of no line is not taken for one', () => {
    const causes = [
      'gateways: line 2: x is not an address',
      'gateways: at most 150',
      'gateways: line 9: y',
      'name: taken',
    ];
    expect(lineErrors(causes, 'gateways', '192.0.2.1\n\n\nx')).toEqual([{ line: 4, sentence: 'x is not an address' }]);
  });
  it('say what the zone does', () => {
    expect(usageWords({ name: 'DefaultExemptIpZone', usage: 'POLICY' })).toBe('exempts from binding');
    expect(usageWords({ name: 'Office', usage: 'POLICY' })).toBe('used in rules');
    expect(usageWords({ name: 'Bad', usage: 'BLOCKLIST' })).toBe('blocks');
  });
});
