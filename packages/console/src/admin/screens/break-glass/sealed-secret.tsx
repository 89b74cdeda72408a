import { Button } from '@mantine/core';
import type { SealedAnswer } from '@sallyport/client/answers';
import { CopyLine } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** The secret, once. Only the button closes it: whoever closes it unread has to seal the account anew. */
export const SealedSecret = ({ sealed, onClose }: { readonly sealed: SealedAnswer; readonly onClose: () => void }) => (
  <Dialog
    title={`The sealed secret of ${sealed.login}`}
    onClose={onClose}
    closeOnEscape={false}
    closeOnClickOutside={false}
    withCloseButton={false}
  >
    <div className="sp-stack">
      <p>Print this, put it into an envelope, and lock that away. It is shown this once, and stands nowhere else.</p>
      <CopyLine text={sealed.secret} label="sealed secret" />
      <dl className="sp-facts">
        <dt>Sign in at</dt>
        <dd>{`${window.location.origin}/sign-in, with “Use a password instead”`}</dd>
        <dt>Name</dt>
        <dd>{sealed.login}</dd>
        <dt>From</dt>
        <dd>{[...sealed.networks.primary, ...sealed.networks.secondary, ...sealed.networks.tertiary].join(', ')}</dd>
        <dt>Then</dt>
        <dd>Touch one of its hardware keys, and say why you opened it. Everybody is told at once.</dd>
      </dl>
      <p className="sp-quiet">The last character of each group checks it. There is no 0, 1, I, L or O in it.</p>
      <div className="sp-actions">
        <Button variant="default" onClick={() => window.print()}>
          Print
        </Button>
        <Button onClick={onClose}>It is sealed</Button>
      </div>
    </div>
  </Dialog>
);
