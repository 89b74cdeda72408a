import type { BindingMode } from '@sallyport/client/answers';
import type { Axis } from './binding-draft.ts';

export const AXIS_WORDS: Readonly<Record<Axis, string>> = {
  asnBinding: 'Network (ASN)',
  ipBinding: 'Address (IP)',
};
export const MODE_LABELS: Readonly<Record<BindingMode, string>> = {
  ENFORCED: 'Enforced',
  PROVE: 'Prove and continue',
  MONITOR: 'Only observed',
  DISABLED: 'Off',
};
/** To choose from. */
export const MODE_OPTIONS = Object.entries(MODE_LABELS).map(([value, label]) => ({ value, label }));
/** What a mode means for the person and for a thief. */
export const MODE_SENTENCES: Readonly<Record<Axis, Readonly<Record<BindingMode, string>>>> = {
  asnBinding: {
    ENFORCED: 'Used from another network, a session ends at once.',
    PROVE: 'A network cannot be proved, so this is as strict as enforced.',
    MONITOR: 'Used from another network, a session goes on. It is written down, and a stolen session works.',
    DISABLED: 'Nobody looks. A stolen session works from any network, and nothing tells of it.',
  },
  ipBinding: {
    ENFORCED: 'Used from another address, a session ends at once, also inside the same network.',
    PROVE:
      'At a new address of the same network the page answers with a key that cannot be copied, and the person notices nothing. Whoever holds only the cookie cannot answer, and the session ends. Command lines have no such key: for them it is enforced.',
    MONITOR: 'Used from another address of the same network, a session goes on, and it is written down.',
    DISABLED: 'Addresses do not matter as long as the network holds.',
  },
};
export const INHERITED = 'Like the org';
export const modeLabel = (mode: BindingMode | null): string => (mode === null ? INHERITED : MODE_LABELS[mode]);
