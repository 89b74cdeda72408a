import { isCaller, subjectOf } from '@sallyport/model/principal';
import type { Step } from '../exchange.ts';
import { PRINCIPAL_LIMITS, rateExceeded, rateHeaders } from '../rate-limits.ts';

/** Each token, each service app and each person has a bucket per class of routes. */
export const limitPrincipalRate: Step = {
  name: 'limit-principal-rate',
  run({ services, principal, route, reply }) {
    if (!isCaller(principal)) return;
    const owner = principal.kind === 'token' ? principal.tokenId : subjectOf(principal);
    const standing = services.rates.hit(
      `${route.rateClass} ${owner}`,
      PRINCIPAL_LIMITS[route.rateClass],
      services.clock.now(),
    );
    if (standing.isOver) throw rateExceeded(standing, services.clock.now());
    reply.headers(rateHeaders(standing));
  },
};
