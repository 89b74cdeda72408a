import type { Handler } from '../http/exchange.ts';
import { activateSetupKey, type ClaimServer, claimServer, enrolSetupKey, finishSetup } from './claim-server.ts';

export const setupHandlers = {
  'setup.claim': async ({ services, principal, body }) => ({
    body: await claimServer(services, principal, body as ClaimServer),
  }),
  'setup.enrolKey': async ({ services, principal, body }) => ({
    body: await enrolSetupKey(services, principal, body as { stateToken: string }),
  }),
  'setup.activateKey': async ({ services, principal, params, body }) => ({
    body: await activateSetupKey(
      services,
      principal,
      params['factorId'] ?? '',
      body as Parameters<typeof activateSetupKey>[3],
    ),
  }),
  'setup.finish': async ({ services, principal, body }) => ({
    body: await finishSetup(services, principal, body as { stateToken: string; secondKeySkipped: boolean }),
  }),
} satisfies Record<string, Handler>;
