import type { BindingMode, BindingModes } from '@sallyport/model/session';

const WORDS: Readonly<Record<BindingMode, string>> = {
  ENFORCED: 'enforced',
  PROVE: 'proved',
  MONITOR: 'observed',
  DISABLED: 'off',
};

/** Binding modes in words: `ASN enforced, IP observed`. */
export const bindingWords = ({ asnBinding, ipBinding }: BindingModes): string =>
  `ASN ${WORDS[asnBinding]}, IP ${WORDS[ipBinding]}`;
