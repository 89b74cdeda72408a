import { parseAddress } from '@sallyport/decide/address/parse-address';
import type { Principal } from '@sallyport/model/principal';
import { describe, expect, it } from 'vitest';
import { REFUSAL_WINDOW_SECONDS } from '../system-log/refusal-counts.ts';
import { createBlockedRequests } from './blocked-requests.ts';
import { knownClient } from './zone-subject.ts';

const ZONE = { id: 'z', name: 'Bad' };
const WINDOW = REFUSAL_WINDOW_SECONDS * 1000;
const from = (text: string): Principal => {
  const address = parseAddress(text);
  if (address === null) throw new Error(text);
  return { kind: 'anonymous', request: { client: knownClient(address) } } as unknown as Principal;
};

describe('refused requests', () => {
  it('are told once a window and address; the others are counted', () => {
    const blocked = createBlockedRequests();
    expect(blocked.note(from('192.0.2.1'), ZONE, 0)).toBe(true);
    for (let i = 1; i <= 5; i++) expect(blocked.note(from('192.0.2.1'), ZONE, i)).toBe(false);
    expect(blocked.note(from('192.0.2.2'), ZONE, 6)).toBe(true);
    expect(blocked.drain(WINDOW - 1)).toEqual([]);
    // Of whoever asked once, all is told.
    expect(blocked.drain(WINDOW * 2)).toEqual([expect.objectContaining({ about: ZONE, count: 5, firstAt: 1 })]);
    expect(blocked.drain(WINDOW * 3)).toEqual([]);
    expect(blocked.note(from('192.0.2.1'), ZONE, WINDOW * 3)).toBe(true);
  });
  it('lose no count when the next window begins before anybody looked', () => {
    const blocked = createBlockedRequests();
    blocked.note(from('192.0.2.1'), ZONE, 0);
    blocked.note(from('192.0.2.1'), ZONE, 1);
    expect(blocked.note(from('192.0.2.1'), ZONE, WINDOW)).toBe(true);
    expect(blocked.drain(WINDOW + 1)).toEqual([expect.objectContaining({ count: 1 })]);
  });
  it('of one IPv6 subscriber count as one', () => {
    const blocked = createBlockedRequests();
    expect(blocked.note(from('2001:db8:1::1'), ZONE, 0)).toBe(true);
    expect(blocked.note(from('2001:db8:1:ffff::2'), ZONE, 0)).toBe(false);
    expect(blocked.note(from('2001:db8:2::1'), ZONE, 0)).toBe(true);
  });
  it('from more addresses than anybody could read are told together', () => {
    const blocked = createBlockedRequests();
    const told = Array.from({ length: 5000 }, (_, i) => blocked.note(from(`10.0.${i >> 8}.${i & 255}`), ZONE, 0));
    expect(told.filter(Boolean)).toHaveLength(1001);
    expect(blocked.drain(0, true)).toEqual([expect.objectContaining({ count: 3999 })]);
    expect(blocked.note(from('10.0.0.1'), ZONE, 1)).toBe(true);
  });
});
