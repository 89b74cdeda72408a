import { Button, type ButtonProps } from '@mantine/core';
import { type MouseEventHandler, useId } from 'react';
import { markOf, useProtectedAction } from './protected-action.ts';

const KeyMark = () => (
  <svg className="sp-key-mark" viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor">
    <path d="M10 10a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zm0 0h7.5v3.2M14.2 10v2.6" />
  </svg>
);

/**
 * A button that does, or leads to, a protected action: it shows before the click that the key will be asked for. Where
 * that is impossible the button is off, and says why.
 */
export const ProtectedButton = ({
  action,
  disabled = false,
  children,
  ...props
}: ButtonProps & {
  /** Its name in the table of protected actions; null while the target is not known. */
  readonly action: string | null;
  readonly onClick?: MouseEventHandler<HTMLButtonElement>;
  readonly type?: 'submit' | 'button';
  readonly 'aria-label'?: string;
}) => {
  const id = useId();
  const asked = useProtectedAction(action);
  const mark = markOf(asked);
  const isImpossible = asked?.asks === 'impossible';
  return (
    <>
      <Button
        {...props}
        disabled={disabled || isImpossible}
        {...(mark === null
          ? {}
          : {
              'aria-describedby': id,
              rightSection: (
                <span title={mark} className="sp-key-place">
                  <KeyMark />
                </span>
              ),
            })}
      >
        {children}
      </Button>
      {mark !== null && (
        <span id={id} className={isImpossible ? 'sp-quiet' : undefined} hidden={!isImpossible}>
          {mark}
        </span>
      )}
    </>
  );
};

/** Above a form that is long to fill in: what saving it will ask, or why it cannot be saved, before anything is typed. */
export const BeforeSaving = ({ action }: { readonly action: string | null }) => {
  const asked = useProtectedAction(action);
  const mark = markOf(asked);
  if (asked === null || mark === null) return null;
  return asked.asks === 'impossible' ? (
    <p className="sp-state warn slim" role="status">
      This cannot be saved by you now: {mark}
    </p>
  ) : (
    <p className="sp-quiet sp-before-saving">
      <KeyMark /> Saving {mark.replace('Asks', 'asks')}.
    </p>
  );
};
