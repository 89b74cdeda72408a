import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import {
  createTrustedOrigin,
  deleteTrustedOrigin,
  getTrustedOrigin,
  listTrustedOrigins,
  replaceTrustedOrigin,
  setTrustedOriginStatus,
  type TrustedOriginBody,
} from './manage-trusted-origins.ts';

const id = (params: Readonly<Record<string, string>>): string => params['trustedOriginId'] ?? '';

export const trustedOriginHandlers = {
  'trustedOrigins.list': async ({ services, query }) => {
    const { origins, after } = await listTrustedOrigins(services, query);
    return {
      body: origins,
      headers: pageLinks(services.config.publicUrl.origin, '/api/v1/trustedOrigins', query, after),
    };
  },
  'trustedOrigins.create': async ({ services, principal, body }) => ({
    body: await createTrustedOrigin(services, principal, body as TrustedOriginBody),
  }),
  'trustedOrigins.get': async ({ services, params }) => ({ body: await getTrustedOrigin(services, id(params)) }),
  'trustedOrigins.replace': async ({ services, principal, params, body }) => ({
    body: await replaceTrustedOrigin(services, principal, id(params), body as TrustedOriginBody),
  }),
  'trustedOrigins.delete': async ({ services, principal, params }) => {
    await deleteTrustedOrigin(services, principal, id(params));
    return {};
  },
  'trustedOrigins.activate': async ({ services, principal, params }) => ({
    body: await setTrustedOriginStatus(services, principal, id(params), 'ACTIVE'),
  }),
  'trustedOrigins.deactivate': async ({ services, principal, params }) => ({
    body: await setTrustedOriginStatus(services, principal, id(params), 'INACTIVE'),
  }),
} satisfies Record<string, Handler>;
