import type { ReactNode } from 'react';

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'quiet';
const SHAPE: Readonly<Record<Tone, string>> = { good: '●', bad: '✕', warn: '▲', info: '■', quiet: '○' };

/** A state: a shape, a word and a colour, so that none of them has to be seen for it to be understood (WCAG 1.4.1). */
export const Word = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <span className={`sp-word ${tone}`}>
    <span aria-hidden="true">{SHAPE[tone]}</span> {children}
  </span>
);
