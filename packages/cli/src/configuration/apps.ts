import { requestOf } from '@sallyport/client/client-request';
import { readAll } from './read-all.ts';
import type { Entry, Live, Section, Step } from './section.ts';

interface App {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly status: string;
  readonly settings: { readonly app?: Entry };
}

const bodyOf = (label: string, entry: Entry) => ({
  name: 'sallyport_gateway' as const,
  label,
  settings: {
    app: Object.fromEntries(Object.entries(entry).filter(([name]) => name !== 'status')) as { externalUrl: string },
  },
});
const setStatus = (id: string, status: unknown): Step => ({
  batch: status === 'ACTIVE' ? 'app.activate' : 'app.deactivate',
  request: () => requestOf(status === 'ACTIVE' ? 'apps.activate' : 'apps.deactivate', { params: { appId: id } }),
});

/** Apps behind the gateway. Each brings a policy of its own, which `policies` names by the label of the app. */
export const apps: Section = {
  key: 'apps',
  noun: 'app',
  fields: {
    externalUrl: undefined,
    sessionIdleTimeoutMinutes: 15,
    sessionMaxLifetimeMinutes: 720,
    backgroundPaths: [],
    status: 'ACTIVE',
  },
  async read(client) {
    const all = await readAll<App>(client, '/api/v1/apps?limit=200', null);
    return all
      .filter(({ name }) => name === 'sallyport_gateway')
      .map(({ id, label, status, settings }) => ({
        id,
        name: label,
        isBuiltIn: false,
        entry: { ...settings.app, status },
      }));
  },
  create: (label, entry) => [
    {
      batch: 'app.create',
      request: () =>
        requestOf('apps.create', {
          query: { activate: entry['status'] === 'ACTIVE' ? 'true' : 'false' },
          body: bodyOf(label, entry),
        }),
    },
  ],
  update: ({ id, name, entry: before }: Live, entry) => {
    const { status, ...settings } = entry;
    const { status: had, ...settingsBefore } = before;
    const steps: Step[] = [];
    if (JSON.stringify(settings) !== JSON.stringify(settingsBefore))
      steps.push({
        batch: 'app.update',
        request: () => requestOf('apps.replace', { params: { appId: id }, body: bodyOf(name, entry) }),
      });
    if (status !== had) steps.push(setStatus(id, status));
    return steps;
  },
  remove: ({ id, entry }) => [
    ...(entry['status'] === 'ACTIVE' ? [setStatus(id, 'INACTIVE')] : []),
    { batch: 'app.delete', request: () => requestOf('apps.delete', { params: { appId: id } }) },
  ],
};
