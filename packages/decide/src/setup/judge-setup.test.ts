import type { SetupMark } from '@sallyport/model/setup-progress';
import { describe, expect, it } from 'vitest';
import { judgeSetup, judgeSetupFinish, type SetupTruth } from './judge-setup.ts';

const mark = (state: SetupMark['state'], note = ''): SetupMark => ({ state, note, at: 1, by: '00u1' });
const FRESH: SetupTruth = {
  progress: { marks: {}, finishedAt: null },
  ownKeys: 1,
  superAdmins: 1,
  superAdminsAble: 1,
  superAdminsStanding: 1,
  hasCheckpointArrived: false,
};
const stateOf = (truth: SetupTruth, step: string) => judgeSetup(truth).find((state) => state.step === step);

describe('how far the first run is', () => {
  it('begins with the claim done and everything else open, in the order of the steps', () => {
    expect(judgeSetup(FRESH).map(({ step, state }) => `${step} ${state}`)).toEqual([
      'claim done',
      'second-key open',
      'second-admin open',
      'network open',
      'posture open',
      'checkpoint open',
      'zero-standing open',
      'what-is-left open',
    ]);
  });
  it('sees what is so, whatever was ticked off', () => {
    const ticked: SetupTruth = {
      ...FRESH,
      progress: {
        marks: { 'second-key': mark('done'), 'second-admin': mark('done'), checkpoint: mark('done') },
        finishedAt: null,
      },
    };
    for (const step of ['second-key', 'second-admin', 'checkpoint']) expect(stateOf(ticked, step)?.state).toBe('open');
    const true_: SetupTruth = { ...FRESH, ownKeys: 2, superAdmins: 2, superAdminsAble: 2, hasCheckpointArrived: true };
    for (const step of ['second-key', 'second-admin', 'checkpoint']) expect(stateOf(true_, step)?.state).toBe('done');
  });
  it('keeps the note of a skipped step until the step has become true', () => {
    const progress = { marks: { 'second-admin': mark('skipped', 'Lee starts in May') }, finishedAt: null };
    expect(stateOf({ ...FRESH, progress }, 'second-admin')).toEqual({
      step: 'second-admin',
      state: 'skipped',
      note: 'Lee starts in May',
    });
    expect(stateOf({ ...FRESH, progress, superAdminsAble: 2, superAdmins: 2 }, 'second-admin')).toEqual({
      step: 'second-admin',
      state: 'done',
      note: null,
    });
  });
  it('is at zero standing privilege when nobody’s super admin stands, and then one break-glass account is the second way in', () => {
    const zero: SetupTruth = { ...FRESH, superAdmins: 0, superAdminsAble: 1, superAdminsStanding: 0 };
    expect(stateOf(zero, 'zero-standing')?.state).toBe('done');
    expect(stateOf(zero, 'second-admin')?.state).toBe('done');
    expect(stateOf({ ...zero, superAdminsAble: 0 }, 'second-admin')?.state).toBe('open');
    expect(stateOf({ ...FRESH, superAdminsAble: 3 }, 'zero-standing')?.state).toBe('open');
  });
  it('waits for a second admin who has a role but no key yet', () => {
    expect(stateOf({ ...FRESH, superAdmins: 2 }, 'second-admin')?.state).toBe('waiting');
  });
  it('takes answers at their word where only a person can know', () => {
    const progress = { marks: { network: mark('done', 'right'), posture: mark('skipped', 'later') }, finishedAt: 5 };
    expect(stateOf({ ...FRESH, progress }, 'network')).toEqual({ step: 'network', state: 'done', note: 'right' });
    expect(stateOf({ ...FRESH, progress }, 'posture')?.state).toBe('skipped');
    expect(stateOf({ ...FRESH, progress }, 'what-is-left')?.state).toBe('done');
  });
});

it('nobody finishes without a key to come back with', () => {
  expect(judgeSetupFinish({ ownKeys: 0 })).toEqual({ kind: 'deny', reasons: ['no-usable-key'] });
  expect(judgeSetupFinish({ ownKeys: 1 }).kind).toBe('allow');
});
