import type { Assurance } from './verdict.ts';

export const POLICY_TYPES = ['ACCESS_POLICY', 'OKTA_SIGN_ON'] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];

/** A list of ids to be in and one to be out of; exclusion wins. An empty `include` asks for nothing. */
export interface Selection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** What must be true of the facts for a rule to apply. An absent condition asks for nothing. */
export interface RuleConditions {
  readonly users?: Selection;
  readonly groups?: Selection;
  /** Zone ids. */
  readonly zones?: Selection;
  readonly holdsAdminRole?: boolean;
  readonly deviceIsRegistered?: boolean;
  readonly deviceIsManaged?: boolean;
  readonly riskLevel?: 'LOW' | 'MEDIUM' | 'HIGH';
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
}

/** A policy as judgements read it. */
export interface Policy {
  readonly id: string;
  readonly name: string;
  readonly type: PolicyType;
  /** Grows with each change; stored with every verdict. */
  readonly version: number;
  readonly isActive: boolean;
  readonly rules: readonly PolicyRule[];
}
