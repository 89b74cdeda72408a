import type { PolicyChangeAnswer } from '@sallyport/client/policy-draft-answers';
import { Word } from '../word.tsx';

const KINDS: Readonly<Record<PolicyChangeAnswer['kind'], readonly ['good' | 'bad' | 'info' | 'quiet', string]>> = {
  policy: ['info', 'Policy'],
  added: ['good', 'Added'],
  removed: ['bad', 'Gone'],
  changed: ['info', 'Changed'],
  moved: ['quiet', 'Moved'],
};

/** Differences of two versions of a policy, a sentence each. */
export const PolicyChanges = ({ changes }: { readonly changes: readonly PolicyChangeAnswer[] }) =>
  changes.length === 0 ? (
    <p className="sp-quiet">They say the same.</p>
  ) : (
    <ul className="sp-findings" aria-label="Differences">
      {changes.map(({ kind, sentence }) => (
        <li key={`${kind} ${sentence}`}>
          <Word tone={KINDS[kind][0]}>{KINDS[kind][1]}</Word> {sentence}
        </li>
      ))}
    </ul>
  );
