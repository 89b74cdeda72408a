import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { buildRouter } from './http/build-router.ts';
import { HANDLERS } from './http/handlers.ts';
import { serveHealth } from './http/serve-health.ts';
import { createSessionCheck } from './http/session-check.ts';
import { cookieName } from './http/session-cookie.ts';
import { startJobs } from './jobs/start-jobs.ts';
import { servePages } from './pages/serve-pages.ts';
import type { Services } from './services.ts';

export interface RunningServer {
  readonly app: FastifyInstance;
  readonly port: number;
  close(): Promise<void>;
}

/** Puts the router, the pages and the jobs on the services, and listens. */
export const startServer = async (services: Services): Promise<RunningServer> => {
  const check = createSessionCheck(services, { cookieName: cookieName(services.config) });
  const app = buildRouter(services, HANDLERS, check);
  serveHealth(app, services);
  servePages(app, services);
  await app.listen({ port: services.config.port, host: services.config.host });
  const stopJobs = startJobs(services);
  return {
    app,
    port: (app.server.address() as AddressInfo).port,
    async close() {
      await stopJobs();
      services.bus.publish({ kind: 'session', id: '*', reason: 'server-stopping' });
      app.server.closeAllConnections();
      await app.close();
    },
  };
};
