import { expect, it } from 'vitest';
import { holdClock } from './held-clock.ts';

it('stands still where the clock below went back, until it is let go, and follows it again', () => {
  let now = 1000;
  const clock = holdClock({ now: () => now });
  expect([clock.now(), clock.isHeld()]).toEqual([1000, false]);
  now = 900;
  expect([clock.now(), clock.isHeld()]).toEqual([1000, true]);
  now = 950;
  expect(clock.now()).toBe(1000);
  clock.letGo();
  expect([clock.now(), clock.isHeld()]).toEqual([950, false]);
  now = 1001;
  expect(clock.now()).toBe(1001);
});

it('is held at what was seen before it began, and catches up by itself', () => {
  let now = 1000;
  const clock = holdClock({ now: () => now });
  clock.holdAt(1500);
  expect([clock.now(), clock.isHeld(), clock.latest()]).toEqual([1500, true, 1500]);
  clock.holdAt(1200);
  expect(clock.now()).toBe(1500);
  now = 1500;
  expect([clock.now(), clock.isHeld()]).toEqual([1500, false]);
});
