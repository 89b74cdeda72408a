import type { BreakGlassSeal } from './break-glass.ts';
import type { Instant } from './instant.ts';
import type { Network } from './network.ts';

/** One thing that is known, where it came from, since when and until when. An absent slot is unknown. */
export interface Fact<T> {
  readonly value: T;
  readonly source: string;
  readonly observedAt: Instant;
  /** After this instant the fact counts as unknown; null means for the judgement at hand. */
  readonly expiresAt: Instant | null;
}

export type FactorKind = 'password' | 'webauthn' | 'totp';

/** How one factor was proved. */
export interface FactorProof {
  readonly factorId: string;
  readonly kind: FactorKind;
  readonly isPhishingResistant: boolean;
  readonly isDeviceBound: boolean;
  readonly isUserVerified: boolean;
  /** Absent: it has not been shown. */
  readonly isHardwareProtected?: boolean;
  readonly provedAt: Instant;
}

/**
 * All that a judgement may read. Every slot may be unknown (`undefined`); device, posture and risk exist from the
 * first day and are unknown until something fills them. Stored with each verdict, so that it can be computed again.
 */
export interface Facts {
  readonly userId?: Fact<string>;
  readonly userTypeId?: Fact<string>;
  /** Only attributes that some expression asks for. */
  readonly profile?: Fact<Readonly<Record<string, unknown>>>;
  /**
   * The attributes that were looked up: of these, one that `profile` has not is missing from the profile, and of any other
   * nothing is known. Verdicts of before it was kept have no such fact; there, whatever is not in `profile` is missing.
   */
  readonly profileAttributes?: Fact<readonly string[]>;
  readonly groupIds?: Fact<readonly string[]>;
  /** Only where an expression asks for groups by their names. */
  readonly groupNames?: Fact<readonly string[]>;
  readonly holdsAdminRole?: Fact<boolean>;
  readonly isServiceAccount?: Fact<boolean>;
  /**
   * Of a service account while a grant lets somebody sign in as it, until the grant ends; otherwise there is no such fact.
   */
  readonly maintenance?: Fact<{ readonly grantId: string }>;
  /** Of a break-glass account: what its sealed policy judges by. Ordinary policies are not read then. */
  readonly breakGlass?: Fact<BreakGlassSeal>;
  readonly address?: Fact<string>;
  readonly network?: Fact<Network>;
  readonly zoneIds?: Fact<readonly string[]>;
  /** Zones of which it is not known whether they hold the client: data for what they ask is missing. */
  readonly unknownZoneIds?: Fact<readonly string[]>;
  readonly proofs?: Fact<readonly FactorProof[]>;
  readonly deviceIsManaged?: Fact<boolean>;
  readonly deviceIsRegistered?: Fact<boolean>;
  /** The device assurance policies that the device satisfies. */
  readonly deviceAssuranceIds?: Fact<readonly string[]>;
  readonly devicePosture?: Fact<Readonly<Record<string, boolean>>>;
  /** The behaviours, by id, that this sign-in shows. */
  readonly behaviorIds?: Fact<readonly string[]>;
  readonly behaviorNames?: Fact<readonly string[]>;
  readonly risk?: Fact<'LOW' | 'MEDIUM' | 'HIGH'>;
  readonly userAgent?: Fact<string>;
}

/** The value of a fact at an instant, or undefined when it is unknown or has expired. */
export const valueAt = <T>(fact: Fact<T> | undefined, now: Instant): T | undefined =>
  fact === undefined || (fact.expiresAt !== null && now >= fact.expiresAt) ? undefined : fact.value;
