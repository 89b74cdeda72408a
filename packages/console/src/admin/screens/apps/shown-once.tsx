import { Button } from '@mantine/core';
import { CopyBlock } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** The private half of a key that was made here. A click outside does not lose it. */
export const ShownOnce = ({
  label,
  privateText,
  onDone,
}: {
  readonly label: string;
  readonly privateText: string;
  readonly onDone: () => void;
}) => (
  <Dialog title={`The private key of ${label}`} onClose={onDone} closeOnClickOutside={false} closeOnEscape={false}>
    <div className="sp-stack">
      <p className="sp-state warn slim" role="status">
        It was made in this browser, is shown this once, and is kept nowhere. Put it where the machine keeps its keys.
      </p>
      <CopyBlock text={privateText} label="private key" />
    </div>
    <div className="sp-dialog-actions">
      <Button onClick={onDone} data-autofocus>
        I have put it away
      </Button>
    </div>
  </Dialog>
);
