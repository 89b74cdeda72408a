import type { Instant } from './instant.ts';
import type { Policy } from './policy.ts';

/** Authenticators of this server that a policy can speak of, by the wire's names. */
export const ENROLMENT_KEYS = ['okta_password', 'webauthn', 'google_otp'] as const;
export type EnrolmentKey = (typeof ENROLMENT_KEYS)[number];
export const SELF_ENROLMENTS = ['NOT_ALLOWED', 'OPTIONAL', 'REQUIRED'] as const;
export type SelfEnrolment = (typeof SELF_ENROLMENTS)[number];

/** The name of a kind of authenticator in a policy. */
export const ENROLMENT_KEY = { webauthn: 'webauthn', totp: 'google_otp' } as const;

/** What is asked of those whom a policy is for, of one kind of authenticator. */
export interface AskedEnrolment {
  readonly key: EnrolmentKey;
  readonly self: SelfEnrolment;
  /** Until when one that is required may be missing; null: it may not. */
  readonly graceEndsAt: Instant | null;
  /** Names of groups of models, of which a key must be in one; empty: whatever the organisation takes. */
  readonly aaguidGroups: readonly string[];
}

export interface EnrolmentPolicy extends Policy {
  readonly authenticators: readonly AskedEnrolment[];
}

/** What held before there was a policy. */
export const usualEnrolment = (key: EnrolmentKey): AskedEnrolment => ({
  key,
  self: 'OPTIONAL',
  graceEndsAt: null,
  aaguidGroups: [],
});
