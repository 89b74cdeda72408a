import type { Handler } from '../http/exchange.ts';
import { type CliAuthorization, giveCliCode } from './give-cli-code.ts';
import { openCliSession } from './open-cli-session.ts';

export const cliSessionHandlers = {
  'cliSessions.authorize': async ({ services, principal, body }) => ({
    body: await giveCliCode(services, principal, body as CliAuthorization),
  }),
  'cliSessions.open': async ({ services, principal, body }) => ({
    body: await openCliSession(
      services,
      principal,
      body as { code: string; codeVerifier: string; redirectUri: string },
    ),
  }),
} satisfies Record<string, Handler>;
