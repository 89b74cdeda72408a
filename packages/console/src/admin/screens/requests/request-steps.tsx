import type { AccessRequestDetailAnswer, RequestStepAnswer, RequestWeaknessAnswer } from '@sallyport/client/answers';
import { Instant } from '../../ui/instant.tsx';
import { Word } from '../../ui/word.tsx';
import { namesOf } from './request-answer.ts';

const isMet = ({ count, given }: RequestStepAnswer): boolean => given >= count;

/** Whose yes it takes, step by step: who gave it, who can give it now, who cannot and why, and what is weak about that. */
export const RequestSteps = ({
  steps,
  weaknesses,
  decisions = [],
  isOpen = true,
}: {
  readonly steps: readonly RequestStepAnswer[];
  readonly weaknesses: readonly RequestWeaknessAnswer[];
  readonly decisions?: AccessRequestDetailAnswer['decisions'];
  /** Is there anything left to decide? */
  readonly isOpen?: boolean;
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
          <ul>
            {decisions
              .filter((one) => one.step === index)
              .map(({ by, kind, at, comment }) => (
                <li key={by.id}>
                  <Word tone={kind === 'approve' ? 'good' : 'bad'}>{kind === 'approve' ? 'yes' : 'no'}</Word> {by.name},{' '}
                  <Instant at={at} />
                  {comment !== null && ` “${comment}”`}
                </li>
              ))}
            {isOpen && !isMet(step) && (
              <li>
                {step.ableCount === 0
                  ? 'Nobody can give it now.'
                  : `${step.count - step.given} more of: ${namesOf(step.able, step.ableCount)}.`}
              </li>
            )}
            {isOpen &&
              !isMet(step) &&
              step.unable.map(({ id, name, sentence }) => (
                <li key={id} className="sp-quiet">
                  Not {name}: {sentence}
                </li>
              ))}
          </ul>
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
