export const USER_VERIFICATIONS = ['DISCOURAGED', 'PREFERRED', 'REQUIRED'] as const;
export type UserVerification = (typeof USER_VERIFICATIONS)[number];
export const ATTACHMENTS = ['ANY', 'BUILT_IN', 'ROAMING'] as const;
export type Attachment = (typeof ATTACHMENTS)[number];

/** Models of keys (AAGUIDs, lower case) under a name. */
export interface AaguidGroup {
  readonly name: string;
  readonly aaguids: readonly string[];
}

/** What the organisation asks of keys: of the method `webauthn`, by the wire's names. */
export interface KeySettings {
  /** When a key is registered. */
  readonly userVerification: UserVerification;
  /** At every sign-in; `REQUIRED` is implied where it is at registration. */
  readonly userVerificationForVerify: 'PREFERRED' | 'REQUIRED';
  readonly attachment: Attachment;
  readonly residentKeyRequirement: UserVerification;
  readonly allowSyncablePasskeys: boolean;
  /** Only keys whose attestation ends in a root that is known for their model. */
  readonly certBasedAttestationValidation: boolean;
  readonly hardwareProtected: boolean;
  readonly fipsCompliant: boolean;
  /** Where there is one, only models that are in one. */
  readonly aaguidGroups: readonly AaguidGroup[];
}

/** A model that the operator vouches for, with the roots that its attestations end in. */
export interface CustomAaguid {
  readonly aaguid: string;
  readonly name: string;
  /** DER in base64. */
  readonly roots: readonly string[];
  readonly fipsCompliant: boolean;
  readonly hardwareProtected: boolean;
  readonly platformAttached: boolean;
}

/**
 * Administrators' keys verify the person and stay on a device whatever stands here. Keys are not discoverable unless
 * somebody asks for it: a name is typed first here, so that a key which tells names would only tell them to a finder.
 */
export const DEFAULT_KEY_SETTINGS: KeySettings = {
  userVerification: 'REQUIRED',
  userVerificationForVerify: 'REQUIRED',
  attachment: 'ANY',
  residentKeyRequirement: 'DISCOURAGED',
  allowSyncablePasskeys: true,
  certBasedAttestationValidation: false,
  hardwareProtected: false,
  fipsCompliant: false,
  aaguidGroups: [],
};

/** Whether a sign-in asks every key to verify the person. */
export const asksVerification = (settings: KeySettings): boolean =>
  settings.userVerification === 'REQUIRED' || settings.userVerificationForVerify === 'REQUIRED';
