import type { Handler } from '../http/exchange.ts';
import { getMyAction, listMyActions, notMe } from './my-actions.ts';

export const myActionHandlers = {
  'myActions.list': async ({ services, principal }) => ({ body: await listMyActions(services, principal) }),
  'myActions.get': async ({ services, principal, params }) => ({
    body: await getMyAction(services, principal, params['eventId'] ?? ''),
  }),
  'myActions.notMe': async ({ services, principal, params }) => ({
    body: await notMe(services, principal, params['eventId'] ?? ''),
  }),
} satisfies Record<string, Handler>;
