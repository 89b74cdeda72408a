/** The answer of `GET /sallyport/v1/protected-actions`. */
export type KeyClass = 'PHISHING_RESISTANT' | 'DEVICE_BOUND' | 'ATTESTED';
export interface ActionSetting {
  readonly isOn: boolean;
  /** 0: each time. */
  readonly maxAgeMinutes: number;
  readonly authenticator: KeyClass;
  readonly needsApproval: boolean;
}
export interface ProtectedAction {
  readonly action: string;
  readonly words: string;
  readonly group: string;
  readonly why: string;
  /** It cannot be switched off. */
  readonly isFloor: boolean;
  readonly maxAgeMinutesMax: number;
  /** As it came. */
  readonly usual: ActionSetting;
  readonly setting: ActionSetting;
  readonly inForce: ActionSetting;
  readonly usedIn30Days: number;
  readonly lastUsedAt: string | null;
}
export interface ProtectedActions {
  /** The switch of all that may be switched off. */
  readonly isOn: boolean;
  readonly actions: readonly ProtectedAction[];
  readonly changed: { readonly at: string; readonly by: string; readonly byLogin: string | null } | null;
}
export const PROTECTED_ACTIONS = '/sallyport/v1/protected-actions';
