import type { Handler } from '../http/exchange.ts';
import { markServiceAccount } from './mark-service-account.ts';

export const serviceAccountHandlers = {
  'serviceAccounts.mark': async ({ services, principal, params, body }) => ({
    body: await markServiceAccount(
      services,
      principal,
      params['userId'] ?? '',
      body as { readonly isServiceAccount: boolean },
    ),
  }),
} satisfies Record<string, Handler>;
