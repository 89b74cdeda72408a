import { Button } from '@mantine/core';
import { CopyLine } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import type { WebhookWithSecret } from './webhook-answer.ts';

/** The signing secret, once. Only its button closes it, so that it is not lost by a slip. */
export const WebhookSecret = ({
  made,
  onClose,
}: {
  readonly made: WebhookWithSecret;
  readonly onClose: () => void;
}) => (
  <Dialog
    title={`The secret of ${made.name}`}
    onClose={onClose}
    closeOnClickOutside={false}
    closeOnEscape={false}
    withCloseButton={false}
  >
    <div className="sp-stack">
      <p className="sp-state warn slim" role="status">
        Messages are signed with it. It is shown this once: put it where the receiver keeps it, not into a chat or a
        ticket.
      </p>
      <CopyLine text={made.secret} label="secret" />
      {made.oldSecretEndsAt !== null && (
        <p>
          Until <Instant at={made.oldSecretEndsAt} /> messages are signed with the old one, too.
        </p>
      )}
      <p className="sp-quiet">
        Messages are Standard Webhooks: any library of theirs checks id, time and signature with this secret.
      </p>
    </div>
    <div className="sp-dialog-actions">
      <Button onClick={onClose} data-autofocus>
        I have put it away
      </Button>
    </div>
  </Dialog>
);
