import type { BindingSettingsAnswer, SetupProgressAnswer } from '@sallyport/client/answers';
import { queryOptions } from '@tanstack/react-query';
import { get } from '../../api.ts';

export type { BindingSettingsAnswer as BindingSettings, SetupProgressAnswer as SetupAnswer };
export type Preset = SetupProgressAnswer['posture']['presets'][number];

export const SETUP_PATH = '/sallyport/v1/setup/progress';
export const setupQuery = queryOptions({ queryKey: ['setup'], queryFn: () => get<SetupProgressAnswer>(SETUP_PATH) });

/** What a step needs: what is so, and what to do when it has changed something. */
export interface StepProps {
  readonly setup: SetupProgressAnswer;
  /** Asks the server anew; the step stays. */
  readonly onChanged: () => void;
  /** Marks the step as done, with what was answered, and goes on. */
  readonly onDone: (note: string) => void;
  readonly isBusy: boolean;
}
