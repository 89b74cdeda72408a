import type { PolicyExpression } from './policy-expression.ts';
import type { Assurance } from './verdict.ts';

/** Policies that decide at a door: who comes in, with which proof. Of these there are proofs, replays and simulations. */
export const DOOR_TYPES = ['ACCESS_POLICY', 'OKTA_SIGN_ON'] as const;
/** All types. Two hold for people: what their passwords must be, and which authenticators they have. */
export const POLICY_TYPES = [...DOOR_TYPES, 'PASSWORD', 'MFA_ENROLL'] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];

export const isDoorType = (type: string): boolean => (DOOR_TYPES as readonly string[]).includes(type);

/** A list of ids to be in and one to be out of; exclusion wins. An empty `include` asks for nothing. */
export interface Selection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** What must be true of the facts for a rule to apply. An absent condition asks for nothing. */
export interface RuleConditions {
  readonly users?: Selection;
  readonly groups?: Selection;
  readonly userTypes?: Selection;
  /** Zone ids; `ALL_ZONES` is any of them. */
  readonly zones?: Selection;
  readonly holdsAdminRole?: boolean;
  readonly deviceIsRegistered?: boolean;
  readonly deviceIsManaged?: boolean;
  /** Ids of device assurance policies, of which one must hold. */
  readonly deviceAssurances?: Selection;
  /** Of which one must be the platform that the browser says it runs on. Whoever sends a request can say anything. */
  readonly platforms?: readonly Platform[];
  readonly riskLevel?: 'LOW' | 'MEDIUM' | 'HIGH';
  /** Ids of behaviours, of which one must show. */
  readonly behaviors?: Selection;
  readonly expression?: PolicyExpression;
}

/** Stands for every zone in a selection of zones. */
export const ALL_ZONES = 'ALL_ZONES';

export const PLATFORM_TYPES = ['DESKTOP', 'MOBILE', 'OTHER'] as const;
export const OPERATING_SYSTEMS = ['ANDROID', 'CHROMEOS', 'IOS', 'LINUX', 'MACOS', 'OTHER', 'WINDOWS'] as const;
/** Where a browser runs. In a condition `ANY` fits all, and the system `OTHER` fits Linux too: older clients have no name for it. */
export interface Platform {
  readonly type: (typeof PLATFORM_TYPES)[number] | 'ANY';
  readonly os: (typeof OPERATING_SYSTEMS)[number] | 'ANY';
}

export interface PolicyRule {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly isActive: boolean;
  readonly conditions: RuleConditions;
  readonly access: 'ALLOW' | 'DENY';
  /** What an allowing rule asks of the authenticators. */
  readonly assurance: Assurance;
  /** How long an app session that this rule opened may rest; absent: what the app says. */
  readonly inactivitySeconds?: number;
}

/** A policy as judgements read it. */
export interface Policy {
  readonly id: string;
  readonly name: string;
  readonly type: PolicyType;
  /** Grows with each change; stored with every verdict. */
  readonly version: number;
  readonly isActive: boolean;
  /** Who it is for, of several policies of a type; absent: everybody. */
  readonly conditions?: Pick<RuleConditions, 'groups'>;
  readonly rules: readonly PolicyRule[];
}
