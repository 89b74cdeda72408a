import { describe, expect, it } from 'vitest';
import { networkLanes, type Sighting } from './network-lanes.ts';

const at = (minute: number, network: string, what: Sighting['what'], address = '198.51.100.1'): Sighting => ({
  at: minute,
  address,
  network,
  what,
  eventId: null,
});

describe('networkLanes', () => {
  it('is empty of nothing', () => expect(networkLanes([])).toEqual([]));

  it('gives each network one lane, in the order in which they appeared, whatever the order of the input', () => {
    const lanes = networkLanes([
      at(9, 'hosting', 'ended', '203.0.113.7'),
      at(1, 'isp', 'began'),
      at(5, 'isp', 'observed', '198.51.100.2'),
      at(3, 'isp', 'seen'),
    ]);
    expect(lanes.map(({ network, firstAt, lastAt, count }) => [network, firstAt, lastAt, count])).toEqual([
      ['isp', 1, 5, 3],
      ['hosting', 9, 9, 1],
    ]);
    expect(lanes[0]?.addresses).toEqual(['198.51.100.1', '198.51.100.2']);
    expect(lanes[1]?.marks.map(({ what }) => what)).toEqual(['ended']);
  });

  it('keeps what was decided, and of a thousand plain sightings the first and the last', () => {
    const plain = Array.from({ length: 1000 }, (_, i) => at(i, 'isp', 'seen'));
    const [lane] = networkLanes([...plain, at(500, 'isp', 'observed')]);
    expect(lane?.marks.map((mark) => [mark.at, mark.what])).toEqual([
      [0, 'seen'],
      [500, 'observed'],
      [999, 'seen'],
    ]);
  });

  it('stays small when a session swings between addresses all day', () => {
    const [lane] = networkLanes(Array.from({ length: 500 }, (_, i) => at(i, 'isp', 'observed', `198.51.100.${i}`)));
    expect(lane?.marks).toHaveLength(40);
    expect(lane?.marks.at(-1)?.at).toBe(499);
    expect(lane?.addresses).toHaveLength(20);
    expect(lane?.count).toBe(500);
  });
});
