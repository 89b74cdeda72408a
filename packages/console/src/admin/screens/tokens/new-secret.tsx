import { Button } from '@mantine/core';
import { CopyLine } from '../../ui/copyable.tsx';
import { Instant } from '../../ui/instant.tsx';
import type { MadeToken } from './token-answer.ts';

/** A secret, this once. The dialog around it is closed by its button alone, so that it is not lost by a slip. */
export const NewSecret = ({ made, onClose }: { readonly made: MadeToken; readonly onClose: () => void }) => {
  const { oldSecret } = made.sallyport;
  return (
    <div className="sp-form">
      <div className="sp-state warn slim" role="status">
        <p>
          This is the secret of {made.name}. It is shown this once: put it where the program reads it, not into a chat
          or a ticket.
        </p>
        <CopyLine text={made.token} label="secret" />
      </div>
      {oldSecret !== null && (
        <p>
          The old secret works until <Instant at={oldSecret.endsAt} />. Who still uses it is shown in the list.
        </p>
      )}
      <p className="sp-quiet">
        A program sends it as <code>Authorization: SSWS …</code>.
      </p>
      <div className="sp-dialog-actions">
        <Button onClick={onClose}>I have put it away</Button>
      </div>
    </div>
  );
};
