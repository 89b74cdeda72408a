import type { ActionSetting, KeyClass } from './protected-actions-answer.ts';

export const KEY_WORDS: Readonly<Record<KeyClass, string>> = {
  PHISHING_RESISTANT: 'any phishing-resistant key',
  DEVICE_BOUND: 'a key that stays on its device',
  ATTESTED: 'an attested key that stays on its device',
};

/** How old the last proof of the session may be. */
export const ageWords = (minutes: number): string =>
  minutes === 0 ? 'each time' : minutes === 1 ? 'once a minute' : `once in ${minutes} min`;

/** A whole setting in a line. */
export const settingWords = ({ isOn, maxAgeMinutes, authenticator, needsApproval }: ActionSetting): string =>
  isOn
    ? `${ageWords(maxAgeMinutes)}, ${KEY_WORDS[authenticator]}${needsApproval ? ', and a second person' : ''}`
    : 'not asked';
