import { describe, expect, it } from 'vitest';
import { localInput } from '../time-words.ts';
import { dueFault, enrolmentDraftOf, enrolmentSettingsOf, isEnrolmentDraftGood } from './enrolment-draft.ts';

const EXPIRY = '2027-01-01T18:30:45.678Z';
const SETTINGS = {
  type: 'AUTHENTICATORS',
  authenticators: [
    { key: 'okta_password', enroll: { self: 'OPTIONAL' } },
    {
      key: 'webauthn',
      enroll: { self: 'REQUIRED', gracePeriod: { type: 'BY_DATE_TIME', expiry: EXPIRY } },
      constraints: { aaguidGroups: ['FIPS'] },
    },
    { key: 'google_otp', enroll: { self: 'NOT_ALLOWED' } },
  ],
};

describe('the draft of a policy of enrolment', () => {
  it('writes back what it read, to the millisecond, also what it does not show', () => {
    expect(enrolmentSettingsOf(enrolmentDraftOf(SETTINGS), SETTINGS)).toEqual(SETTINGS);
  });
  it('takes an instant of the person’s own clock, and none where nothing is required', () => {
    const draft = enrolmentDraftOf(SETTINGS);
    const at = Date.parse('2027-03-04T05:06:00.000Z');
    const later = { ...draft, webauthn: { ...draft.webauthn, dueAt: localInput(at) } };
    expect(enrolmentSettingsOf(later, SETTINGS).authenticators?.[1]?.enroll.gracePeriod?.expiry).toBe(
      new Date(at).toISOString(),
    );
    const optional = { ...draft, webauthn: { ...draft.webauthn, self: 'OPTIONAL' as const } };
    expect(enrolmentSettingsOf(optional, SETTINGS).authenticators?.[1]).toEqual({
      key: 'webauthn',
      enroll: { self: 'OPTIONAL' },
      constraints: { aaguidGroups: ['FIPS'] },
    });
    const none = { ...draft, webauthn: { ...draft.webauthn, self: 'NOT_ALLOWED' as const } };
    expect(enrolmentSettingsOf(none, SETTINGS).authenticators?.[1]).toEqual({
      key: 'webauthn',
      enroll: { self: 'NOT_ALLOWED' },
    });
  });
  it('reads what is not said, or not understood, as not allowed', () => {
    expect(enrolmentDraftOf({}).webauthn.self).toBe('NOT_ALLOWED');
    expect(enrolmentDraftOf({ authenticators: [{ key: 'webauthn', enroll: { self: 'MAYBE' } }] }).webauthn.self).toBe(
      'NOT_ALLOWED',
    );
  });
  it('is not sent with what is no instant: the browser gives nothing for half a date', () => {
    const draft = enrolmentDraftOf(SETTINGS);
    expect(isEnrolmentDraftGood(draft)).toBe(true);
    const soon = { dueAt: 'soon', isHalf: false, groups: [] };
    expect(dueFault({ ...soon, self: 'REQUIRED' })).not.toBeNull();
    expect(dueFault({ ...soon, self: 'OPTIONAL' })).toBeNull();
    const half = { ...draft.webauthn, dueAt: '', isHalf: true };
    expect(isEnrolmentDraftGood({ ...draft, webauthn: half })).toBe(false);
    expect(isEnrolmentDraftGood({ ...draft, webauthn: { ...half, isHalf: false } })).toBe(true);
  });
});
