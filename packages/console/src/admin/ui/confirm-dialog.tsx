import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';
import { ProtectedButton } from './protected-button.tsx';
import { Failure } from './states.tsx';

/**
 * Asks before something that cannot be undone. The children state the count and the names. A refusal stays in the
 * dialog; `typeToConfirm` is for wide or irreversible actions only.
 */
export const ConfirmDialog = ({
  title,
  children,
  confirmLabel,
  isDanger = true,
  typeToConfirm,
  protectedAction = null,
  action,
  onDone,
  onClose,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly confirmLabel: string;
  readonly isDanger?: boolean;
  readonly typeToConfirm?: string;
  /** The name of the protected action that it does, if any. */
  readonly protectedAction?: string | null;
  readonly action: () => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const [typed, setTyped] = useState('');
  const run = useMutation({ mutationFn: action, onSuccess: onDone });
  const isReady = typeToConfirm === undefined || typed === typeToConfirm;
  return (
    <Dialog onClose={onClose} title={title} closeOnClickOutside={!run.isPending}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) run.mutate();
        }}
      >
        <div className="sp-dialog-text">{children}</div>
        {typeToConfirm !== undefined && (
          <TextInput
            label={`Type ${typeToConfirm} to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            mt="md"
          />
        )}
        {run.isError && <Failure what="That did not work" error={run.error} wasChange />}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={run.isPending} data-autofocus>
            Cancel
          </Button>
          <ProtectedButton
            action={protectedAction}
            type="submit"
            color={isDanger ? 'red' : 'blue'}
            loading={run.isPending}
            disabled={!isReady}
          >
            {confirmLabel}
          </ProtectedButton>
        </div>
      </form>
    </Dialog>
  );
};
