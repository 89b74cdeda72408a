import { del } from '../../api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { toast } from '../../ui/toasts.tsx';
import { MANAGED, type Token } from './token-answer.ts';

/** Asks before a token is ended, with what would show that something still uses it. */
export const RevokeToken = ({
  token,
  onDone,
  onClose,
}: {
  readonly token: Token;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => (
  <ConfirmDialog
    title={`Revoke ${token.name}?`}
    confirmLabel="Revoke"
    protectedAction="api-token.revoke"
    action={() => del(`${MANAGED}/${encodeURIComponent(token.id)}`)}
    onDone={() => {
      toast(
        <>
          {token.name} is revoked.{' '}
          <GoTo href={`/log?${new URLSearchParams({ filter: `target.id eq "${token.id}"` }).toString()}`}>
            Its events
          </GoTo>
        </>,
      );
      onDone();
    }}
    onClose={onClose}
  >
    <p>
      The token of {token.owner.name} stops working at once; what uses it gets “Invalid token”. It cannot be brought
      back: a new one would have to be made.
    </p>
    <p>
      Last used: <Instant at={token.lastUsedAt} />
      {token.lastUsedFrom !== null && ` from ${token.lastUsedFrom.address}`}.
    </p>
  </ConfirmDialog>
);
