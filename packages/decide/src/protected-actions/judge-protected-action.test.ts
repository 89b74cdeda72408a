import {
  ACTION_NAMES,
  type ActionName,
  actionRow,
  defaultSetting,
  PROOF_CLASSES,
  type ProtectedActionSetting,
} from '@sallyport/model/protected-actions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asker, judgeProtectedAction } from './judge-protected-action.ts';
import { ageMinutesMax, isAtLeast, refusedSetting, settingOf } from './setting-of.ts';

const NOW = Date.UTC(2026, 10, 29, 3);
const normal = defaultSetting('user.create');
const session = (change: Partial<Extract<Asker, { kind: 'session' }>> = {}): Asker => ({
  kind: 'session',
  proofs: [],
  hasKey: true,
  ...change,
});
const judge = (asker: Asker, setting: Partial<ProtectedActionSetting> = {}, action: ActionName = 'user.create') =>
  judgeProtectedAction({ action, setting: { ...normal, ...setting }, asker, now: NOW });
const proofAt = (provedAt: number, proofClass: (typeof PROOF_CLASSES)[number] = 'DEVICE_BOUND') =>
  session({ proofs: [{ proofClass, provedAt }] });

describe('a protected action', () => {
  it('asks a session each time, also right after a proof', () => {
    expect(judge(session())).toEqual({ kind: 'proof', reasons: ['proof-needed'] });
    expect(judge(proofAt(NOW)).kind).toBe('proof');
  });
  it('within its window passes until the very instant at which it ends', () => {
    const window = { maxAgeMinutes: 10 };
    expect(judge(proofAt(NOW), window).kind).toBe('allow');
    expect(judge(proofAt(NOW - 599_999), window).kind).toBe('allow');
    expect(judge(proofAt(NOW - 600_000), window).kind).toBe('proof');
  });
  it('does not take a proof from the future, which a clock that was set back would make', () => {
    expect(judge(proofAt(NOW + 1), { maxAgeMinutes: 10 }).kind).toBe('proof');
  });
  it('does not take a weaker key’s proof inside of a window', () => {
    const window = { maxAgeMinutes: 10 };
    expect(judge(proofAt(NOW, 'PHISHING_RESISTANT'), window).kind).toBe('proof');
    expect(judge(proofAt(NOW), { ...window, authenticator: 'ATTESTED' }).kind).toBe('proof');
    expect(judge(proofAt(NOW, 'ATTESTED'), window).kind).toBe('allow');
  });
  it('is refused with a reason to whoever has no key that qualifies', () => {
    expect(judge(session({ hasKey: false }))).toEqual({ kind: 'deny', reasons: ['no-key-qualifies'] });
  });
  it('that needs a second person asks in spite of a window', () => {
    expect(judge(proofAt(NOW), { maxAgeMinutes: 10, needsApproval: true }).kind).toBe('proof');
  });
  it('is a token’s only by name', () => {
    const token = (allowed: 'all' | string[]): Asker => ({ kind: 'machine', allowed });
    expect(judge(token(['user.create'])).kind).toBe('allow');
    expect(judge(token('all')).kind).toBe('allow');
    expect(judge(token([])).kind).toBe('approval');
    expect(judge(token(['user.update', 'user.create.x', 'user.*'])).kind).toBe('approval');
    expect(judge(token('all'), { needsApproval: true }).kind).toBe('approval');
  });
  it('that is switched off asks nobody; the host is never asked', () => {
    expect(judge(session({ hasKey: false }), { isOn: false }).kind).toBe('allow');
    expect(judge({ kind: 'host' }, { needsApproval: true }).kind).toBe('allow');
  });
});

const anySetting = fc.record({
  isOn: fc.boolean(),
  maxAgeMinutes: fc.integer({ min: -5, max: 2000 }),
  authenticator: fc.constantFrom(...PROOF_CLASSES),
  needsApproval: fc.boolean(),
});
describe('the settings', () => {
  it('never lower an action of the floor, whatever is stored', () => {
    const documents = fc.record({
      isOn: fc.boolean(),
      actions: fc.dictionary(fc.constantFrom(...ACTION_NAMES), anySetting),
    });
    fc.assert(
      fc.property(documents, fc.constantFrom(...ACTION_NAMES), (document, action) => {
        const setting = settingOf(document, action);
        expect(setting.maxAgeMinutes).toBeLessThanOrEqual(ageMinutesMax(action));
        const isFloor = actionRow(action).isFloor === true;
        expect(setting.isOn).toBe(
          isFloor || (document.isOn && (document.actions[action] ?? defaultSetting(action)).isOn),
        );
        expect(!isFloor || isAtLeast(setting.authenticator, 'DEVICE_BOUND')).toBe(true);
      }),
    );
  });
  it('that can be chosen are in force as chosen, while the whole is on', () => {
    fc.assert(
      fc.property(anySetting, fc.constantFrom(...ACTION_NAMES), (setting, action) => {
        fc.pre(refusedSetting(action, setting).length === 0);
        expect(settingOf({ isOn: true, actions: { [action]: setting } }, action)).toEqual(setting);
      }),
    );
  });
  it('name the field that cannot be', () => {
    const off = { ...normal, isOn: false, maxAgeMinutes: 6, authenticator: 'PHISHING_RESISTANT' as const };
    expect(refusedSetting('role.assign', off).map(({ field }) => field)).toEqual([
      'isOn',
      'maxAgeMinutes',
      'authenticator',
    ]);
    expect(refusedSetting('user.create', off)).toEqual([]);
    expect(refusedSetting('user.create', { ...normal, maxAgeMinutes: 61 })).toHaveLength(1);
    expect(refusedSetting('user.create', { ...normal, maxAgeMinutes: 0.5 })).toHaveLength(1);
  });
});
