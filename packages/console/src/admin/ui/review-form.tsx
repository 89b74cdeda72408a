import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Change, ChangesTable } from './changes-table.tsx';
import { FormFrame } from './form-frame.tsx';
import { BeforeSaving, ProtectedButton } from './protected-button.tsx';
import { Failure } from './states.tsx';

/** What the fields of a form are told by its frame. */
export interface FormState {
  /** Faults are shown from the first try on, not while one is still typing. */
  readonly isTried: boolean;
  /** Why saving was refused the last time; null when it was not. */
  readonly error: unknown;
}

/**
 * A dialog in two steps: what is asked, then what saving it changes, line by line. A refusal stays in it, and nothing that
 * was typed is lost on the way, also not by going back.
 */
export const ReviewForm = <T,>({
  title,
  action,
  isGood,
  changes,
  save,
  failed,
  children,
  review,
  onDone,
  onClose,
}: {
  readonly title: string;
  /** The name of the protected action that saving does, if any. */
  readonly action: string | null;
  /** Is it filled in well enough to be looked at? */
  readonly isGood: boolean;
  readonly changes: readonly Change[];
  readonly save: () => Promise<T>;
  /** What to say when it was refused. */
  readonly failed: string;
  /** The fields. */
  readonly children: (state: FormState) => ReactNode;
  /** What else is said below the changes. */
  readonly review: ReactNode;
  readonly onDone: (saved: T) => void;
  readonly onClose: () => void;
}) => {
  const [step, setStep] = useState<'form' | 'review'>('form');
  const [isTried, setIsTried] = useState(false);
  const run = useMutation({ mutationFn: save, onSuccess: onDone });
  return (
    <FormFrame
      title={title}
      size="lg"
      isBusy={run.isPending}
      onClose={onClose}
      submit={() => {
        setIsTried(true);
        if (step === 'review') run.mutate();
        else if (isGood) setStep('review');
      }}
      buttons={
        <>
          {step === 'review' && (
            <Button variant="default" onClick={() => setStep('form')} disabled={run.isPending}>
              Back
            </Button>
          )}
          <ProtectedButton
            action={action}
            type="submit"
            loading={run.isPending}
            disabled={step === 'review' && changes.length === 0}
          >
            {step === 'form' ? 'Review…' : 'Save'}
          </ProtectedButton>
        </>
      }
    >
      {step === 'form' ? (
        <div className="sp-form">
          <BeforeSaving action={action} />
          {children({ isTried, error: run.error })}
        </div>
      ) : (
        <div className="sp-dialog-text">
          {changes.length === 0 ? (
            <p>Nothing is different from what is saved.</p>
          ) : (
            <ChangesTable caption="What saving changes" changes={changes} />
          )}
          {review}
          {run.isError && <Failure what={failed} error={run.error} wasChange />}
        </div>
      )}
    </FormFrame>
  );
};
