import { describe, expect, it } from 'vitest';
import type { App } from './app-answer.ts';
import { bodyOf, draftOf, faultsOf, NO_FAULTS, serviceAppChanges } from './service-app-draft.ts';

const app: Pick<App, 'label' | 'settings'> = {
  label: 'deploy',
  settings: {
    app: {
      externalUrl: '',
      sessionIdleTimeoutMinutes: 0,
      sessionMaxLifetimeMinutes: 0,
      backgroundPaths: [],
      protectedActions: ['zone.create'],
      networkReason: null,
    },
    oauthClient: {
      dpop_bound_access_tokens: true,
      jwks: { keys: [] },
      network: { connection: 'ZONE', include: ['z1', 'z2'], exclude: ['z3'] },
    },
  },
};
const draft = draftOf(app);
const names = { zone: (id: string) => `zone ${id}`, action: (name: string) => `do ${name}` };

describe('the draft of a service app', () => {
  it('sends back what was read when nothing was typed, and leaves the keys alone', () => {
    const { settings } = bodyOf(app, draft);
    expect(settings.oauthClient).toEqual({
      application_type: 'service',
      grant_types: ['client_credentials'],
      dpop_bound_access_tokens: true,
      network: app.settings.oauthClient?.network,
    });
    expect(settings.app).toEqual({ protectedActions: ['zone.create'], networkReason: null });
    expect(serviceAppChanges(app, draft, names)).toEqual([]);
    expect(faultsOf(app, draft)).toEqual(NO_FAULTS);
  });
  it('keeps the address where the keys are fetched', () => {
    const oauthClient = { ...app.settings.oauthClient, jwks_uri: 'https://keys.example.org/jwks' };
    const fetched = { ...app, settings: { ...app.settings, oauthClient } } as typeof app;
    expect(bodyOf(fetched, draft).settings.oauthClient.jwks_uri).toBe('https://keys.example.org/jwks');
  });
  it('says in words what changes', () => {
    const after = { ...draft, connection: 'ANYWHERE', reason: ' roams ', isBound: false, actions: [] } as const;
    expect(serviceAppChanges(app, after, names)).toEqual([
      { what: 'Usable from', from: 'zone z1, zone z2, but not zone z3', to: 'anywhere: roams' },
      { what: 'Tokens', from: 'bound to its key', to: 'whoever copies one can use it' },
      { what: 'Does by itself', from: 'do zone.create', to: 'nothing' },
    ]);
    expect(bodyOf(app, after).settings.oauthClient.network).toEqual({
      connection: 'ANYWHERE',
      include: [],
      exclude: [],
    });
  });
  it('wants a name, and a reason for anywhere', () => {
    expect(faultsOf(app, { ...draft, label: ' ', connection: 'ANYWHERE', reason: ' ' })).toEqual({
      ...NO_FAULTS,
      label: 'A name that people know it by.',
      reason: 'People read this later: why anywhere?',
    });
  });
});
