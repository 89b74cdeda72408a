import type { Simulation, WhatIf } from '@sallyport/api/what-if';
import type { Handler } from '../http/exchange.ts';
import type { DraftRule } from './chosen-policy.ts';
import { draftProof, policyProof } from './policy-proof.ts';
import { type ReplayInput, replayPolicy } from './replay-policy.ts';
import { simulatePolicies } from './simulate-policies.ts';
import { whatIf } from './what-if.ts';

export const whatIfHandlers = {
  'policyProofs.get': async ({ services, principal, params }) => ({
    body: await policyProof(services, principal, params['policyId'] ?? ''),
  }),
  'policyProofs.draft': async ({ services, principal, params, body }) => ({
    body: await draftProof(
      services,
      principal,
      params['policyId'] ?? '',
      (body as { readonly rules: readonly DraftRule[] }).rules,
    ),
  }),
  'policyProofs.replay': async ({ services, principal, params, body, reply }) => {
    // Whoever goes away no longer waits for it.
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return {
      body: await replayPolicy(services, principal, params['policyId'] ?? '', body as ReplayInput, gone.signal),
    };
  },
  'policies.simulate': async ({ services, principal, body, query }) => ({
    body: await simulatePolicies(
      services,
      principal,
      body as readonly Simulation[],
      query['expand'] as string | undefined,
    ),
  }),
  'whatIf.judge': async ({ services, principal, body }) => ({
    body: await whatIf(services, principal, body as WhatIf),
  }),
} satisfies Record<string, Handler>;
