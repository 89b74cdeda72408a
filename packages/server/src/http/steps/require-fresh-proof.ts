import { ApiError } from '@sallyport/model/errors';
import { isCaller } from '@sallyport/model/principal';
import { authorizeAction } from '../../protected-actions/authorize-action.ts';
import { actionRequestOf } from '../../protected-actions/request-parts.ts';
import type { Step } from '../exchange.ts';
import { headerLines } from '../read-client.ts';

/**
 * The protected action of the row (design §4.11): the request passes with fresh proof that is bound to this very request,
 * and the proof is used up where the change is made, in its transaction. Without proof the change is rehearsed, so that
 * whatever else it would be refused for is said first, and only then is the proof asked for.
 */
export const requireFreshProof: Step = {
  name: 'require-fresh-proof',
  async run(exchange) {
    const { services, principal, query, request } = exchange;
    if (!isCaller(principal)) return;
    // A rehearsal changes nothing; only a route whose schema knows it gets to see it.
    if (query['dryRun'] === 'true') return;
    const presented = headerLines(request.raw, 'sallyport-proof');
    if (presented.length > 1) throw new ApiError('E0000001', { args: ['Sallyport-Proof'], detail: 'two proofs' });
    const ground = await authorizeAction(services, principal, actionRequestOf(exchange), presented[0]);
    if (ground.kind === 'authorized') exchange.principal = { ...principal, authorization: ground.authorization };
    if (ground.kind === 'unproved') exchange.askProof = ground.ask;
  },
};
