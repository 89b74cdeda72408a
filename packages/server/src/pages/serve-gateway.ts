import { renderDeniedPage } from '@sallyport/console/pages/denied';
import { renderProvePage } from '@sallyport/console/pages/prove';
import { ApiError } from '@sallyport/model/errors';
import { REASONS, type Reason, sentenceOf } from '@sallyport/model/reasons';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authorizeApp } from '../gateway/authorize-app.ts';
import { appCookieName, clearAppCookie, nonceCookieName, setAppCookie, setNonceCookie } from '../gateway/cookies.ts';
import type { AppDoor } from '../gateway/live-app-sessions.ts';
import { startAddress } from '../gateway/nginx-refusal.ts';
import { redeemCode } from '../gateway/redeem-code.ts';
import { safeReturnTarget } from '../gateway/return-target.ts';
import { signOutAtApp } from '../gateway/sign-out-at-app.ts';
import { answerError } from '../http/answer-error.ts';
import type { Exchange, Step } from '../http/exchange.ts';
import { headerLines } from '../http/read-client.ts';
import { identifyPrincipal } from '../http/steps/identify-principal.ts';
import { limitAnonymousRate } from '../http/steps/limit-anonymous-rate.ts';
import { refuseBlockedNetwork } from '../http/steps/refuse-blocked-network.ts';
import { refuseForeignHost } from '../http/steps/refuse-foreign-host.ts';
import { resolveClient } from '../http/steps/resolve-client.ts';
import { base62, newSecret } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { type ProofAsked, presentProofAsked } from '../sessions/proof-required.ts';
import { readSessionCookie } from '../sessions/read-session-cookie.ts';
import { tokenDigest } from '../sign-in/token-digest.ts';
import { pageExchange, pageOrg, sendPage } from './page-exchange.ts';

/** Under an app's host there is no `sid`, and its place is not looked for. */
const APP_HOST_PIPELINE: readonly Step[] = [refuseForeignHost, resolveClient, refuseBlockedNetwork, limitAnonymousRate];
const OWN_HOST_PIPELINE: readonly Step[] = [...APP_HOST_PIPELINE, identifyPrincipal];

/** 256 bits in base64url: secrets of ours and digests of them. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const REFERENCE = /^[A-Za-z0-9-]{1,64}$/;

type Query = Readonly<Record<string, string | string[] | undefined>>;
/** One value of a query; twice is none, for two readers would take different ones. */
const one = (query: Query, name: string): string => {
  const value = query[name];
  return typeof value === 'string' ? value : '';
};

const cookieOf = (request: FastifyRequest, name: string): string | null => {
  const value = readSessionCookie(headerLines(request.raw, 'cookie').join('; '), name);
  return value !== null && SECRET.test(value) ? value : null;
};

