import { Word } from '../../ui/word.tsx';
import { type Admin, STRONGEST } from './admin-answer.ts';

/** By what they sign in at best; as a service account nobody does. */
export const Strongest = ({ of }: { readonly of: Admin }) =>
  of.isServiceAccount ? (
    <Word tone="quiet">nobody signs in</Word>
  ) : (
    <Word tone={STRONGEST[of.strongest].tone}>{STRONGEST[of.strongest].words}</Word>
  );
