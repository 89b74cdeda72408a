import { settleClockOrHold } from '../../clock/settle-clock.ts';
import type { Step } from '../exchange.ts';

/** What had ended before the clock was set back is written down as ended, before anybody uses it. */
export const settleHeldClock: Step = {
  name: 'settle-held-clock',
  run: ({ services }) => settleClockOrHold(services),
};
