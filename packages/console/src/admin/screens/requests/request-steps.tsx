import type { AccessRequestDetailAnswer, RequestStepAnswer, RequestWeaknessAnswer } from '@sallyport/client/answers';
import { Instant } from '../../ui/instant.tsx';
import { Word } from '../../ui/word.tsx';
import { namesOf, voterName } from './request-answer.ts';
import { StepGiven } from './step-given.tsx';

type Escalation = NonNullable<RequestStepAnswer['escalation']>;

const isMet = ({ count, given }: RequestStepAnswer): boolean => given >= count;

/** Who may say yes, too, where nobody answers, and from when; before the step waits, that is not known. */
const PassesOn = ({ escalation: { who, at, isNow } }: { readonly escalation: Escalation }) => {
  if (at === null) return <>Where nobody answers in time, {who} may say yes, too.</>;
  return (
    <>
      <Word tone={isNow ? 'warn' : 'quiet'}>{isNow ? 'passed on' : 'passes on'}</Word> {isNow ? 'Since' : 'From'}{' '}
      <Instant at={at} /> {isNow ? '' : 'on '}
      {who} may say yes, too.
    </>
  );
};

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
          {isOpen && step.reassignment !== null && <StepGiven reassignment={step.reassignment} />}
          <ul>
            {decisions
              .filter((one) => one.step === index)
              .map(({ by, insteadOf, kind, at, comment }) => (
                <li key={by.id}>
                  <Word tone={kind === 'approve' ? 'good' : 'bad'}>{kind === 'approve' ? 'yes' : 'no'}</Word>{' '}
                  {voterName({ name: by.name, insteadOf })}, <Instant at={at} />
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
            {isOpen && !isMet(step) && step.escalation !== null && (
              <li>
                <PassesOn escalation={step.escalation} />
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
