import { SESSION_BINDING_PRESETS } from '@sallyport/model/session-binding-presets';
import { describe, expect, it } from 'vitest';
import { type BindingDocument, bindingChanges } from './binding-changes.ts';

const document = (part: Partial<BindingDocument> = {}): BindingDocument => ({
  asnBinding: 'ENFORCED',
  ipBinding: 'MONITOR',
  apps: {},
  ...part,
});

describe('bindingChanges', () => {
  it('is empty of what is the same, also when an app is named without a mode', () => {
    expect(bindingChanges(document(), document({ apps: { saasure: {} } }))).toEqual([]);
  });
  it('names the org first, then each app, with what it falls back to', () => {
    expect(
      bindingChanges(
        document({ apps: { saasure: { ipBinding: 'ENFORCED' } } }),
        document({ ipBinding: 'PROVE', apps: { b: { asnBinding: 'DISABLED' } } }),
      ),
    ).toEqual([
      { app: null, axis: 'ipBinding', from: 'MONITOR', to: 'PROVE' },
      { app: 'b', axis: 'asnBinding', from: null, to: 'DISABLED' },
      { app: 'saasure', axis: 'ipBinding', from: 'ENFORCED', to: null },
    ]);
  });
  it('tells an app’s own mode from the same mode of the org', () => {
    expect(bindingChanges(document(), document({ apps: { saasure: { asnBinding: 'ENFORCED' } } }))).toEqual([
      { app: 'saasure', axis: 'asnBinding', from: null, to: 'ENFORCED' },
    ]);
  });
});

describe('the presets', () => {
  it('grow stricter one by one, and each takes back what apps had of their own', () => {
    const found = SESSION_BINDING_PRESETS.map(({ body }) =>
      bindingChanges(document({ apps: { saasure: { asnBinding: 'DISABLED' } } }), body).map(
        ({ app, axis, to }) => `${app ?? 'org'} ${axis} ${to}`,
      ),
    );
    expect(found).toEqual([
      ['org asnBinding MONITOR', 'saasure asnBinding null'],
      ['saasure asnBinding null'],
      ['org ipBinding ENFORCED', 'saasure asnBinding null'],
    ]);
  });
});
