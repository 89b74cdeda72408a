import type { BindingModes } from '@sallyport/model/session';

export interface BindingPreset extends BindingModes {
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
}

/**
 * Postures to begin from. `recommended` is what a new server has (design §5.2); `observe` ends nobody's session and shows
 * what would have been ended; `strict` suits people who work from one address.
 */
export const BINDING_PRESETS = {
  observe: {
    asnBinding: 'MONITOR',
    ipBinding: 'MONITOR',
    sessionIdleTimeoutMinutes: 15,
    sessionMaxLifetimeMinutes: 720,
  },
  recommended: {
    asnBinding: 'ENFORCED',
    ipBinding: 'MONITOR',
    sessionIdleTimeoutMinutes: 15,
    sessionMaxLifetimeMinutes: 720,
  },
  strict: {
    asnBinding: 'ENFORCED',
    ipBinding: 'ENFORCED',
    sessionIdleTimeoutMinutes: 10,
    sessionMaxLifetimeMinutes: 480,
  },
} as const satisfies Readonly<Record<string, BindingPreset>>;
export type BindingPresetName = keyof typeof BINDING_PRESETS;
