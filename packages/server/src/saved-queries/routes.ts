import type { Handler } from '../http/exchange.ts';
import {
  createSavedQuery,
  deleteSavedQuery,
  listSavedQueries,
  replaceSavedQuery,
  type SavedQueryBody,
} from './manage-saved-queries.ts';

export const savedQueryHandlers = {
  'savedQueries.list': async ({ services, principal }) => ({ body: await listSavedQueries(services, principal) }),
  'savedQueries.create': async ({ services, principal, body }) => ({
    body: await createSavedQuery(services, principal, body as SavedQueryBody),
  }),
  'savedQueries.replace': async ({ services, principal, params, body }) => ({
    body: await replaceSavedQuery(services, principal, params['queryId'] ?? '', body as SavedQueryBody),
  }),
  'savedQueries.delete': async ({ services, principal, params }) => {
    await deleteSavedQuery(services, principal, params['queryId'] ?? '');
    return {};
  },
} satisfies Record<string, Handler>;
