import type { Change } from '../../ui/changes-table.tsx';
import type { App, ServiceSettings } from './app-answer.ts';
import { networkWords } from './network-words.ts';

type Network = ServiceSettings['network'];

/** What the form of a service app that is there holds. */
export interface ServiceAppDraft {
  readonly label: string;
  readonly connection: Network['connection'];
  readonly zoneIds: readonly string[];
  readonly reason: string;
  readonly isBound: boolean;
  readonly actions: readonly string[];
}
type Opened = Pick<App, 'label' | 'settings'>;

const NOWHERE: Network = { connection: 'LOOPBACK', include: [], exclude: [] };
const networkBefore = ({ settings }: Opened): Network => settings.oauthClient?.network ?? NOWHERE;

export const draftOf = (app: Opened): ServiceAppDraft => ({
  label: app.label,
  connection: networkBefore(app).connection,
  zoneIds: networkBefore(app).include,
  reason: app.settings.app?.networkReason ?? '',
  isBound: app.settings.oauthClient?.dpop_bound_access_tokens ?? false,
  actions: app.settings.app?.protectedActions ?? [],
});

/** Zones that are left out stay left out: the form does not show them. */
const networkOf = (app: Opened, { connection, zoneIds }: ServiceAppDraft): Network =>
  connection === 'ZONE'
    ? { connection, include: zoneIds, exclude: networkBefore(app).exclude }
    : { connection, include: [], exclude: [] };

const reasonOf = ({ connection, reason }: ServiceAppDraft): string | null =>
  connection === 'ANYWHERE' ? reason.trim() : null;

/** What is sent. Without keys in it they stay as they are; so does the address where they are fetched. */
export const bodyOf = (app: Opened, draft: ServiceAppDraft) => {
  const uri = app.settings.oauthClient?.jwks_uri;
  return {
    name: 'oidc_client',
    label: draft.label.trim(),
    settings: {
      app: { protectedActions: draft.actions, networkReason: reasonOf(draft) },
      oauthClient: {
        application_type: 'service',
        grant_types: ['client_credentials'],
        dpop_bound_access_tokens: draft.isBound,
        network: networkOf(app, draft),
        ...(uri === undefined ? {} : { jwks_uri: uri }),
      },
    },
  };
};

export type ServiceAppFaults = Readonly<Record<'label' | 'zoneIds' | 'reason', string | null>>;
export const NO_FAULTS: ServiceAppFaults = { label: null, zoneIds: null, reason: null };
export const faultsOf = (app: Opened, draft: ServiceAppDraft): ServiceAppFaults => {
  const { connection, include, exclude } = networkOf(app, draft);
  return {
    label: draft.label.trim() === '' ? 'A name that people know it by.' : null,
    zoneIds: connection === 'ZONE' && include.length + exclude.length === 0 ? 'Choose at least one zone.' : null,
    reason: connection === 'ANYWHERE' && draft.reason.trim() === '' ? 'People read this later: why anywhere?' : null,
  };
};

const boundWords = (isBound: boolean): string => (isBound ? 'bound to its key' : 'whoever copies one can use it');

/** What saving changes. */
export const serviceAppChanges = (
  app: Opened,
  draft: ServiceAppDraft,
  { zone, action }: { readonly zone: (id: string) => string; readonly action: (name: string) => string },
): readonly Change[] => {
  const before = draftOf(app);
  const from = (one: ServiceAppDraft): string =>
    [networkWords(networkOf(app, one), zone), ...(reasonOf(one) === null ? [] : [reasonOf(one)])].join(': ');
  const actions = (one: ServiceAppDraft): string => one.actions.map(action).toSorted().join(', ') || 'nothing';
  const lines = [
    ['Name', before.label, draft.label.trim()],
    ['Usable from', from(before), from(draft)],
    ['Tokens', boundWords(before.isBound), boundWords(draft.isBound)],
    ['Does by itself', actions(before), actions(draft)],
  ] as const;
  return lines.filter(([, was, is]) => was !== is).map(([what, was, is]) => ({ what, from: was, to: is }));
};
