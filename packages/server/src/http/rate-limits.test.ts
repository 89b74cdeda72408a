import { expect, it } from 'vitest';
import { createRateLimiter } from './rate-limits.ts';

const LIMIT = { limit: 2, windowSeconds: 60 };
const NOW = 1_800_000_000_000;

it('keeps nobody out for longer than a window where the clock was set back', () => {
  const limiter = createRateLimiter();
  for (let i = 0; i < 3; i++) limiter.hit('name ana', LIMIT, NOW);
  expect(limiter.peek('name ana', LIMIT, NOW).isOver).toBe(true);
  const back = NOW - 3_600_000;
  expect(limiter.peek('name ana', LIMIT, back)).toMatchObject({ isOver: false, remaining: 2 });
  expect(limiter.hit('name ana', LIMIT, back)).toMatchObject({
    isOver: false,
    remaining: 1,
    resetAt: back / 1000 + 60,
  });
  limiter.hit('name ana', LIMIT, back + 1);
  expect(limiter.hit('name ana', LIMIT, back + 59_999).isOver).toBe(true);
  expect(limiter.hit('name ana', LIMIT, back + 60_000).isOver).toBe(false);
});
