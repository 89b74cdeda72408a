import { settleClock } from '../../clock/settle-clock.ts';
import type { Step } from '../exchange.ts';

/**
 * What had ended before the clock was set back is written down as ended, before anybody uses it. A store that cannot write
 * must not keep everybody out: time stands still then, and what had ended stays so.
 */
export const settleHeldClock: Step = {
  name: 'settle-held-clock',
  async run({ services }) {
    if (!services.clock.isHeld()) return;
    await settleClock(services).catch((error: unknown) =>
      services.logger.error({ err: error }, 'the clock was set back, and what had ended could not be written down'),
    );
  },
};
