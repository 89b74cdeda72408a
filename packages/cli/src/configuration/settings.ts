import type { BindingModes } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Live, Section } from './section.ts';

const only = (entry: Live['entry']): readonly Live[] => [{ name: '', id: '', isBuiltIn: true, entry }];

/** Which changes of network end a session. */
export const sessionBinding: Section = {
  key: 'sessionBinding',
  noun: 'session binding',
  isSingle: true,
  fields: { asnBinding: undefined, ipBinding: undefined, exemptZone: null, apps: {} },
  async read(client, names) {
    const { asnBinding, ipBinding, exemptZoneId, apps } = await client.call('sessionBinding.get', {});
    const exemptZone = exemptZoneId === null ? null : await names.nameOf('zone', exemptZoneId);
    return only({ asnBinding, ipBinding, exemptZone, apps });
  },
  mentions: ({ exemptZone }) => (typeof exemptZone === 'string' ? [{ kind: 'zone', name: exemptZone }] : []),
  update: (_, entry) => [
    {
      batch: 'session-binding.update',
      async request(names) {
        const { exemptZone, ...modes } = entry;
        const exemptZoneId = typeof exemptZone === 'string' ? await names.idOf('zone', exemptZone) : null;
        return requestOf('sessionBinding.put', { body: { ...(modes as unknown as BindingModes), exemptZoneId } });
      },
    },
  ],
};

/** How long a session of the Admin Console lives. */
export const adminConsole: Section = {
  key: 'adminConsole',
  noun: 'Admin Console',
  isSingle: true,
  fields: { sessionIdleTimeoutMinutes: undefined, sessionMaxLifetimeMinutes: undefined },
  async read(client) {
    const { sessionIdleTimeoutMinutes, sessionMaxLifetimeMinutes } = await client.call('adminConsoleSettings.get', {
      params: { appName: 'admin-console' },
    });
    return only({ sessionIdleTimeoutMinutes, sessionMaxLifetimeMinutes });
  },
  update: (_, { sessionIdleTimeoutMinutes, sessionMaxLifetimeMinutes }) => [
    {
      batch: 'admin-console-settings.update',
      request: () =>
        requestOf('adminConsoleSettings.put', {
          params: { appName: 'admin-console' },
          body: {
            sessionIdleTimeoutMinutes: Number(sessionIdleTimeoutMinutes),
            sessionMaxLifetimeMinutes: Number(sessionMaxLifetimeMinutes),
          },
        }),
    },
  ],
};

/** Which actions ask for fresh proof, those that somebody chose for; what a document does not name stays. */
export const protectedActions: Section = {
  key: 'protectedActions',
  noun: 'protected actions',
  isSingle: true,
  fields: { isOn: undefined, actions: {} },
  async read(client) {
    const { isOn, actions } = await client.call('protectedActions.get', {});
    const chosen = actions.filter(({ isChosen }) => isChosen);
    return only({ isOn, actions: Object.fromEntries(chosen.map(({ action, setting }) => [action, setting])) });
  },
  fill: (entry, live) => ({
    ...entry,
    actions: { ...(live['actions'] as object), ...(entry['actions'] as object) },
  }),
  update: (_, { isOn, actions }) => [
    {
      batch: 'protected-actions.update',
      request: () =>
        requestOf('protectedActions.put', { body: { isOn: isOn === true, actions: actions as Record<string, never> } }),
    },
  ],
};
