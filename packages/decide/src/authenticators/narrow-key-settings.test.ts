import { DEFAULT_KEY_SETTINGS, type KeySettings } from '@sallyport/model/authenticator-settings';
import { describe, expect, it } from 'vitest';
import { narrowKeySettings } from './narrow-key-settings.ts';
import { type KeyFacts, whyKeyIsRefused } from './why-key-is-refused.ts';

const [ONE, OTHER] = ['cb69481e-8ff7-4039-93ec-0a2729154a01', 'cb69481e-8ff7-4039-93ec-0a2729154a02'];
const settings: KeySettings = {
  ...DEFAULT_KEY_SETTINGS,
  certBasedAttestationValidation: true,
  aaguidGroups: [
    { name: 'Blue', aaguids: [ONE] },
    { name: 'Red', aaguids: [OTHER] },
  ],
};
const key = (aaguid: string, isAttested = true): KeyFacts => ({
  isBackupEligible: false,
  attachment: 'ROAMING',
  aaguid,
  isAttested,
  isHardwareProtected: true,
  isFipsCompliant: true,
  isModelCompromised: false,
});
const judge = (names: readonly string[], facts: KeyFacts, of = settings) =>
  whyKeyIsRefused(facts, narrowKeySettings(of, names), false);

describe('groups of models that a policy names', () => {
  it('leave of those that the organisation takes only their own', () => {
    expect(judge(['Blue'], key(ONE))).toEqual([]);
    expect(judge(['Blue'], key(OTHER))).toEqual(['key-model-not-listed']);
    expect(judge(['Blue', 'Red'], key(OTHER))).toEqual([]);
    expect(judge([], key(OTHER))).toEqual([]);
  });

  it('ask for a model that was proved, also where the organisation asks for none', () => {
    expect(judge(['Blue'], key(ONE, false))).toEqual(['key-model-not-proved']);
    expect(judge(['Blue'], key(ONE, false), DEFAULT_KEY_SETTINGS)).toEqual(['key-model-not-proved']);
  });

  it('that are gone let no model in', () => {
    expect(judge(['Gone'], key(ONE))).toEqual(['key-model-not-listed']);
    expect(judge(['Blue'], key(ONE), DEFAULT_KEY_SETTINGS)).toEqual(['key-model-not-listed']);
  });
});
