import type { MarkedSetupStep, SetupProgress, SetupStep } from '@sallyport/model/setup-progress';
import { SETUP_STEPS } from '@sallyport/model/setup-progress';
import type { Verdict } from '@sallyport/model/verdict';

export interface SetupState {
  readonly step: SetupStep;
  /** `waiting`: begun here, and finished by somebody else. */
  readonly state: 'done' | 'skipped' | 'waiting' | 'open';
  readonly note: string | null;
}

export interface SetupTruth {
  readonly progress: SetupProgress;
  /** Keys of the person in front with which they could open the console. */
  readonly ownKeys: number;
  readonly superAdminsAble: number;
  readonly superAdmins: number;
  /** People who hold super admin all the time, able or not. */
  readonly superAdminsStanding: number;
  readonly hasCheckpointArrived: boolean;
}

/**
 * How far the first run is. What can be seen is seen: a step that was ticked off but is not so is open, and one that was
 * skipped and has since become true is done.
 */
export const judgeSetup = (truth: SetupTruth): SetupState[] => {
  const { progress } = truth;
  const isZeroStanding = truth.superAdminsStanding === 0;
  const isTrue: Readonly<Record<SetupStep, boolean>> = {
    claim: true,
    'second-key': truth.ownKeys >= 2,
    // Where nobody's role stands, two people get it by asking, and break-glass is there without them.
    'second-admin': truth.superAdminsAble >= (isZeroStanding ? 1 : 2),
    network: progress.marks.network?.state === 'done',
    posture: progress.marks.posture?.state === 'done',
    checkpoint: truth.hasCheckpointArrived,
    'zero-standing': isZeroStanding,
    'what-is-left': progress.finishedAt !== null,
  };
  return SETUP_STEPS.map((step): SetupState => {
    const mark = progress.marks[step as MarkedSetupStep];
    if (isTrue[step]) return { step, state: 'done', note: mark?.state === 'done' ? mark.note : null };
    if (mark?.state === 'skipped') return { step, state: 'skipped', note: mark.note };
    const isWaiting = step === 'second-admin' && truth.superAdmins >= 2;
    return { step, state: isWaiting ? 'waiting' : 'open', note: null };
  });
};

/** Nobody finishes locked out: whoever could not sign in again with what they hold now does not finish. */
export const judgeSetupFinish = ({ ownKeys }: Pick<SetupTruth, 'ownKeys'>): Verdict =>
  ownKeys > 0 ? { kind: 'allow', reasons: [] } : { kind: 'deny', reasons: ['no-usable-key'] };
