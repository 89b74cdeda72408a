import type { KeySettings } from '@sallyport/model/authenticator-settings';

/**
 * What is asked of a key of somebody whose policy names groups of models: one of these, proved. A name that the settings
 * no longer have stands for no model, so that nothing is in it.
 */
export const narrowKeySettings = (settings: KeySettings, groupNames: readonly string[]): KeySettings =>
  groupNames.length === 0
    ? settings
    : {
        ...settings,
        certBasedAttestationValidation: true,
        aaguidGroups: groupNames.map(
          (name) => settings.aaguidGroups.find((group) => group.name === name) ?? { name, aaguids: [] },
        ),
      };
