import { describe, expect, it } from 'vitest';
import type { ActionSetting, ProtectedAction, ProtectedActions } from './protected-actions-answer.ts';
import {
  agesFor,
  bodyOf,
  changesOf,
  draftOnTop,
  emptyDraft,
  keyClassesFor,
  usualDraft,
  withSetting,
} from './setting-draft.ts';
import { settingWords } from './setting-words.ts';

const USUAL: ActionSetting = { isOn: true, maxAgeMinutes: 0, authenticator: 'DEVICE_BOUND', needsApproval: false };
const row = (action: string, of: Partial<ProtectedAction> = {}): ProtectedAction => ({
  action,
  words: `Do ${action}`,
  group: 'People',
  why: 'It matters.',
  isFloor: false,
  maxAgeMinutesMax: 60,
  usual: USUAL,
  setting: USUAL,
  inForce: USUAL,
  usedIn30Days: 0,
  lastUsedAt: null,
  ...of,
});
const saved: ProtectedActions = {
  isOn: true,
  actions: [row('a', { isFloor: true, maxAgeMinutesMax: 5 }), row('b'), row('c')],
  changed: null,
};
const relaxed: ActionSetting = { ...USUAL, maxAgeMinutes: 15 };

describe('a draft of the protected actions', () => {
  it('changes nothing until something differs, also when it was put back by hand', () => {
    expect(changesOf(saved, emptyDraft(saved))).toEqual([]);
    const back = withSetting(withSetting(emptyDraft(saved), 'b', relaxed), 'b', USUAL);
    expect(changesOf(saved, back)).toEqual([]);
  });

  it('saves what changed and no more', () => {
    const changes = changesOf(saved, { ...withSetting(emptyDraft(saved), 'b', relaxed), isOn: false });
    expect(changes.map(({ action, from, to }) => [action, from, to])).toEqual([
      ['', true, false],
      ['b', USUAL, relaxed],
    ]);
    expect(bodyOf(changes)).toEqual({ isOn: false, actions: { b: relaxed } });
    expect(bodyOf(changes.slice(1))).toEqual({ actions: { b: relaxed } });
  });

  it('is put on top of what somebody else saved', () => {
    const mine = changesOf(saved, withSetting(emptyDraft(saved), 'b', relaxed));
    const off = { ...USUAL, isOn: false };
    const theirs = { ...saved, isOn: false, actions: [row('a'), row('b'), row('c', { setting: off })] };
    const draft = draftOnTop(theirs, mine);
    expect(changesOf(theirs, draft).map(({ action }) => action)).toEqual(['b']);
    expect(draft.isOn).toBe(false);
  });

  it('puts everything as it came', () => {
    const changed = { ...saved, isOn: false, actions: [row('a'), row('b', { setting: relaxed })] };
    expect(bodyOf(changesOf(changed, usualDraft(changed)))).toEqual({ isOn: true, actions: { b: USUAL } });
  });
});

describe('what may be chosen', () => {
  it('stays above the floor', () => {
    const [floor, other] = saved.actions;
    if (floor === undefined || other === undefined) throw new Error('two rows');
    expect(agesFor(floor, USUAL)).toEqual([0, 1, 5]);
    expect(keyClassesFor(floor)).toEqual(['DEVICE_BOUND', 'ATTESTED']);
    expect(agesFor(other, { ...USUAL, maxAgeMinutes: 7 })).toEqual([0, 1, 5, 7, 10, 15, 30, 60]);
    expect(keyClassesFor(other)).toHaveLength(3);
  });

  it('reads in words', () => {
    expect(settingWords(USUAL)).toBe('each time, a key that stays on its device');
    expect(settingWords({ ...relaxed, needsApproval: true })).toBe(
      'once in 15 min, a key that stays on its device, and a second person',
    );
    expect(settingWords({ ...USUAL, isOn: false })).toBe('not asked');
  });
});
