import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CallError } from '../../browser/call.ts';
import { FormFrame } from './form-frame.tsx';
import { BeforeSaving, ProtectedButton } from './protected-button.tsx';
import { Failure } from './states.tsx';

/** A dialog that asks for a few things and saves them. A refusal stays in it, and what was typed with it. */
export const FormDialog = <T,>({
  title,
  action,
  isReady,
  save,
  saveLabel = 'Save',
  failed,
  buttons = null,
  children,
  onDone,
  onClose,
}: {
  readonly title: string;
  /** The name of the protected action that saving does; null for none, or while it is not known. */
  readonly action: string | null;
  /** Is all there that is needed? */
  readonly isReady: boolean;
  readonly save: () => Promise<T>;
  readonly saveLabel?: string;
  /** What to say when it was refused. */
  readonly failed: string;
  /** What else can be pressed, before saving. */
  readonly buttons?: ReactNode;
  /** The fields; where some show what was said of them, they are made of the last refusal, null while there is none. */
  readonly children: ReactNode | ((error: unknown) => ReactNode);
  readonly onDone: (saved: T) => void;
  readonly onClose: () => void;
}) => {
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: save,
    onSuccess: onDone,
    // Somebody else changed it meanwhile: what stands behind the dialog is old, and the next one would begin with it.
    onError(error) {
      if (error instanceof CallError && error.status === 412) void queries.invalidateQueries();
    },
  });
  return (
    <FormFrame
      title={title}
      isBusy={run.isPending}
      submit={() => {
        if (isReady && !run.isPending) run.mutate();
      }}
      // A refusal is of what stood here before.
      onTouched={() => {
        if (run.isError) run.reset();
      }}
      onClose={onClose}
      buttons={
        <>
          {buttons}
          <ProtectedButton action={action} type="submit" loading={run.isPending} disabled={!isReady}>
            {saveLabel}
          </ProtectedButton>
        </>
      }
    >
      <div className="sp-form">
        <BeforeSaving action={action} />
        {typeof children === 'function' ? children(run.error) : children}
        {run.isError && <Failure what={failed} error={run.error} wasChange />}
      </div>
    </FormFrame>
  );
};
