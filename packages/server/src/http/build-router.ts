import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { isMutating, type Route } from '@sallyport/api/define-route';
import { type RouteName, routes } from '@sallyport/api/routes';
import { ApiError } from '@sallyport/model/errors';
import { OAuthError } from '@sallyport/model/oauth-error';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteHandlerMethod,
} from 'fastify';
import { base62 } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { rehearse } from '../store/rehearsal.ts';
import { preflightHeaders } from '../trusted-origins/cors-headers.ts';
import { answerError } from './answer-error.ts';
import type { Answer, Exchange, Handler, InnerRequest } from './exchange.ts';
import { observeRequest } from './metrics.ts';
import { PIPELINE } from './pipeline.ts';
import { rehearseRequest } from './rehearse-request.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The bytes of the body as they came; a proof is bound to them. */
    rawBody: Buffer | null;
  }
}

/** Sixteen kilobytes hold every honest header set; more is answered 431 by node itself. */
export const HEADER_BYTES_MAX = 16 * 1024;
const BODY_BYTES_MAX = 1024 * 1024;

/** Of every listener of this server. */
export const SERVER_OPTIONS = {
  maxHeaderSize: HEADER_BYTES_MAX,
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 65_000,
} as const;

/** Fixed on every answer, pages included. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=()',
};

const send = (reply: FastifyReply, answer: Answer): FastifyReply => {
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    reply.raw.setHeader(name, value as string | string[]);
  if (answer.cookies !== undefined && answer.cookies.length > 0) reply.raw.setHeader('Set-Cookie', [...answer.cookies]);
  if (!reply.raw.hasHeader('Cache-Control')) reply.raw.setHeader('Cache-Control', 'no-store');
  const status = answer.status ?? 200;
  return answer.body === undefined
    ? reply.code(status === 200 ? 204 : status).send()
    : reply.code(status).type('application/json').send(answer.body);
};

type Handlers = Readonly<Record<RouteName, Handler>>;

const serve =
  (services: Services, route: Route, handlers: Handlers): RouteHandlerMethod =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const startedAt = performance.now();
    const requestId = request.id;
    const handler = handlers[route.name as RouteName];
    const exchange: Exchange = {
      services,
      request,
      reply,
      route,
      requestId,
      params: request.params as Record<string, string>,
      query: {},
      body: undefined,
      sessionToken: null,
      rehearse: (inner: InnerRequest) => rehearseRequest(exchange, handlers[inner.route.name as RouteName], inner),
    } as unknown as Exchange;
    try {
      for (const step of PIPELINE) await step.run(exchange);
      if (exchange.askProof !== undefined) {
        await rehearse(() => handler(exchange));
        throw await exchange.askProof();
      }
      const answer = await handler(exchange);
      services.permissionUse.note(exchange.principal);
      if (reply.sent || reply.raw.headersSent) return reply.hijack();
      return send(
        reply,
        route.status === undefined || answer.status !== undefined ? answer : { ...answer, status: route.status },
      );
    } catch (error) {
      return answerError(
        error,
        reply,
        `oae${base62(services.random, 17)}`,
        services.logger.child({ requestId, route: route.name }),
      );
    } finally {
      observeRequest(route.name, reply.statusCode, (performance.now() - startedAt) / 1000);
    }
  };

const FORM_PATHS: ReadonlySet<string> = new Set(
  routes.filter((route: Route) => isMutating(route) && route.takesForm === true).map(({ path }) => path),
);

/** The raw handler that answers before Fastify is asked; returns false to let the request go on. */
export type RawHandler = (request: IncomingMessage, response: ServerResponse) => boolean;
/** Who answers beside the routes. */
export interface Beside {
  readonly raw: RawHandler;
  /** Answers with a page where one is asked for at an address that is none; null where it is not, and a rejection is answered. */
  lost(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | null>;
}

/** The router made from the route table: every row has a handler or this does not compile. */
export const buildRouter = (services: Services, handlers: Handlers, { raw, lost }: Beside): FastifyInstance => {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    genReqId: () => randomUUID(),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 400, caseSensitive: true },
    exposeHeadRoutes: false,
    serverFactory: (handler) =>
      createServer(SERVER_OPTIONS, (request, response) => {
        if (!raw(request, response)) handler(request, response);
      }),
  });
  app.decorateRequest('rawBody', null);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ ...SECURITY_HEADERS, 'X-Okta-Request-Id': request.id });
    if (services.config.publicUrl.protocol === 'https:')
      reply.header('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
    done();
  });
  // JSON alone: a form, or text, is what a page of another site can send without asking.
  app.removeContentTypeParser(['application/json', 'text/plain']);
  const parse = app.getDefaultJsonParser('error', 'error');
  // The second is what clients send with PATCH (RFC 7396); a page of another site must ask before either.
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer' },
    (request, body, done) => {
      // Lifecycle calls of real clients carry the content type without a body.
      if (body.length === 0) return done(null, undefined);
      request.rawBody = body as Buffer;
      return parse(request, body.toString('utf8'), done);
    },
  );
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (request, body, done) => {
    if (!FORM_PATHS.has(request.url.split('?', 1)[0] ?? '')) return done(new ApiError('E0000021'));
    const fields = new URLSearchParams(body.toString('utf8'));
    // RFC 6749 §3.2: no parameter more than once; which of two would count?
    if (new Set(fields.keys()).size !== fields.size)
      return done(new OAuthError('invalid_request', 'A parameter stands there twice.'));
    return done(null, Object.fromEntries(fields));
  });
  const knownRoutes = new Map<string, Map<string, Route>>();
  for (const route of routes) {
    const url = route.path.replace(/\{(\w+)\}/g, ':$1');
    app.route({ method: route.method, url, handler: serve(services, route, handlers) });
    const shape = route.path.replace(/\{\w+\}/g, '*');
    knownRoutes.set(shape, (knownRoutes.get(shape) ?? new Map()).set(route.method, route));
  }
  const matches = (path: string): ReadonlyMap<string, Route> | undefined => {
    const parts = path.split('/');
    return [...knownRoutes].find(([shape]) => {
      const wanted = shape.split('/');
      return wanted.length === parts.length && wanted.every((part, i) => part === '*' || part === parts[i]);
    })?.[1];
  };
  app.setNotFoundHandler(async (request, reply) => {
    const ofPath = matches(request.url.split('?', 1)[0] ?? '');
    if (request.method === 'OPTIONS' && ofPath !== undefined) {
      const { origin, 'access-control-request-method': method } = request.headers;
      const headers = await preflightHeaders(services, ofPath, { origin, method });
      if (headers !== null) return reply.headers(headers).code(204).send();
    }
    try {
      if (ofPath !== undefined) throw new ApiError('E0000022', { headers: { Allow: [...ofPath.keys()].join(', ') } });
      const page = await lost(request, reply);
      if (page === null) throw new ApiError('E0000008');
      return page;
    } catch (error) {
      return answerError(error, reply, `oae${base62(services.random, 17)}`, services.logger);
    }
  });
  app.setErrorHandler((error, _request, reply) =>
    answerError(error, reply, `oae${base62(services.random, 17)}`, services.logger),
  );
  return app;
};
