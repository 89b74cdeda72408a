import type { Step } from '../exchange.ts';
import { ADDRESS_LIMIT, rateExceeded, rateHeaders } from '../rate-limits.ts';

/** Sign-in doors are limited per address, before any secret is looked at. An unknown address shares one bucket. */
export const limitAnonymousRate: Step = {
  name: 'limit-anonymous-rate',
  run({ services, context, route, reply }) {
    if (route.access.kind !== 'anonymous') return;
    const key = context.client.kind === 'known' ? context.client.address.text : 'unknown';
    const standing = services.rates.hit(`address ${key}`, ADDRESS_LIMIT, services.clock.now());
    if (standing.isOver) throw rateExceeded(standing, services.clock.now());
    reply.headers(rateHeaders(standing));
  },
};
