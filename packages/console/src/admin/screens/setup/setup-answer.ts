import { queryOptions } from '@tanstack/react-query';
import { get } from '../../api.ts';

export interface BindingSettings {
  readonly asnBinding: string;
  readonly ipBinding: string;
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
}
export interface Preset {
  readonly name: 'observe' | 'recommended' | 'strict';
  readonly settings: BindingSettings;
  readonly wouldHold: boolean;
  readonly reasons: readonly string[];
}

/** `GET /sallyport/v1/setup/progress`. */
export interface SetupAnswer {
  readonly steps: readonly {
    readonly step: string;
    readonly state: 'done' | 'skipped' | 'waiting' | 'open';
    readonly note: string | null;
  }[];
  readonly finishedAt: string | null;
  readonly mayFinish: boolean;
  readonly ownKeys: number;
  readonly superAdmins: {
    readonly able: number;
    readonly waiting: readonly { readonly id: string; readonly login: string }[];
  };
  readonly network: {
    readonly address: string | null;
    readonly name: string;
    readonly chain: readonly string[];
    readonly trustedProxies: number;
    readonly configuredProxies: readonly string[];
    readonly header: string;
    readonly untrustedHeaders: number;
  };
  readonly posture: { readonly current: BindingSettings; readonly presets: readonly Preset[] };
  readonly checkpoint: {
    readonly file: string | null;
    readonly lastOutsideAt: string | null;
    readonly uncoveredEvents: number;
  };
}

export const SETUP_PATH = '/sallyport/v1/setup/progress';
export const setupQuery = queryOptions({ queryKey: ['setup'], queryFn: () => get<SetupAnswer>(SETUP_PATH) });

/** What a step needs: what is so, and what to do when it has changed something. */
export interface StepProps {
  readonly setup: SetupAnswer;
  /** Asks the server anew; the step stays. */
  readonly onChanged: () => void;
  /** Marks the step as done, with what was answered, and goes on. */
  readonly onDone: (note: string) => void;
  readonly isBusy: boolean;
}
