import type { Handler } from '../http/exchange.ts';
import { getMe } from './get-me.ts';

export const meHandlers = {
  'me.get': async ({ services, principal }) => ({ body: await getMe(services, principal) }),
} satisfies Record<string, Handler>;
