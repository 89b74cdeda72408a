import { DEFAULT_KEY_SETTINGS, type KeySettings } from '@sallyport/model/authenticator-settings';
import type { Reason } from '@sallyport/model/reasons';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyFacts, whyKeyIsRefused } from './why-key-is-refused.ts';

const MODEL = '01020304-0506-0708-0102-030405060708';
const KEY: KeyFacts = {
  isBackupEligible: false,
  attachment: 'ROAMING',
  aaguid: MODEL,
  isAttested: true,
  isHardwareProtected: true,
  isFipsCompliant: true,
  isModelCompromised: false,
};
const SYNCED: KeyFacts = { ...KEY, isBackupEligible: true, attachment: 'BUILT_IN' };
const CLAIMED: KeyFacts = { ...KEY, isAttested: false };
const attested = { certBasedAttestationValidation: true };
const group = (...aaguids: string[]) => ({ ...attested, aaguidGroups: [{ name: 'Ours', aaguids }] });

const ROWS: readonly (readonly [string, KeyFacts, Partial<KeySettings>, 'admin' | 'other', readonly Reason[]])[] = [
  ['a plain key', KEY, {}, 'admin', []],
  ['a claimed key where nothing is asked', CLAIMED, {}, 'admin', []],
  ['a synced key of an administrator', SYNCED, {}, 'admin', ['key-synced']],
  ['the same where synced ones are refused', SYNCED, { allowSyncablePasskeys: false }, 'admin', ['key-synced']],
  ['a synced key of somebody else', SYNCED, {}, 'other', []],
  ['the same, refused', SYNCED, { allowSyncablePasskeys: false }, 'other', ['key-synced-not-allowed']],
  ['built in, asked to be carried', SYNCED, { attachment: 'ROAMING' }, 'other', ['key-not-roaming']],
  ['carried, asked to be built in', KEY, { attachment: 'BUILT_IN' }, 'other', ['key-not-built-in']],
  ['nobody knows', { ...KEY, attachment: null }, { attachment: 'ROAMING' }, 'other', ['key-not-roaming']],
  ['claimed, asked to prove', CLAIMED, attested, 'other', ['key-model-not-proved']],
  ['claimed, of a listed model', CLAIMED, group(MODEL), 'other', ['key-model-not-proved']],
  ['attested and listed', KEY, group(MODEL), 'admin', []],
  [
    'attested, another is listed',
    KEY,
    group('ffffffff-0506-0708-0102-030405060708'),
    'admin',
    ['key-model-not-listed'],
  ],
  ['no model, attested', { ...KEY, aaguid: null }, group(MODEL), 'other', ['key-model-not-listed']],
  ['broken', { ...KEY, isModelCompromised: true }, attested, 'admin', ['key-model-compromised']],
  ['broken, nobody asks', { ...KEY, isModelCompromised: true }, {}, 'admin', []],
  [
    'not in hardware',
    { ...KEY, isHardwareProtected: false },
    { ...attested, hardwareProtected: true },
    'other',
    ['key-not-hardware'],
  ],
  ['not FIPS', { ...KEY, isFipsCompliant: false }, { ...attested, fipsCompliant: true }, 'other', ['key-not-fips']],
];

describe('the settings', () => {
  it.each(ROWS)('%s', (_name, key, settings, who, reasons) => {
    expect(whyKeyIsRefused(key, { ...DEFAULT_KEY_SETTINGS, ...settings }, who === 'admin')).toEqual(reasons);
  });

  it('what a key says of itself and does not prove never helps it', () => {
    const flags = fc.record({ hardwareProtected: fc.boolean(), fipsCompliant: fc.boolean() });
    fc.assert(
      fc.property(flags, fc.boolean(), fc.boolean(), (asked, isHardwareProtected, isFipsCompliant) => {
        const claims = { ...CLAIMED, isHardwareProtected, isFipsCompliant };
        const settings = { ...DEFAULT_KEY_SETTINGS, ...group(MODEL), ...asked };
        expect(whyKeyIsRefused(claims, settings, false)).toEqual(['key-model-not-proved']);
      }),
    );
  });
});
