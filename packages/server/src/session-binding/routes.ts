import type { Handler } from '../http/exchange.ts';
import {
  getAdminConsoleSettings,
  getSessionBinding,
  putAdminConsoleSettings,
  putSessionBinding,
  reportSessionBinding,
  type SessionBindingBody,
} from './put-session-binding.ts';

export const sessionBindingHandlers = {
  'sessionBinding.get': async ({ services }) => ({ body: await getSessionBinding(services) }),
  'sessionBinding.put': async ({ services, principal, body }) => ({
    body: await putSessionBinding(services, principal, body as SessionBindingBody),
  }),
  'sessionBinding.report': async ({ services, query }) => ({
    body: await reportSessionBinding(services, query['days'] as number | undefined),
  }),
  'adminConsoleSettings.get': async ({ services, params }) => ({
    body: getAdminConsoleSettings(services, params['appName'] ?? ''),
  }),
  'adminConsoleSettings.put': async ({ services, principal, params, body }) => ({
    body: await putAdminConsoleSettings(
      services,
      principal,
      params['appName'] ?? '',
      body as { sessionIdleTimeoutMinutes: number; sessionMaxLifetimeMinutes: number },
    ),
  }),
} satisfies Record<string, Handler>;
