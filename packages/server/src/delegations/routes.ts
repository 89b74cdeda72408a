import type { Handler } from '../http/exchange.ts';
import { findUser } from '../users/store.ts';
import { type GovernanceSettings, nameDelegateFor, nameMyDelegate } from './name-delegate.ts';
import { getMySettings, listDelegations, presentMine, presentSettings } from './present-delegation.ts';

export const delegationHandlers = {
  'delegations.mine': async ({ services, principal }) => ({ body: await presentMine(services, principal) }),
  'delegations.list': async ({ services, query }) => ({ body: await listDelegations(services, query) }),
  'governanceSettings.getMine': async ({ services, principal }) => ({ body: await getMySettings(services, principal) }),
  'governanceSettings.updateMine': async ({ services, principal, body }) => {
    await nameMyDelegate(services, principal, body as GovernanceSettings);
    return { body: await getMySettings(services, principal) };
  },
  'governanceSettings.updateFor': async ({ services, principal, params, body }) => {
    const { id } = await findUser(services.store.read, params['userId'] ?? '');
    await nameDelegateFor(services, principal, id, body as GovernanceSettings);
    return { body: await presentSettings(services, id) };
  },
} satisfies Record<string, Handler>;
