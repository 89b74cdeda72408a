import type { ActionSetting, KeyClass, ProtectedAction, ProtectedActions } from './protected-actions-answer.ts';

/** What somebody is about to save: the switch of the whole, and the settings that they touched. */
export interface Draft {
  readonly isOn: boolean;
  readonly settings: Readonly<Record<string, ActionSetting>>;
}
export interface SettingChange {
  readonly action: string;
  /** Of the action; null is the switch of the whole. */
  readonly words: string | null;
  readonly from: ActionSetting | boolean;
  readonly to: ActionSetting | boolean;
}

export const emptyDraft = ({ isOn }: ProtectedActions): Draft => ({ isOn, settings: {} });

export const settingIn = (draft: Draft, { action, setting }: ProtectedAction): ActionSetting =>
  draft.settings[action] ?? setting;

const isSame = (a: ActionSetting, b: ActionSetting): boolean =>
  a.isOn === b.isOn &&
  a.maxAgeMinutes === b.maxAgeMinutes &&
  a.authenticator === b.authenticator &&
  a.needsApproval === b.needsApproval;

export const withSetting = (draft: Draft, action: string, setting: ActionSetting): Draft => ({
  ...draft,
  settings: { ...draft.settings, [action]: setting },
});

/** Everything as it came. */
export const usualDraft = ({ actions }: ProtectedActions): Draft => ({
  isOn: true,
  settings: Object.fromEntries(actions.map(({ action, usual }) => [action, usual])),
});

/** What differs from what is saved: the switch first, then each action in the order of the table. */
export const changesOf = (saved: ProtectedActions, draft: Draft): readonly SettingChange[] => [
  ...(draft.isOn === saved.isOn ? [] : [{ action: '', words: null, from: saved.isOn, to: draft.isOn }]),
  ...saved.actions.flatMap((row) => {
    const to = settingIn(draft, row);
    return isSame(row.setting, to) ? [] : [{ action: row.action, words: row.words, from: row.setting, to }];
  }),
];

/** The body of the saving: what changed, and no more, so that nobody else's change is undone. */
export const bodyOf = (changes: readonly SettingChange[]) => ({
  ...Object.fromEntries(changes.flatMap(({ to }) => (typeof to === 'boolean' ? [['isOn', to]] : []))),
  actions: Object.fromEntries(changes.flatMap(({ action, to }) => (typeof to === 'boolean' ? [] : [[action, to]]))),
});

/** One's own changes on top of what somebody else saved meanwhile. */
export const draftOnTop = (saved: ProtectedActions, changes: readonly SettingChange[]): Draft =>
  changes.reduce(
    (draft, { action, to }) => (typeof to === 'boolean' ? { ...draft, isOn: to } : withSetting(draft, action, to)),
    emptyDraft(saved),
  );

const AGES = [0, 1, 5, 10, 15, 30, 60];

/** The windows that may be chosen for an action, with the one that is set, whatever it is. */
export const agesFor = ({ maxAgeMinutesMax }: ProtectedAction, { maxAgeMinutes }: ActionSetting): readonly number[] =>
  [...new Set([...AGES.filter((age) => age <= maxAgeMinutesMax), maxAgeMinutes])].toSorted((a, b) => a - b);

const KEY_CLASSES: readonly KeyClass[] = ['PHISHING_RESISTANT', 'DEVICE_BOUND', 'ATTESTED'];

/** No copied key counts for what is always asked. */
export const keyClassesFor = ({ isFloor }: ProtectedAction): readonly KeyClass[] =>
  isFloor ? KEY_CLASSES.slice(1) : KEY_CLASSES;
