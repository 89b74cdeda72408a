import type { SessionBindingAnswer } from '@sallyport/client/answers';
import { bindingChanges } from '@sallyport/decide/sessions/binding-changes';
import { SESSION_BINDING_PRESETS } from '@sallyport/model/session-binding-presets';
import { describe, expect, it } from 'vitest';
import { changesBetween, onTopOf, presetOf, withMode, withPreset } from './binding-draft.ts';

const saved: SessionBindingAnswer = {
  asnBinding: 'ENFORCED',
  ipBinding: 'MONITOR',
  exemptZoneId: 'nzo1',
  apps: { saasure: { ipBinding: 'PROVE' } },
};

describe('withMode', () => {
  it('sets the org’s mode and an app’s own, and takes an app’s own back', () => {
    expect(withMode(saved, null, 'ipBinding', 'ENFORCED').ipBinding).toBe('ENFORCED');
    expect(withMode(saved, 'saasure', 'asnBinding', 'DISABLED').apps).toEqual({
      saasure: { ipBinding: 'PROVE', asnBinding: 'DISABLED' },
    });
    expect(withMode(saved, 'saasure', 'ipBinding', null).apps).toEqual({});
    expect(withMode(saved, null, 'ipBinding', null)).toEqual(saved);
  });
});

describe('changesBetween', () => {
  it('says what the server says', () => {
    for (const to of [
      saved,
      withMode(saved, null, 'asnBinding', 'MONITOR'),
      withMode(withMode(saved, 'okta_enduser', 'asnBinding', 'PROVE'), 'saasure', 'ipBinding', null),
    ])
      expect(changesBetween(saved, to)).toEqual(bindingChanges(saved, to));
  });
});

describe('presets', () => {
  it('are recognised, and replace what apps have of their own', () => {
    const [observe, recommended, strict] = SESSION_BINDING_PRESETS;
    if (observe === undefined || recommended === undefined || strict === undefined) throw new Error('three presets');
    expect(presetOf(SESSION_BINDING_PRESETS, saved)).toBeUndefined();
    for (const preset of [observe, recommended, strict])
      expect(presetOf(SESSION_BINDING_PRESETS, withPreset(saved, preset))).toBe(preset);
    expect(withPreset(saved, strict)).toEqual({
      asnBinding: 'ENFORCED',
      ipBinding: 'ENFORCED',
      exemptZoneId: 'nzo1',
      apps: {},
    });
  });
});

describe('onTopOf', () => {
  it('keeps what somebody else saved beside one’s own changes', () => {
    const mine = changesBetween(saved, withMode(saved, null, 'ipBinding', 'ENFORCED'));
    const theirs = withMode(saved, 'okta_enduser', 'asnBinding', 'DISABLED');
    expect(onTopOf(theirs, mine)).toEqual({ ...theirs, ipBinding: 'ENFORCED' });
  });
});
