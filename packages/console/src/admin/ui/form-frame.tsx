import { Button } from '@mantine/core';
import { type MouseEvent, type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';

/**
 * The frame of every dialog in which something is typed. A click beside it closes nothing; Esc and the cross ask first
 * once something was typed or chosen, and Cancel, which says what it does, does it.
 */
export const FormFrame = ({
  title,
  size,
  isBusy,
  submit,
  buttons,
  children,
  onTouched,
  onClose,
}: {
  readonly title: string;
  readonly size?: 'lg';
  /** While what was asked for is under way nothing closes the dialog. */
  readonly isBusy: boolean;
  readonly submit: () => void;
  /** Beside Cancel, in their order. */
  readonly buttons: ReactNode;
  readonly children: ReactNode;
  /** Something was typed or chosen. */
  readonly onTouched?: () => void;
  readonly onClose: () => void;
}) => {
  const [isTouched, setIsTouched] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  const touch = (): void => {
    setIsTouched(true);
    onTouched?.();
  };
  // What is chosen in a picker is chosen by buttons.
  const onClick = ({ target }: MouseEvent): void => {
    if (target instanceof Element && target.closest('fieldset button') !== null) touch();
  };
  const leave = (): void => {
    if (isBusy) return;
    if (isTouched && !isLeaving) setIsLeaving(true);
    else onClose();
  };
  return (
    <Dialog title={title} onClose={leave} closeOnClickOutside={false} {...(size === undefined ? {} : { size })}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: it listens to what the buttons inside do, also by keyboard */}
      <form
        noValidate
        onInput={touch}
        onClick={onClick}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {children}
        {isLeaving && (
          <div className="sp-state warn slim" role="alert">
            <p>What you typed is not saved.</p>
            <p className="sp-actions">
              <Button size="xs" variant="default" onClick={() => setIsLeaving(false)}>
                Keep editing
              </Button>
              <Button size="xs" color="red" variant="outline" onClick={onClose}>
                Discard
              </Button>
            </p>
          </div>
        )}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={isBusy}>
            Cancel
          </Button>
          {buttons}
        </div>
      </form>
    </Dialog>
  );
};
