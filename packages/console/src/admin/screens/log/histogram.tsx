import 'uplot/dist/uPlot.min.css';
import { Button } from '@mantine/core';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import UPlot from 'uplot';
import { localWords } from '../../ui/time-words.ts';
import { Word } from '../../ui/word.tsx';
import { type Bar, barsOf, instantsOfSpan, moveSpan, type Span, stackOf } from './bars.ts';
import type { Histogram as Answer } from './log-api.ts';
import { FAMILIES, FAMILY_TONES, FAMILY_WORDS } from './outcome-words.ts';

const HEIGHT = 130;

/** A token as a canvas can paint it: of the property itself the text would come, `light-dark(…)`. */
const colour = (element: Element, name: string): string => {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

/** Refused ones are hatched as well, so that the colour is not what tells them apart. */
const hatch = (ink: string): CanvasPattern | string => {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const ctx = tile.getContext('2d');
  if (ctx === null) return ink;
  ctx.strokeStyle = ink;
  ctx.lineWidth = 2.5;
  ctx.beginPath();
  for (const x of [-3, 3, 9]) {
    ctx.moveTo(x - 3, 9);
    ctx.lineTo(x + 9, -3);
  }
  ctx.stroke();
  return ctx.createPattern(tile, 'repeat') ?? ink;
};

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** The axis says the hour, and the day where one begins. */
const instantWords = (seconds: number): string => {
  const at = seconds * 1000;
  const clock = CLOCK.format(at);
  return clock === '00:00' ? DAY.format(at) : clock;
};

/** Draws the bars; a drag over them narrows. Its legend, which would write HTML, stays off. */
const draw = (place: HTMLElement, bars: readonly Bar[], onDrag: (startAt: number, endAt: number) => void): UPlot => {
  const inks = { good: colour(place, '--chart-good'), refused: colour(place, '--bad'), other: colour(place, '--info') };
  const axis = { stroke: colour(place, '--ink-soft'), font: '12px system-ui, sans-serif' };
  return new UPlot(
    {
      width: Math.max(200, place.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: {
        x: {
          time: true,
          range: () => [(bars[0]?.startAt ?? 0) / 1000, (bars.at(-1)?.endAt ?? 1000) / 1000],
        },
        y: { range: (_, __, max) => [0, Math.max(1, max)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          ticks: { stroke: colour(place, '--line') },
          values: (_, splits) => splits.map(instantWords),
        },
        {
          ...axis,
          size: 44,
          grid: { stroke: colour(place, '--line'), width: 1 },
          ticks: { show: false },
          splits: (_, __, ___, max) => [0, Math.round(max / 2), Math.round(max)],
        },
      ],
      series: [
        {},
        ...(FAMILIES.map((family) => ({
          stroke: inks[family],
          width: 0,
          fill: () => (family === 'refused' ? hatch(inks.refused) : inks[family]),
          paths: UPlot.paths.bars?.({ size: [0.86], align: 1 }),
          points: { show: false },
        })) as UPlot.Series[]),
      ],
      hooks: {
        setSelect: [
          (u) => {
            if (u.select.width < 4) return;
            const toAt = (px: number): number => u.posToVal(px, 'x') * 1000;
            onDrag(toAt(u.select.left), toAt(u.select.left + u.select.width));
            u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
          },
        ],
      },
    },
    [bars.map(({ startAt }) => startAt / 1000), ...stackOf(bars).map((heights) => [...heights])] as UPlot.AlignedData,
    place,
  );
};

/** How many events, when, with which outcome. Narrowed by dragging, by Shift and the arrows, or by the two inputs. */
export const Histogram = ({
  answer,
  scheme,
  onNarrow,
}: {
  readonly answer: Answer;
  /** The theme: colours are read when it is drawn. */
  readonly scheme: string;
  readonly onNarrow: (since: string, until: string) => void;
}) => {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const bars = useMemo(() => barsOf(answer), [answer]);
  const [span, setSpan] = useState<Span | null>(null);
  const narrow = useRef(onNarrow);
  narrow.current = onNarrow;
  const narrowTo = (startAt: number, endAt: number): void => {
    const floor = Math.max(Date.parse(answer.since), Math.floor(startAt));
    const ceil = Math.min(Date.parse(answer.until), Math.ceil(endAt));
    if (floor < ceil) narrow.current(new Date(floor).toISOString(), new Date(ceil).toISOString());
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew for other bars or another theme, nothing else
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    setSpan(null);
    const made = draw(element, bars, narrowTo);
    chart.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: Math.max(200, element.clientWidth), height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [bars, scheme]);

  const chosen = span === null ? null : instantsOfSpan(bars, span);
  const show = (next: Span): void => {
    setSpan(next);
    const u = chart.current;
    const covered = instantsOfSpan(bars, next);
    if (u === null || covered === null) return;
    const left = u.valToPos(covered.startAt / 1000, 'x');
    u.setSelect(
      { left, width: u.valToPos(covered.endAt / 1000, 'x') - left, top: 0, height: u.bbox.height / devicePixelRatio },
      false,
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = moveSpan(span, bars.length, event.key, event.shiftKey);
    if (next !== null) {
      event.preventDefault();
      show(next);
    } else if (event.key === 'Enter' && chosen !== null) {
      event.preventDefault();
      narrowTo(chosen.startAt, chosen.endAt);
    } else if (event.key === 'Escape' && span !== null) {
      event.stopPropagation();
      setSpan(null);
      chart.current?.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    }
  };
  const now = Date.now();
  return (
    <figure className="log-chart">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs */}
      <div
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move in it, as the description says
        tabIndex={0}
        className="log-chart-keys"
        aria-label="Events over time"
        aria-describedby="log-chart-help"
        onKeyDown={onKeyDown}
      >
        <div ref={place} aria-hidden="true" className="log-chart-place" />
      </div>
      <figcaption>
        <span className="log-legend">
          {FAMILIES.map((family) => (
            <Word key={family} tone={FAMILY_TONES[family]}>
              {FAMILY_WORDS[family]}
            </Word>
          ))}
        </span>
        <span role="status" className="log-span">
          {chosen !== null &&
            `${localWords(chosen.startAt, now)} to ${localWords(chosen.endAt, now)}: ${chosen.total} events`}
        </span>
        {chosen !== null && (
          <Button size="compact-sm" variant="default" onClick={() => narrowTo(chosen.startAt, chosen.endAt)}>
            Show this time
          </Button>
        )}
        <span id="log-chart-help" className="sp-quiet">
          Drag to narrow, or <kbd>←</kbd> <kbd>→</kbd> with <kbd>Shift</kbd> and then <kbd>Enter</kbd>.
        </span>
      </figcaption>
      <details>
        <summary>As a table</summary>
        <div className="sp-table-place">
          <table className="sp-table">
            <caption className="sp-unseen">Events over time</caption>
            <thead>
              <tr>
                <th scope="col">From</th>
                {FAMILIES.map((family) => (
                  <th key={family} scope="col" className="numeric">
                    {FAMILY_WORDS[family]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bars
                .filter(({ total }) => total > 0)
                .map((bar) => (
                  <tr key={bar.startAt}>
                    <td data-label="From">{localWords(bar.startAt, now)}</td>
                    {FAMILIES.map((family) => (
                      <td key={family} data-label={FAMILY_WORDS[family]} className="numeric">
                        {bar.counts[family]}
                      </td>
                    ))}
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
};
