import { expect } from 'vitest';

const IS_FULL = process.env['PROOF'] === 'full';
const ROUNDS = IS_FULL ? 200 : 20;
const WARM_UP = IS_FULL ? 10 : 3;
/** The least of so many says enough where it is alike; where it is not, the rest have their turn. */
const ENOUGH = IS_FULL ? ROUNDS : 7;
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
  const isAlike = (): boolean => timeAt(times.full) < Math.max(timeAt(times.small) * TIMES, FLOOR_MS);
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const [ofSmall, ofFull] = [await small(round), await full(round)];
    if (round < WARM_UP) continue;
    times.small.push(ofSmall);
    times.full.push(ofFull);
    if (times.full.length >= ENOUGH && isAlike()) break;
  }
  const line = `${name}: ${timeAt(times.small).toFixed(1)} ms, ${timeAt(times.full).toFixed(1)} ms`;
  expect(isAlike(), line).toBe(true);
  return line;
};
