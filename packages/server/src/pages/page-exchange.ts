import type { PageOrg } from '@sallyport/console/ui/frame';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Exchange, Step } from '../http/exchange.ts';
import { identifyPrincipal } from '../http/steps/identify-principal.ts';
import { refuseBlockedNetwork } from '../http/steps/refuse-blocked-network.ts';
import { refuseForeignHost } from '../http/steps/refuse-foreign-host.ts';
import { resolveClient } from '../http/steps/resolve-client.ts';
import { orgHelp } from '../org/org-preferences.ts';
import type { Services } from '../services.ts';

/** Scripts and styles come from here only, named by a nonce; nothing may frame a page or be framed by it. */
const policyWith = (nonce: string): string =>
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

/** What a page request passes; the same steps as the API's, in the same order. */
export const PAGE_PIPELINE: readonly Step[] = [
  refuseForeignHost,
  resolveClient,
  refuseBlockedNetwork,
  identifyPrincipal,
];

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

/** Sends a page that is made with a nonce of its own. */
export const sendPage = async (
  services: Services,
  reply: FastifyReply,
  render: (nonce: string) => Promise<string> | string,
): Promise<FastifyReply> => {
  const nonce = services.random.bytes(18).toString('base64');
  const html = await render(nonce);
  return reply
    .headers({ 'Content-Security-Policy': policyWith(nonce), 'Cache-Control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(html);
};
