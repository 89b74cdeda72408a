import type { FastifyRequest } from 'fastify';
import { isCliToken } from '../cli-sessions/cli-token.ts';
import type { Exchange } from '../http/exchange.ts';
import { headerLines } from '../http/read-client.ts';
import { bodyHash, type RequestParts } from './action-digest.ts';
import type { ActionRequest } from './authorize-action.ts';
import { summaryOf } from './summary-of.ts';

const NOTHING = Buffer.alloc(0);

/** A request as it stood on the wire; two lines of one header are joined, so that no second one escapes the digest. */
const partsOf = (request: FastifyRequest): RequestParts => {
  const [path = '', ...query] = request.raw.url?.split('?') ?? [];
  const header = (name: string): string => headerLines(request.raw, name).join('\n');
  return {
    method: request.method,
    path,
    query: query.join('?'),
    contentType: header('content-type'),
    bodyHash: bodyHash(request.rawBody ?? NOTHING),
    ifMatch: header('if-match'),
  };
};

/** What is about to be done, from the exchange; a `dryRun` that the route's schema knows changes nothing. */
export const actionRequestOf = ({ request, route, params, body, sessionToken }: Exchange): ActionRequest => ({
  route,
  params,
  parts: partsOf(request),
  body,
  summary: summaryOf(body),
  isCommandLine: sessionToken !== null && isCliToken(sessionToken),
});
