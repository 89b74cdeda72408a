import { Modal, type ModalProps } from '@mantine/core';
import { useEffect } from 'react';

/** A dialog that exists while it is open. The focus goes back to where it was, so that Esc leads to the very place. */
export const Dialog = (props: Omit<ModalProps, 'opened'>) => {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      // After the dialog is gone: its focus trap would take it back.
      requestAnimationFrame(() => {
        if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      });
    };
  }, []);
  return <Modal opened returnFocus={false} {...props} />;
};
