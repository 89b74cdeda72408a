import type { MarkKind, NetworkLane } from './session-types.ts';

export const LANE_HEIGHT = 46;
const PADDING = 9;
/** A session of a moment still has a width. */
const SPAN_MIN_MS = 60_000;

export interface LaneShape {
  readonly network: string;
  readonly y: number;
  readonly x1: number;
  readonly x2: number;
  readonly marks: readonly { readonly key: string; readonly x: number; readonly what: MarkKind }[];
}

/** Where each lane and its marks stand in a picture of that width. Marks at one place are drawn once, the worst on top. */
export const laneShapes = (
  lanes: readonly NetworkLane[],
  fromMs: number,
  toMs: number,
  width: number,
): readonly LaneShape[] => {
  const span = Math.max(toMs - fromMs, SPAN_MIN_MS);
  const room = Math.max(0, width - 2 * PADDING);
  const x = (at: string): number => {
    const part = Math.min(1, Math.max(0, (Date.parse(at) - fromMs) / span));
    return Math.round(PADDING + part * room);
  };
  const order: readonly MarkKind[] = ['seen', 'began', 'proved', 'observed', 'ended'];
  return lanes.map((lane, i) => ({
    network: lane.network,
    y: i * LANE_HEIGHT,
    x1: x(lane.firstAt),
    x2: x(lane.lastAt),
    marks: [
      ...new Map(
        lane.marks.map(({ at, what }) => [`${x(at)} ${what}`, { key: `${x(at)} ${what}`, x: x(at), what }]),
      ).values(),
    ].sort((a, b) => order.indexOf(a.what) - order.indexOf(b.what)),
  }));
};
