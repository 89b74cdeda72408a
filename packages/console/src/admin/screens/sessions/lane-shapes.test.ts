import { describe, expect, it } from 'vitest';
import { LANE_HEIGHT, laneShapes } from './lane-shapes.ts';
import type { NetworkLane } from './session-types.ts';

const at = (minute: number): string => new Date(minute * 60_000).toISOString();
const lane = (network: string, marks: NetworkLane['marks']): NetworkLane => ({
  network,
  addresses: [],
  firstAt: marks[0]?.at ?? at(0),
  lastAt: marks.at(-1)?.at ?? at(0),
  count: marks.length,
  marks,
});
const mark = (minute: number, what: NetworkLane['marks'][number]['what']) => ({
  at: at(minute),
  what,
  address: '198.51.100.1',
  eventId: null,
});

describe('laneShapes', () => {
  it('puts each lane below the one before, and each mark at its time', () => {
    const shapes = laneShapes(
      [lane('isp', [mark(0, 'began'), mark(50, 'seen')]), lane('hosting', [mark(100, 'ended')])],
      0,
      100 * 60_000,
      218,
    );
    expect(shapes.map(({ y, x1, x2 }) => [y, x1, x2])).toEqual([
      [0, 9, 109],
      [LANE_HEIGHT, 209, 209],
    ]);
    expect(shapes[1]?.marks).toEqual([{ key: '209 ended', x: 209, what: 'ended' }]);
  });
  it('stays inside the picture for a session of a moment, a clock that is off, and no room', () => {
    for (const width of [0, 10, 300])
      for (const { x1, x2, marks } of laneShapes([lane('isp', [mark(-5, 'began'), mark(500, 'ended')])], 0, 0, width))
        for (const x of [x1, x2, ...marks.map((m) => m.x)]) {
          expect(x).toBeGreaterThanOrEqual(9);
          expect(x).toBeLessThanOrEqual(Math.max(9, width - 9));
        }
  });
  it('draws a thousand marks at one place once, and what is worse over what is not', () => {
    const [shape] = laneShapes(
      [lane('isp', [mark(1, 'ended'), ...Array.from({ length: 1000 }, () => mark(1, 'observed'))])],
      0,
      120_000,
      100,
    );
    expect(shape?.marks.map(({ what }) => what)).toEqual(['observed', 'ended']);
  });
});
