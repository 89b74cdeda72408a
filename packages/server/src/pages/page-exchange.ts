import type { PageOrg } from '@sallyport/console/ui/frame';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Exchange } from '../http/exchange.ts';
import { orgHelp } from '../org/org-preferences.ts';
import type { Services } from '../services.ts';

/** Scripts and styles come from here only, named by a nonce; nothing may frame a page or be framed by it. */
export const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');

const PAGE = {
  access: { kind: 'anonymous' },
  path: '/',
  name: 'page',
  method: 'GET',
  rateClass: 'self',
  summary: 'page',
} as const;

/** A page's request on its way through steps of the pipeline. */
export const pageExchange = (services: Services, request: FastifyRequest, reply: FastifyReply): Exchange =>
  ({
    services,
    request,
    reply,
    route: PAGE,
    params: {},
    query: {},
    body: undefined,
    sessionToken: null,
    requestId: request.id,
  }) as unknown as Exchange;

/** What pages say of the organisation. */
export const pageOrg = async (s: Services): Promise<PageOrg> => ({
  name: (await s.store.read.selectFrom('org').select('name').executeTakeFirst())?.name ?? 'Sallyport',
  help: orgHelp(s),
});
