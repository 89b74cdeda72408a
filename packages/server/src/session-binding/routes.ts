import type { Handler } from '../http/exchange.ts';
import type { AdminConsoleSettings } from '../settings/org-settings.ts';
import { settingsVersion } from '../settings/settings-version.ts';
import { getAdminConsoleSettings, putAdminConsoleSettings } from './admin-console-settings.ts';
import { previewSessionBinding } from './preview-session-binding.ts';
import {
  bindingVersion,
  getSessionBinding,
  putSessionBinding,
  type SessionBindingBody,
} from './put-session-binding.ts';
import { reportSessionBinding } from './report-session-binding.ts';
import { getSessionProtection } from './session-protection.ts';

export const sessionBindingHandlers = {
  'sessionBinding.get': async ({ services }) => {
    const body = await getSessionBinding(services);
    return { body, headers: { ETag: bindingVersion(body) } };
  },
  'sessionBinding.put': async ({ services, principal, query, body, request }) => {
    const input = body as SessionBindingBody;
    if (query['dryRun'] === 'true') return { body: await previewSessionBinding(services, principal, input) };
    const saved = await putSessionBinding(services, principal, input, request.headers['if-match']);
    return { body: saved, headers: { ETag: bindingVersion(saved) } };
  },
  'sessionBinding.report': async ({ services, query }) => ({
    body: await reportSessionBinding(services, query['days'] as number | undefined),
  }),
  'sessionProtection.get': async ({ services }) => ({ body: await getSessionProtection(services) }),
  'adminConsoleSettings.get': async ({ services, principal, params }) => {
    const body = getAdminConsoleSettings(services, principal, params['appName'] ?? '');
    return { body, headers: { ETag: settingsVersion(body) } };
  },
  'adminConsoleSettings.put': async ({ services, principal, params, body, request }) => {
    const input = body as AdminConsoleSettings;
    const name = params['appName'] ?? '';
    const saved = await putAdminConsoleSettings(services, principal, name, input, request.headers['if-match']);
    return { body: saved, headers: { ETag: settingsVersion(saved) } };
  },
} satisfies Record<string, Handler>;