/** The way between our host and those of the apps (decision 9), and the page that says why somebody may not go in. */
export const serveGateway = (app: FastifyInstance, services: Services): void => {
  const home = `${services.config.publicUrl.origin}/`;
  type Answer = (exchange: Exchange, query: Query) => Promise<FastifyReply> | FastifyReply;
  const route = (url: string, steps: readonly Step[], answer: Answer): void => {
    app.get(url, async (request, reply) => {
      reply.header('Cache-Control', 'no-store');
      try {
        const exchange = pageExchange(services, request, reply);
        for (const step of steps) await step.run(exchange);
        return await answer(exchange, request.query as Query);
      } catch (error) {
        return answerError(error, reply, `oae${base62(services.random, 17)}`, services.logger);
      }
    });
  };
  /** A page or a redirect under the app's host. */
  const atApp = (
    name: string,
    answer: (door: AppDoor, exchange: Exchange, query: Query) => Promise<FastifyReply> | FastifyReply,
  ): void =>
    route(`/.sallyport/${name}`, APP_HOST_PIPELINE, (exchange, query) => {
      const door = services.appSessions.doorOfHost(exchange.request.headers.host ?? '');
      if (door === undefined) throw new ApiError('E0000230');
      return answer(door, exchange, query);
    });
  const deniedAddress = (reason: Reason, reference: string, door: AppDoor): string =>
    `${home}denied?${new URLSearchParams({ reason, reference, app: door.app.id })}`;
  const showDenied = async (
    { reply, principal }: Exchange,
    reasons: readonly Reason[],
    reference: string,
    door: AppDoor | undefined,
    next: string | null,
  ): Promise<FastifyReply> => {
    const user =
      principal.kind === 'session'
        ? await services.store.read
            .selectFrom('users')
            .select('login')
            .where('id', '=', principal.userId)
            .executeTakeFirst()
        : undefined;
    return sendPage(services, reply.code(403), async (nonce) =>
      renderDeniedPage({
        nonce,
        org: await pageOrg(services),
        title: door === undefined ? 'You can’t go in' : `You can’t open ${door.app.label}`,
        login: user?.login ?? null,
        reason: reasons.map(sentenceOf).join(' '),
        reference,
        homeUrl: home,
        ...(door === undefined ? {} : { retryUrl: startAddress(door.app, '/') }),
        ...(next === null ? {} : { signInUrl: `/sign-in?next=${encodeURIComponent(next)}` }),
      }),
    );
  };

  const showProof = (reply: FastifyReply, proofAsked: ProofAsked): Promise<FastifyReply> =>
    sendPage(services, reply.code(401), async (nonce) =>
      renderProvePage({ nonce, org: await pageOrg(services), asked: presentProofAsked(proofAsked) }),
    );

  atApp('start', (door, { request, reply }, query) => {
    const { app: target } = door;
    // Kept while it lives, so that two tabs that begin at once both arrive.
    const nonce = cookieOf(request, nonceCookieName(target)) ?? newSecret(services.random);
    const rd = safeReturnTarget(one(query, 'rd'), target.origin);
    const next = new URLSearchParams({ app: target.id, nonce: tokenDigest(nonce), rd });
    return reply.header('Set-Cookie', setNonceCookie(target, nonce)).redirect(`${home}gateway/authorize?${next}`, 303);
  });

  atApp('callback', async (door, { request, reply, context }, query) => {
    const code = one(query, 'code');
    const nonce = cookieOf(request, nonceCookieName(door.app));
    const redeemed = await redeemCode(services, door, context, { code: SECRET.test(code) ? code : '', nonce });
    if (redeemed.kind === 'refused')
      return reply.redirect(deniedAddress(redeemed.reason, redeemed.reference, door), 303);
    return reply
      .header('Set-Cookie', setAppCookie(door.app, redeemed.token))
      .redirect(door.app.origin + redeemed.returnTarget, 303);
  });

  atApp('sign-out', async (door, { request, reply, context }) => {
    // A page of another site must not sign anybody out; a link of the app's own, or a typed address, may.
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new ApiError('E0000212');
    const token = cookieOf(request, appCookieName(door.app));
    if (token !== null) await signOutAtApp(services, door, context, token);
    return reply.header('Set-Cookie', clearAppCookie(door.app)).redirect(`${home}ended?reason=signed-out`, 303);
  });

  route('/gateway/authorize', OWN_HOST_PIPELINE, async (exchange, query) => {
    const { principal, proofAsked, reply } = exchange;
    const input = { appId: one(query, 'app'), nonceHash: one(query, 'nonce'), returnTarget: one(query, 'rd') };
    const own = `/gateway/authorize?${new URLSearchParams({ app: input.appId, nonce: input.nonceHash, rd: input.returnTarget })}`;
    if (exchange.request.headers.authorization !== undefined) throw new ApiError('E0000011');
    if (!SECRET.test(input.nonceHash)) throw new ApiError('E0000028', { causes: ['nonce'] });
    // From a new address of the same network (mode `PROVE`): the page's key lives under this host, and signs here.
    if (proofAsked !== undefined) return showProof(reply, proofAsked);
    if (principal.kind !== 'session') return reply.redirect(`/sign-in?next=${encodeURIComponent(own)}`, 303);
    const authorized = await authorizeApp(services, principal, input);
    if (authorized.kind === 'go') return reply.redirect(authorized.location, 303);
    if (authorized.kind === 'sign-in') return reply.redirect(`/sign-in?next=${encodeURIComponent(own)}`, 303);
    const door = services.appSessions.doorOfApp(input.appId);
    return showDenied(exchange, authorized.reasons, authorized.reference, door, own);
  });

  // Where the proxy sends people: the reason only chooses among our own sentences, and the reference is a plain word.
  route('/denied', OWN_HOST_PIPELINE, (exchange, query) => {
    const reason = one(query, 'reason');
    const reference = one(query, 'reference');
    const known: Reason = Object.hasOwn(REASONS, reason) ? (reason as Reason) : 'policy-no-match';
    const door = services.appSessions.doorOfApp(one(query, 'app'));
    return showDenied(exchange, [known], REFERENCE.test(reference) ? reference : 'none', door, null);
  });
};
