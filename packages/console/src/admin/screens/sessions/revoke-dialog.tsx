import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { CallError } from '../../../browser/call.ts';
import { del } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { toast } from '../../ui/toasts.tsx';
import { logOf } from './log-links.ts';
import type { SessionRow } from './session-types.ts';

/** Asks before a session is ended: whose, what ends with it, and that it cannot be undone. */
export const RevokeDialog = ({ session, onClose }: { readonly session: SessionRow; readonly onClose: () => void }) => {
  const client = useQueryClient();
  const mayReadLog = useMay('okta.logs.read');
  const wasEnded = useRef(false);
  const { name } = session.user;
  const revoke = async (): Promise<void> => {
    try {
      await del(`/api/v1/sessions/${encodeURIComponent(session.id)}`);
    } catch (error) {
      // Somebody, or time, was faster: what was asked for is so.
      if (!(error instanceof CallError && error.status === 404)) throw error;
      wasEnded.current = true;
    }
  };
  const done = (): void => {
    onClose();
    toast(
      <>
        {wasEnded.current
          ? `The session of ${name} had ended already.`
          : `Session of ${name} revoked. It ended at once.`}{' '}
        {mayReadLog && <a href={logOf(session, 'user.session.end')}>Event</a>}
      </>,
    );
    void client.invalidateQueries({ queryKey: ['sessions'] });
    if (session.isCurrent) void client.invalidateQueries({ queryKey: ['me'] });
  };
  return (
    <ConfirmDialog
      title={session.isCurrent ? 'Revoke your own session?' : `Revoke the session of ${name}?`}
      confirmLabel="Revoke"
      action={revoke}
      onDone={done}
      onClose={onClose}
    >
      <dl className="sp-facts">
        <dt>Person</dt>
        <dd>
          {name} ({session.user.login})
        </dd>
        <dt>Device</dt>
        <dd>{session.device}</dd>
        <dt>Network</dt>
        <dd>
          {session.address}, {session.network.name}
        </dd>
        <dt>Started</dt>
        <dd>
          <Instant at={session.createdAt} />
        </dd>
      </dl>
      <p>
        It ends at once, together with every app that is open in it
        {session.kind === 'browser' && ' and the command lines that it allowed'}. This cannot be undone.
      </p>
      {session.isCurrent ? (
        <p>
          <strong>This is the session you are using: you will be signed out.</strong>
        </p>
      ) : (
        <p>{name} can sign in again with their key. To keep them out, suspend the account as well.</p>
      )}
    </ConfirmDialog>
  );
};
