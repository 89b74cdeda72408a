import type { BindingMode } from './session.ts';

/** A posture as data: what is shown as a difference, and saved as the whole of the binding settings. */
export interface BindingPreset {
  readonly name: 'observe' | 'recommended' | 'strict';
  readonly label: string;
  /** What it means for the people. */
  readonly summary: string;
  /** The body that `PUT /sallyport/v1/session-binding` takes. An app's own modes would make it something else. */
  readonly body: {
    readonly asnBinding: BindingMode;
    readonly ipBinding: BindingMode;
    readonly apps: Readonly<Record<string, never>>;
  };
}

export const SESSION_BINDING_PRESETS: readonly BindingPreset[] = [
  {
    name: 'observe',
    label: 'Observe',
    summary: 'Nobody is signed out. What would have ended is written down, and a stolen session works.',
    body: { asnBinding: 'MONITOR', ipBinding: 'MONITOR', apps: {} },
  },
  {
    name: 'recommended',
    label: 'Recommended',
    summary: 'A session ends when it is used from another network. A new address of the same network is written down.',
    body: { asnBinding: 'ENFORCED', ipBinding: 'MONITOR', apps: {} },
  },
  {
    name: 'strict',
    label: 'Strict',
    summary:
      'A session ends when it is used from any other address, also of the same network: people on the move sign in again.',
    body: { asnBinding: 'ENFORCED', ipBinding: 'ENFORCED', apps: {} },
  },
];
