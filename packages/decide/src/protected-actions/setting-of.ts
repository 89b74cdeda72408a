import type { Caller } from '@sallyport/model/principal';
import {
  type ActionName,
  AGE_MINUTES_MAX,
  actionRow,
  defaultSetting,
  FLOOR_AGE_MINUTES_MAX,
  PROOF_CLASSES,
  type ProofClass,
  type ProtectedActionSetting,
  type ProtectedActionsDocument,
} from '@sallyport/model/protected-actions';
import { isByStandingPower } from '../grants/is-by-standing-power.ts';

/** Is a class at least as strong as another? */
export const isAtLeast = (held: ProofClass, asked: ProofClass): boolean =>
  PROOF_CLASSES.indexOf(held) >= PROOF_CLASSES.indexOf(asked);

/** The oldest proof, in minutes, that may be chosen for an action. */
export const ageMinutesMax = (action: ActionName): number =>
  actionRow(action).isFloor === true ? FLOOR_AGE_MINUTES_MAX : AGE_MINUTES_MAX;

/** Why a setting cannot be chosen for an action, as sentences by field; empty when it can. */
export const refusedSetting = (
  action: ActionName,
  setting: ProtectedActionSetting,
): readonly { readonly field: keyof ProtectedActionSetting; readonly sentence: string }[] => {
  const isFloor = actionRow(action).isFloor === true;
  const max = ageMinutesMax(action);
  const isWhole = Number.isInteger(setting.maxAgeMinutes) && setting.maxAgeMinutes >= 0;
  return [
    ...(isFloor && !setting.isOn
      ? [{ field: 'isOn' as const, sentence: 'This action always asks for proof; it cannot be switched off' }]
      : []),
    ...(!isWhole || setting.maxAgeMinutes > max
      ? [{ field: 'maxAgeMinutes' as const, sentence: `Choose a whole number of minutes from 0 to ${max}` }]
      : []),
    ...(isFloor && !isAtLeast(setting.authenticator, 'DEVICE_BOUND')
      ? [{ field: 'authenticator' as const, sentence: 'This action never accepts a synced passkey' }]
      : []),
    ...(action === 'approval.give' && setting.needsApproval
      ? [{ field: 'needsApproval' as const, sentence: 'An approval cannot wait for another approval' }]
      : []),
  ];
};

/**
 * What an action asks for now: the defaults with what was chosen. The floor is held here once more, whatever a stored
 * document says: a document of an older version, or one edited in the database, lowers nothing below it.
 */
export const settingOf = (document: ProtectedActionsDocument, action: ActionName): ProtectedActionSetting => {
  const chosen = { ...defaultSetting(action), ...document.actions[action] };
  const isFloor = actionRow(action).isFloor === true;
  return {
    ...chosen,
    isOn: isFloor || (document.isOn && chosen.isOn),
    needsApproval: action !== 'approval.give' && chosen.needsApproval,
    maxAgeMinutes: Math.min(chosen.maxAgeMinutes, ageMinutesMax(action)),
    authenticator: isFloor && !isAtLeast(chosen.authenticator, 'DEVICE_BOUND') ? 'DEVICE_BOUND' : chosen.authenticator,
  };
};

/**
 * The same for somebody: what gives power that stays waits for a second person where they hold their own power only for a
 * while, whatever was chosen (design §4.16).
 */
export const settingFor = (
  document: ProtectedActionsDocument,
  action: ActionName,
  caller: Caller,
): ProtectedActionSetting => {
  const setting = settingOf(document, action);
  return actionRow(action).givesPower === true && !isByStandingPower(caller)
    ? { ...setting, needsApproval: true }
    : setting;
};
