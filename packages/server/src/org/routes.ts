import type { Handler } from '../http/exchange.ts';
import { getOrg } from './get-org.ts';

export const orgHandlers = {
  'org.get': async ({ services }) => ({ body: await getOrg(services) }),
} satisfies Record<string, Handler>;
