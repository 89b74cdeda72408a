import type { FastifyRequest } from 'fastify';
import { rehearse } from '../store/rehearsal.ts';
import type { Exchange, Handler, InnerRequest } from './exchange.ts';
import { readInput } from './steps/read-input.ts';
import { requireAccess } from './steps/require-access.ts';

/**
 * Rehearses a request that another one speaks of, for the same caller: the steps of the pipeline that look at the request
 * and not at the connection, then its handler, of which nothing is committed.
 */
export const rehearseRequest = async (
  outer: Exchange,
  handler: Handler,
  { route, params, query, body, ifMatch }: InnerRequest,
): Promise<void> => {
  const request = Object.create(outer.request, {
    headers: { value: { ...outer.request.headers, 'if-match': ifMatch === '' ? undefined : ifMatch } },
    query: { value: Object.fromEntries(new URLSearchParams(query)) },
    body: { value: body },
    params: { value: params },
  }) as FastifyRequest;
  const exchange: Exchange = { ...outer, request, route, params, query: {}, body: undefined };
  for (const step of [requireAccess, readInput]) await step.run(exchange);
  await rehearse(() => handler(exchange));
};
