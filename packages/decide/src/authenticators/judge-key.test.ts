import {
  ATTACHMENTS,
  DEFAULT_KEY_SETTINGS,
  type KeySettings,
  USER_VERIFICATIONS,
} from '@sallyport/model/authenticator-settings';
import { REASONS, type Reason } from '@sallyport/model/reasons';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeKeyAssertion, judgeKeyRegistration, type KeyAssertion, type KeyRegistration } from './judge-key.ts';
import type { KeyFacts } from './why-key-is-refused.ts';

const MODEL = '01020304-0506-0708-0102-030405060708';
const PLAIN_KEY: KeyFacts = {
  isBackupEligible: false,
  attachment: 'ROAMING',
  aaguid: '00000000-0000-0000-0000-000000000000',
  isAttested: false,
  isHardwareProtected: false,
  isFipsCompliant: false,
  isModelCompromised: false,
};
const ALLOW = { kind: 'allow', reasons: ['assurance-met'], incident: null };
const deny = (reasons: readonly Reason[], incident: Reason | null = null) => ({ kind: 'deny', reasons, incident });

describe('registration', () => {
  const given = (change: Partial<KeyRegistration>): KeyRegistration => ({
    ...PLAIN_KEY,
    isDiscoverable: false,
    settings: DEFAULT_KEY_SETTINGS,
    isBackedUp: false,
    isUserVerified: true,
    holderNeedsDeviceBound: true,
    ...change,
  });

  it('allows a device-bound key that verified its holder', () => {
    expect(judgeKeyRegistration(given({}))).toEqual(ALLOW);
    expect(judgeKeyRegistration(given({ holderNeedsDeviceBound: false }))).toEqual(ALLOW);
  });

  it('refuses an administrator a key that may be synced, whether or not it is backed up yet', () => {
    expect(judgeKeyRegistration(given({ isBackupEligible: true }))).toEqual(deny(['key-synced']));
    expect(judgeKeyRegistration(given({ isBackupEligible: true, isBackedUp: true }))).toEqual(deny(['key-synced']));
  });

  it('allows others a synced key', () => {
    const synced = { isBackupEligible: true, isBackedUp: true, holderNeedsDeviceBound: false };
    expect(judgeKeyRegistration(given(synced))).toEqual(ALLOW);
  });

  it.each([true, false])('calls "backed up but not eligible" an incident (admin: %s)', (holderNeedsDeviceBound) => {
    expect(judgeKeyRegistration(given({ isBackedUp: true, holderNeedsDeviceBound }))).toEqual(
      deny(['key-flags-illegal'], 'key-flags-illegal'),
    );
  });

  it('refuses a key that did not verify its holder, and tells all causes in order', () => {
    expect(judgeKeyRegistration(given({ isUserVerified: false }))).toEqual(deny(['user-not-verified']));
    expect(judgeKeyRegistration(given({ isUserVerified: false, isBackupEligible: true }))).toEqual(
      deny(['key-synced', 'user-not-verified']),
    );
    expect(judgeKeyRegistration(given({ isUserVerified: false, isBackedUp: true }))).toEqual(
      deny(['key-flags-illegal', 'user-not-verified'], 'key-flags-illegal'),
    );
  });
});

interface AssertionChange {
  readonly stored?: Partial<KeyAssertion['stored']>;
  readonly seen?: Partial<KeyAssertion['seen']>;
  readonly holderNeedsDeviceBound?: boolean;
  readonly userVerificationIsRequired?: boolean;
}

