import { corsHeaders } from '../../trusted-origins/cors-headers.ts';
import type { Step } from '../exchange.ts';

/** Lets the page of a trusted origin read the answer, a refusal too. It refuses nothing, and gives nobody a right. */
export const answerTrustedOrigin: Step = {
  name: 'answer-trusted-origin',
  async run({ request, reply, services, route }) {
    reply.headers(await corsHeaders(services, route, request.headers));
  },
};
