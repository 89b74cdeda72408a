import type { PolicyTestRunAnswer } from '@sallyport/client/policy-draft-answers';
import { Word } from '../word.tsx';

/** What became of each test of a policy. */
export const TestResults = ({ run }: { readonly run: PolicyTestRunAnswer }) =>
  run.results.length === 0 ? (
    <p className="sp-quiet">The policy has no tests.</p>
  ) : (
    <ul className="sp-findings" aria-label="Results of the tests">
      {run.results.map(({ id, name, isPassed, sentence }) => (
        <li key={id}>
          <Word tone={isPassed ? 'good' : 'bad'}>{isPassed ? 'Passes' : 'Fails'}</Word> {name}.{' '}
          <span className="sp-quiet">{sentence}</span>
        </li>
      ))}
    </ul>
  );
