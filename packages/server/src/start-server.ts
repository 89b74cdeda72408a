import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { settleClockOrHold } from './clock/settle-clock.ts';
import { HttpAnswer } from './gateway/gateway-answer.ts';
import { listenOnSocket } from './gateway/listen-on-socket.ts';
import { createNginxCheck } from './gateway/nginx-check.ts';
import { buildRouter } from './http/build-router.ts';
import { HANDLERS } from './http/handlers.ts';
import { serveHealth } from './http/serve-health.ts';
import { createSessionCheck } from './http/session-check.ts';
import { cookieName } from './http/session-cookie.ts';
import { startJobs } from './jobs/start-jobs.ts';
import { settleInterruptedExports } from './log-exports/manage-exports.ts';
import { lostPage } from './pages/lost-page.ts';
import { serveGateway } from './pages/serve-gateway.ts';
import { readConsole, servePages } from './pages/serve-pages.ts';
import type { Services } from './services.ts';

export interface RunningServer {
  readonly app: FastifyInstance;
  readonly port: number;
  close(): Promise<void>;
}

/** Puts the router, the pages and the jobs on the services, and listens. */
export const startServer = async (services: Services): Promise<RunningServer> => {
  const check = createSessionCheck(services, { cookieName: cookieName(services.config) });
  const checkForNginx = createNginxCheck(services);
  const bundle = readConsole();
  const app = buildRouter(services, HANDLERS, {
    raw: (request, response) => checkForNginx(request, new HttpAnswer(response)) || check(request, response),
    lost: (request, reply) => lostPage(services, bundle, request, reply),
  });
  serveHealth(app, services);
  servePages(app, services, bundle);
  serveGateway(app, services);
  await settleClockOrHold(services);
  await settleInterruptedExports(services);
  await app.listen({ port: services.config.port, host: services.config.host });
  const { gatewaySocket } = services.config;
  const socket = gatewaySocket === null ? null : await listenOnSocket(gatewaySocket, checkForNginx, app.server);
  const stopJobs = startJobs(services);
  return {
    app,
    port: (app.server.address() as AddressInfo).port,
    async close() {
      await stopJobs();
      services.bus.publish({ kind: 'session', id: '*', reason: 'server-stopping' });
      socket?.close();
      app.server.closeAllConnections();
      await app.close();
    },
  };
};
