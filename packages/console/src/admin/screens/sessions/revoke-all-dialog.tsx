import { useQuery, useQueryClient } from '@tanstack/react-query';
import { del, getPage, withQuery } from '../../api.ts';
import { useMe } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Loading } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import type { SessionRow } from './session-types.ts';

/** Asks before every session of a person is ended: how many, and which. */
export const RevokeAllDialog = ({
  user,
  onClose,
}: {
  readonly user: SessionRow['user'];
  readonly onClose: () => void;
}) => {
  const client = useQueryClient();
  const me = useMe();
  const path = withQuery('/sallyport/v1/sessions', { state: 'active', userId: user.id, limit: 200 });
  const query = useQuery({ queryKey: ['sessions', path], queryFn: () => getPage<SessionRow>(path), staleTime: 0 });
  const rows = query.data?.items;
  const isSelf = me?.user.id === user.id;
  return (
    <ConfirmDialog
      title={isSelf ? 'Revoke all your own sessions?' : `Revoke all sessions of ${user.name}?`}
      confirmLabel={rows === undefined ? 'Revoke all' : `Revoke ${rows.length}`}
      action={() => del(`/api/v1/users/${encodeURIComponent(user.id)}/sessions`)}
      onDone={() => {
        onClose();
        toast(`All sessions of ${user.name} ended at once.`);
        void client.invalidateQueries({ queryKey: ['sessions'] });
        if (isSelf) void client.invalidateQueries({ queryKey: ['me'] });
      }}
      onClose={onClose}
    >
      {rows === undefined ? (
        <Loading what="their sessions" rows={2} />
      ) : (
        <>
          <p>
            {rows.length === 0
              ? `${user.name} has no active session now.`
              : `This ends ${rows.length} ${rows.length === 1 ? 'session' : 'sessions'}, with everything open in them:`}
          </p>
          <ul className="sp-marks">
            {rows.slice(0, 8).map((row) => (
              <li key={row.id}>
                {row.device}, {row.address}, since <Instant at={row.createdAt} />
                {row.isCurrent && ' (the one you are using)'}
              </li>
            ))}
            {rows.length > 8 && <li>and {rows.length - 8} more</li>}
          </ul>
        </>
      )}
      <p>This cannot be undone. {isSelf ? 'You' : user.name} can sign in again with a key.</p>
    </ConfirmDialog>
  );
};
