import type { RuleConditions } from './policy.ts';

/** What is found out about a policy as a whole, in words that go on after the name of the rule or of the policy. */
export const FINDINGS = {
  'rule-contradictory': 'can never apply: its own conditions exclude each other.',
  'rule-shadowed': 'can never apply: rules before it decide every case that it is about.',
  'allows-one-factor': 'lets people in with a single factor.',
  'allows-anywhere': 'lets people in from a network that is in no zone, on a device that nothing is known of.',
  'zone-without-data':
    'rests on a network zone for which there is no data: of whom that is not known, it lets nobody in, or denies all.',
  'catch-all-missing': 'has no last word: nothing says explicitly that what no other rule is about is denied.',
  'not-proven': 'has too many conditions, or an expression, to be proven: what is said of it may be incomplete.',
} as const;
export type FindingKind = keyof typeof FINDINGS;

/** The weakest authenticators that a rule can be satisfied with. A factor that verifies its holder is a second one. */
export const AUTHENTICATORS = {
  password: 'a password alone',
  totp: 'a one-time code alone',
  'synced-key': 'a passkey that may be synced, touched',
  'bound-key': 'a key that stays on its device, touched',
  'hardware-key': 'a key that hardware keeps, as its attestation shows, touched',
  'password+totp': 'a password and a one-time code',
  'password+synced-key': 'a password and a passkey that may be synced, touched',
  'password+bound-key': 'a password and a key that stays on its device, touched',
  'password+hardware-key': 'a password and a key that hardware keeps, as its attestation shows, touched',
  'verified-synced-key': 'a passkey that may be synced, with PIN or biometric',
  'verified-bound-key': 'a key that stays on its device, with PIN or biometric',
  'verified-hardware-key': 'a key that hardware keeps, as its attestation shows, with PIN or biometric',
  'password+verified-synced-key': 'a password and a passkey that may be synced, with PIN or biometric',
  'password+verified-bound-key': 'a password and a key that stays on its device, with PIN or biometric',
  'password+verified-hardware-key':
    'a password and a key that hardware keeps, as its attestation shows, with PIN or biometric',
} as const;
export type Authenticators = keyof typeof AUTHENTICATORS;

/** Values of facts, by the condition that asks for them; one that is not there is unknown. */
export type ExampleFacts = Readonly<Partial<Record<keyof RuleConditions, unknown>>>;

export interface PolicyFinding {
  readonly kind: FindingKind;
  /** Null: it is about the policy as a whole. */
  readonly ruleId: string | null;
  /** Of a shadowed rule: fewest rules that suffice to shadow it. */
  readonly byRuleIds: readonly string[];
  /** Facts that show it, of what is about single requests. */
  readonly example: ExampleFacts | null;
}

/** One way in: a rule that allows and that can decide. */
export interface WayIn {
  readonly ruleId: string;
  readonly weakest: readonly Authenticators[];
  /** Rules before it that decide some of the cases it is about. */
  readonly exceptRuleIds: readonly string[];
  /** Facts that it decides. */
  readonly example: ExampleFacts;
}

/** What is true of a policy for every request. */
export interface PolicyProof {
  readonly ways: readonly WayIn[];
  readonly findings: readonly PolicyFinding[];
  /** Every question was answered. */
  readonly isComplete: boolean;
}
