import { SCREENS } from '@sallyport/console/admin/screens';
import { type AdminBundle, readAdminBundle } from '@sallyport/console/admin-bundle';
import { loadAssets } from '@sallyport/console/assets';
import { renderAuthenticatorsPage } from '@sallyport/console/pages/authenticators';
import { renderClaimPage } from '@sallyport/console/pages/claim';
import { renderCliDonePage } from '@sallyport/console/pages/cli';
import { CONSOLE_NOT_BUILT, renderConsolePage } from '@sallyport/console/pages/console';
import { renderDeniedPage } from '@sallyport/console/pages/denied';
import { renderEndedPage } from '@sallyport/console/pages/ended';
import { renderMyActionPage } from '@sallyport/console/pages/my-action';
import { renderProvePage } from '@sallyport/console/pages/prove';
import { renderResetPasswordPage } from '@sallyport/console/pages/reset-password';
import { renderSessionsPage } from '@sallyport/console/pages/sessions';
import { renderSignInPage } from '@sallyport/console/pages/sign-in';
import { ApiError } from '@sallyport/model/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerError } from '../http/answer-error.ts';
import type { Exchange } from '../http/exchange.ts';
import { base62 } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { presentProofAsked } from '../sessions/proof-required.ts';
import { cliPage } from './cli-page.ts';
import { consoleRefusal } from './console-refusal.ts';
import { PAGE_PIPELINE, pageExchange, pageOrg, sendPage } from './page-exchange.ts';
import { stepUpPage } from './step-up-page.ts';

type Render = (nonce: string, exchange: Exchange) => Promise<string> | string;

/** The built console; null where nobody built it. */
export const readConsole = (): AdminBundle | null => readAdminBundle();

/** Registers the pages and their assets. */
export const servePages = (app: FastifyInstance, services: Services, bundle: AdminBundle | null): void => {
  const assets = loadAssets(bundle);
  const send = (reply: FastifyReply, render: Parameters<typeof sendPage>[2]) => sendPage(services, reply, render);
  const page = (url: string, needs: 'nothing' | 'session' | 'console', render: Render): void => {
    app.get(url, async (request: FastifyRequest, reply: FastifyReply) => {
      const exchange = pageExchange(services, request, reply);
      try {
        for (const step of PAGE_PIPELINE) await step.run(exchange);
        const { principal, proofAsked } = exchange;
        if (needs !== 'nothing' && proofAsked !== undefined) {
          const asked = presentProofAsked(proofAsked);
          return await send(reply.code(401), async (nonce) =>
            renderProvePage({ nonce, org: await pageOrg(services), asked }),
          );
        }
        if (needs !== 'nothing' && principal.kind !== 'session')
          return await reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 303);
        if (needs === 'console' && principal.kind === 'session' && !principal.hasConsole) {
          const refusal = await consoleRefusal(services, principal.userId, principal.sessionId);
          // Somebody who is no administrator has pages of their own.
          if (refusal === null) return await reply.redirect('/me/sessions', 303);
          return await send(reply.code(403), async (nonce) =>
            renderDeniedPage({
              nonce,
              org: await pageOrg(services),
              title: 'You can’t open the Admin Console from here',
              ...refusal,
              homeUrl: '/me/sessions',
              signInUrl: `/sign-in?next=${encodeURIComponent(request.url)}`,
              retryUrl: `/sign-in?next=${encodeURIComponent(request.url)}`,
            }),
          );
        }
        return await send(reply, (nonce) => render(nonce, exchange));
      } catch (error) {
        return answerError(error, reply, `oae${base62(services.random, 17)}`, services.logger);
      }
    });
  };
  page('/setup', 'nothing', async (nonce) => renderClaimPage({ nonce, org: await pageOrg(services) }));
  page('/sign-in', 'nothing', async (nonce) => renderSignInPage({ nonce, org: await pageOrg(services) }));
  page('/reset-password', 'nothing', async (nonce) => renderResetPasswordPage({ nonce, org: await pageOrg(services) }));
  page('/ended', 'nothing', async (nonce, { request }) =>
    renderEndedPage({
      nonce,
      org: await pageOrg(services),
      reason: String((request.query as { reason?: string }).reason ?? ''),
    }),
  );
  page('/cli', 'session', async (nonce, exchange) => cliPage(nonce, await pageOrg(services), exchange));
  page('/cli/done', 'nothing', async (nonce, { request }) =>
    renderCliDonePage({
      nonce,
      org: await pageOrg(services),
      outcome: String((request.query as { outcome?: string }).outcome ?? ''),
    }),
  );
  page('/step-up/:proofId', 'session', async (nonce, exchange) => stepUpPage(nonce, await pageOrg(services), exchange));
  page('/me/sessions', 'session', async (nonce) => renderSessionsPage({ nonce, org: await pageOrg(services) }));
  page('/me/authenticators', 'session', async (nonce) =>
    renderAuthenticatorsPage({ nonce, org: await pageOrg(services) }),
  );
  page('/me/actions/:eventId', 'session', async (nonce) => renderMyActionPage({ nonce, org: await pageOrg(services) }));
  // One page for every screen: what is shown at which path is the bundle's business, and the list is the same.
  for (const { path } of SCREENS)
    page(path.replace(/\$(\w+)/g, ':$1'), 'console', async (nonce) => {
      if (bundle === null) throw new ApiError('E0000008', { detail: CONSOLE_NOT_BUILT });
      return renderConsolePage({ nonce, org: await pageOrg(services) }, bundle);
    });
  app.get('/assets/*', async (request, reply) => {
    const asset = assets.get((request.url.split('?', 1)[0] ?? '').toString());
    if (asset === undefined)
      return answerError(new ApiError('E0000008'), reply, `oae${base62(services.random, 17)}`, services.logger);
    if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
    const isZipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    return reply
      .headers({
        'Cache-Control': asset.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
        ETag: asset.etag,
        Vary: 'Accept-Encoding',
        'X-Content-Type-Options': 'nosniff',
        ...(isZipped ? { 'Content-Encoding': 'gzip' } : {}),
      })
      .type(asset.contentType)
      .send(isZipped ? await asset.gzipped() : asset.body);
  });
};
