import type { Handler } from '../http/exchange.ts';
import { whatCan } from './what-can.ts';
import { whoCan } from './who-can.ts';

export const accessHandlers = {
  'access.who': async ({ services, query }) => ({
    body: await whoCan(services, query as { readonly permission: string; readonly resource?: string }),
  }),
  'access.what': async ({ services, params }) => ({ body: await whatCan(services, params['userId'] ?? '') }),
} satisfies Record<string, Handler>;
