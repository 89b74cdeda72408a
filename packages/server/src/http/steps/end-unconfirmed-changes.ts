import { writeDownReturn } from '../../policies/provisional-change.ts';
import type { Step } from '../exchange.ts';

/**
 * A change of policies whose time is over is written down as ended before anybody reads policies, or uses a session that
 * only it let in. What is judged does not depend on it; a store that cannot write must not keep everybody out.
 */
export const endUnconfirmedChanges: Step = {
  name: 'end-unconfirmed-changes',
  async run({ services }) {
    if (!services.policies.isReturnDue()) return;
    await writeDownReturn(services).catch((error: unknown) =>
      services.logger.error({ err: error }, 'the end of a change of policies could not be written down'),
    );
  },
};