describe('assertion', () => {
  const given = ({ stored, seen, ...rest }: AssertionChange): KeyAssertion => ({
    stored: { ...PLAIN_KEY, isBackedUp: false, signCount: 7, ...stored },
    settings: { ...DEFAULT_KEY_SETTINGS, userVerification: 'PREFERRED', userVerificationForVerify: 'PREFERRED' },
    seen: { isBackupEligible: false, isBackedUp: false, isUserVerified: true, signCount: 8, ...seen },
    holderNeedsDeviceBound: true,
    userVerificationIsRequired: true,
    ...rest,
  });
  const judge = (change: AssertionChange) => judgeKeyAssertion(given(change));

  it('allows a device-bound key that counted on', () => {
    expect(judge({})).toEqual(ALLOW);
  });

  it('tells a key that turned synced its sentence first, and the change as the incident', () => {
    expect(judge({ seen: { isBackupEligible: true, isBackedUp: true } })).toEqual(
      deny(['key-synced', 'key-backup-state-changed'], 'key-backup-state-changed'),
    );
    expect(judge({ seen: { isBackupEligible: true } })).toEqual(
      deny(['key-synced', 'key-backup-state-changed'], 'key-backup-state-changed'),
    );
  });

  it('refuses the change to others too, in both directions', () => {
    const changed = deny(['key-backup-state-changed'], 'key-backup-state-changed');
    expect(judge({ seen: { isBackupEligible: true }, holderNeedsDeviceBound: false })).toEqual(changed);
    expect(judge({ stored: { isBackupEligible: true }, holderNeedsDeviceBound: false })).toEqual(changed);
    expect(judge({ stored: { isBackupEligible: true } })).toEqual(changed);
  });

  it('refuses a synced key whose holder became an administrator; nothing changed, so no incident', () => {
    const synced = { stored: { isBackupEligible: true }, seen: { isBackupEligible: true } };
    expect(judge(synced)).toEqual(deny(['key-synced']));
    expect(judge({ ...synced, holderNeedsDeviceBound: false })).toEqual(ALLOW);
  });

  it('lets the backup state of a synced key come and go', () => {
    for (const [before, after] of [
      [false, true],
      [true, false],
    ] as const) {
      expect(
        judge({
          stored: { isBackupEligible: true, isBackedUp: before },
          seen: { isBackupEligible: true, isBackedUp: after },
          holderNeedsDeviceBound: false,
        }),
      ).toEqual(ALLOW);
    }
  });

  it('calls illegal flags the incident, also above a change', () => {
    expect(judge({ seen: { isBackedUp: true } })).toEqual(deny(['key-flags-illegal'], 'key-flags-illegal'));
    expect(judge({ stored: { isBackupEligible: true }, seen: { isBackedUp: true } })).toEqual(
      deny(['key-flags-illegal', 'key-backup-state-changed'], 'key-flags-illegal'),
    );
  });

  it.each([
    [0, 0, true],
    [0, 1, true],
    [0, 4294967295, true],
    [1, 2, true],
    [1, 1, false],
    [1, 0, false],
    [2, 1, false],
    [9, 0, false],
    [Number.NaN, 1, false],
    [0, Number.NaN, false],
  ])('stored counter %d, seen %d: legal %s', (stored, seen, isLegal) => {
    expect(judge({ stored: { signCount: stored }, seen: { signCount: seen } })).toEqual(
      isLegal ? ALLOW : deny(['key-counter-regressed'], 'key-counter-regressed'),
    );
  });

  it('asks for user verification only where it is required', () => {
    expect(judge({ seen: { isUserVerified: false } })).toEqual(deny(['user-not-verified']));
    expect(judge({ seen: { isUserVerified: false }, userVerificationIsRequired: false })).toEqual(ALLOW);
    expect(judge({ userVerificationIsRequired: false })).toEqual(ALLOW);
  });

  it('tells all causes in order', () => {
    expect(judge({ seen: { isBackupEligible: true, isUserVerified: false, signCount: 1 } })).toEqual(
      deny(
        ['key-synced', 'key-backup-state-changed', 'key-counter-regressed', 'user-not-verified'],
        'key-backup-state-changed',
      ),
    );
  });

  const PLAIN_ARBITRARIES = {
    attachment: fc.constantFrom('BUILT_IN', 'ROAMING', null),
    aaguid: fc.constantFrom(MODEL, null),
    isAttested: fc.boolean(),
    isHardwareProtected: fc.boolean(),
    isFipsCompliant: fc.boolean(),
    isModelCompromised: fc.boolean(),
  };
  const anySettings: fc.Arbitrary<KeySettings> = fc.record({
    userVerification: fc.constantFrom(...USER_VERIFICATIONS),
    userVerificationForVerify: fc.constantFrom('PREFERRED', 'REQUIRED'),
    attachment: fc.constantFrom(...ATTACHMENTS),
    residentKeyRequirement: fc.constantFrom(...USER_VERIFICATIONS),
    allowSyncablePasskeys: fc.boolean(),
    certBasedAttestationValidation: fc.boolean(),
    hardwareProtected: fc.boolean(),
    fipsCompliant: fc.boolean(),
    aaguidGroups: fc.constantFrom([], [{ name: 'Ours', aaguids: [MODEL] }]),
  });
  const anyAssertion: fc.Arbitrary<KeyAssertion> = fc.record({
    stored: fc.record({
      ...PLAIN_ARBITRARIES,
      isBackupEligible: fc.boolean(),
      isBackedUp: fc.boolean(),
      signCount: fc.nat(3),
    }),
    settings: anySettings,
    seen: fc.record({
      isBackupEligible: fc.boolean(),
      isBackedUp: fc.boolean(),
      isUserVerified: fc.boolean(),
      signCount: fc.nat(3),
    }),
    holderNeedsDeviceBound: fc.boolean(),
    userVerificationIsRequired: fc.boolean(),
  });

  it('never lets an administrator in with a synced key, whatever else it says', () => {
    fc.assert(
      fc.property(anyAssertion, (assertion) => {
        const verdict = judgeKeyAssertion({
          ...assertion,
          seen: { ...assertion.seen, isBackupEligible: true },
          holderNeedsDeviceBound: true,
        });
        expect([verdict.kind, verdict.reasons[0]]).toEqual(['deny', 'key-synced']);
      }),
    );
  });

  it('never accepts the same answer twice from a key that counts', () => {
    fc.assert(
      fc.property(anyAssertion, ({ stored, seen, ...rest }) => {
        const after = { ...stored, signCount: seen.signCount };
        const again = judgeKeyAssertion({ stored: after, seen, ...rest });
        expect(again.reasons.includes('key-counter-regressed')).toBe(seen.signCount > 0);
      }),
    );
  });

  it('is total: a verdict has reasons of the list, an incident is one of them, and only a denial has one', () => {
    fc.assert(
      fc.property(anyAssertion, (assertion) => {
        const { kind, reasons, incident } = judgeKeyAssertion(assertion);
        expect(reasons.length).toBeGreaterThan(0);
        for (const reason of reasons) expect(REASONS).toHaveProperty(reason);
        expect(reasons.includes('assurance-met')).toBe(kind === 'allow');
        if (incident !== null) expect([kind, reasons.includes(incident)]).toEqual(['deny', true]);
      }),
    );
  });
});
