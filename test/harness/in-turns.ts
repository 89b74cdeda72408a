import { expect } from 'vitest';

const IS_FULL = process.env['PROOF'] === 'full';
const ROUNDS = IS_FULL ? 200 : 20;
const WARM_UP = IS_FULL ? 10 : 5;
const TIMES = 2;
/** Below this a difference is that of the clock and of what else the machine does, not of the size. */
const FLOOR_MS = IS_FULL ? 4 : 15;
/** What is proved at full size is the 95th percentile; beside other tests only the least says something of the query. */
const SHARE = IS_FULL ? 0.95 : 0;
export const SHARE_WORDS = IS_FULL ? 'p95' : 'least';

const timeAt = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * SHARE)] ?? 0;

/**
 * The same work at two sizes, in turns: what else the machine does meanwhile is done to both. Fails where the larger one
 * takes more than twice as long. The works answer how long they took, in ms; the line is for the figures.
 */
export const expectAlike = async (
  name: string,
  small: (round: number) => Promise<number>,
  full: (round: number) => Promise<number>,
): Promise<string> => {
  const times = { small: [] as number[], full: [] as number[] };
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const [ofSmall, ofFull] = [await small(round), await full(round)];
    if (round < WARM_UP) continue;
    times.small.push(ofSmall);
    times.full.push(ofFull);
  }
  const [before, after] = [timeAt(times.small), timeAt(times.full)];
  const line = `${name}: ${before.toFixed(1)} ms, ${after.toFixed(1)} ms`;
  expect(after, line).toBeLessThan(Math.max(before * TIMES, FLOOR_MS));
  return line;
};
