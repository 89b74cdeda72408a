import type { RequestStepAnswer, RequestWeaknessAnswer } from '@sallyport/client/answers';
import { Word } from '../../ui/word.tsx';
import { namesOf } from './request-answer.ts';

const isMet = ({ count, given }: RequestStepAnswer): boolean => given >= count;

/** Whose yes it takes, step by step, who can give it now, who cannot and why, and what is weak about that. */
export const RequestSteps = ({
  steps,
  weaknesses,
}: {
  readonly steps: readonly RequestStepAnswer[];
  readonly weaknesses: readonly RequestWeaknessAnswer[];
}) => (
  <>
    <ol>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
        <li key={index}>
          <p>
            {step.count === 1 ? 'One' : step.count} of {step.who}:{' '}
            <Word tone={isMet(step) ? 'good' : 'warn'}>
              {step.given} of {step.count} given
            </Word>
          </p>
          {!isMet(step) && <p className="sp-quiet">Can say yes: {namesOf(step.able, step.ableCount)}.</p>}
          {!isMet(step) && step.unable.length > 0 && (
            <ul className="sp-quiet">
              {step.unable.map(({ id, name, sentence }) => (
                <li key={id}>
                  Not {name}: {sentence}
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
    {weaknesses.map(({ sentence }) => (
      <p key={sentence}>
        <Word tone="warn">Note</Word> {sentence}
      </p>
    ))}
  </>
);
