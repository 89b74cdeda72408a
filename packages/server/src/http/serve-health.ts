import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.ts';
import { registry, setLiveSessions } from './metrics.ts';

/** `/healthz`: the process answers. `/readyz`: it can judge, which needs its store. `/metrics`: Prometheus text. */
export const serveHealth = (app: FastifyInstance, s: Services): void => {
  app.get('/healthz', (_request, reply) => reply.headers({ 'Cache-Control': 'no-store' }).send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    try {
      await s.store.read.selectFrom('chainHeads').select('node').limit(1).execute();
      return await reply.headers({ 'Cache-Control': 'no-store' }).send({ status: 'ready', store: s.store.engine });
    } catch (error) {
      s.logger.error({ err: error }, 'not ready');
      return reply.code(503).send({ status: 'unavailable', reason: 'the store does not answer' });
    }
  });
  app.get('/metrics', async (request, reply) => {
    // Metrics name routes and counts only; still they are for the operator's own collector.
    if (!['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? ''))
      return reply.code(404).send();
    setLiveSessions(s.sessions.count());
    return reply
      .headers({ 'Cache-Control': 'no-store' })
      .type(registry.contentType)
      .send(await registry.metrics());
  });
};
