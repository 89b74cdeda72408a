import { useElementSize } from '@mantine/hooks';
import { localWords } from '../../ui/time-words.ts';
import { LANE_HEIGHT, type LaneShape, laneShapes } from './lane-shapes.ts';
import type { MarkKind, NetworkLane } from './session-types.ts';

const SHAPES: Readonly<Record<MarkKind, string>> = {
  seen: 'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0',
  began: 'M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0',
  proved: 'M-6-6h12v12h-12z',
  observed: 'M0-7 7 6h-14z',
  ended: 'M-6-6 6 6M6-6-6 6',
};
const LINE = 28;

const Lane = ({ lane }: { readonly lane: LaneShape }) => (
  <g transform={`translate(0 ${lane.y})`}>
    <text x={9} y={14}>
      {lane.network}
    </text>
    <line className="way" x1={lane.x1} x2={lane.x2} y1={LINE} y2={LINE} />
    {lane.marks.map(({ key, x, what }) => (
      <path key={key} className={`mark ${what}`} transform={`translate(${x} ${LINE})`} d={SHAPES[what]} />
    ))}
  </g>
);

/** One lane a network over the life of a session. A picture of the table beside it, which says all that it shows. */
export const NetworkChart = ({
  lanes,
  from,
  to,
}: {
  readonly lanes: readonly NetworkLane[];
  readonly from: string;
  readonly to: string;
}) => {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  return (
    <div className="sp-lanes" aria-hidden="true" ref={ref}>
      <svg aria-hidden="true" width={width} height={lanes.length * LANE_HEIGHT}>
        {laneShapes(lanes, fromMs, toMs, width).map((lane) => (
          <Lane key={lane.network} lane={lane} />
        ))}
      </svg>
      <p className="sp-lanes-ends">
        <span>{localWords(fromMs, Date.now())}</span>
        <span>{localWords(toMs, Date.now())}</span>
      </p>
    </div>
  );
};
