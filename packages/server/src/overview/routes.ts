import type { Handler } from '../http/exchange.ts';
import { getOverview } from './get-overview.ts';

export const overviewHandlers = {
  'overview.get': async ({ services, principal }) => ({ body: await getOverview(services, principal) }),
} satisfies Record<string, Handler>;
