import type { Step } from '../exchange.ts';
import { ADDRESS_LIMIT, rateExceeded, rateHeaders } from '../rate-limits.ts';

/** Sign-in doors are limited per address, before any secret is looked at. An unknown address shares one bucket. */
export const limitAnonymousRate: Step = {
  name: 'limit-anonymous-rate',
  run({ services, context, route, reply }) {
    const key = `address ${context.client.kind === 'known' ? context.client.address.text : 'unknown'}`;
    const now = services.clock.now();
    if (route.access.kind !== 'anonymous') {
      // Clients wait by these headers, also where they are refused before it is known who they are.
      reply.headers(rateHeaders(services.rates.peek(key, ADDRESS_LIMIT, now)));
      return;
    }
    const standing = services.rates.hit(key, ADDRESS_LIMIT, now);
    if (standing.isOver) throw rateExceeded(standing, services.clock.now());
    reply.headers(rateHeaders(standing));
  },
};
