import type { Handler } from '../http/exchange.ts';
import { createServiceToken, type NewServiceToken } from './create-service-token.ts';
import { getServiceAccount } from './get-service-account.ts';
import { markServiceAccount } from './mark-service-account.ts';

export const serviceAccountHandlers = {
  'serviceAccounts.get': async ({ services, principal, params }) => ({
    body: await getServiceAccount(services, principal, params['userId'] ?? ''),
  }),
  'serviceAccounts.mark': async ({ services, principal, params, body }) => ({
    body: await markServiceAccount(
      services,
      principal,
      params['userId'] ?? '',
      body as { readonly isServiceAccount: boolean },
    ),
  }),
  'serviceAccounts.createToken': async ({ services, principal, params, body }) => ({
    body: await createServiceToken(services, principal, params['userId'] ?? '', body as NewServiceToken),
  }),
} satisfies Record<string, Handler>;
