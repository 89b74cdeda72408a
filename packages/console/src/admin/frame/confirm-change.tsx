import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { del, post } from '../api.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { GoTo } from '../ui/go-to.tsx';
import { useNow } from '../ui/instant.tsx';
import { ProtectedButton } from '../ui/protected-button.tsx';
import { Failure } from '../ui/states.tsx';
import { countdownWords, localWords } from '../ui/time-words.ts';
import { toast } from '../ui/toasts.tsx';
import { CONFIRMATION, confirmationQuery } from './confirmation.ts';
import { useMe } from './me.ts';

const ACTION = 'admin-policy-rule.update';

/**
 * On every screen of super admins while a change of what admits administrators waits: how long it counts, what it changes, and
 * what to do. Only a session that signed in after it confirms it, so that somebody has shown that people still come in.
 */
export const ConfirmChange = () => {
  const isSuper = useMe()?.roles.some(({ type }) => type === 'SUPER_ADMIN') ?? false;
  const client = useQueryClient();
  const query = useQuery({ ...confirmationQuery, enabled: isSuper });
  const place = useRouterState({ select: ({ location }) => location.href });
  const [isAsking, setIsAsking] = useState(false);
  const now = useNow(1);
  const change = isSuper ? (query.data?.change ?? null) : null;
  const done = (words: string): void => {
    setIsAsking(false);
    toast(words);
    // What counts is another one now: everything on the screen is asked again.
    void client.invalidateQueries();
  };
  const confirm = useMutation({
    mutationFn: () => post(CONFIRMATION),
    onSuccess: () => done('The change is confirmed, and stays.'),
  });
  if (change === null || change.state !== 'WAITS') return null;
  // By the server's clock: that of this computer may go otherwise.
  const endsAt = query.dataUpdatedAt + change.secondsLeft * 1000;
  const isOver = now >= endsAt;
  return (
    <section className="sp-banner warn" aria-labelledby="confirm-change">
      <div className="sp-two">
        <p role="alert">
          <strong id="confirm-change">
            {isOver ? (
              'A policy change was not confirmed: what counted before counts again.'
            ) : (
              <>
                This policy change ends in <span aria-hidden="true">{countdownWords((endsAt - now) / 1000)}</span>
                <span className="sp-unseen">a few minutes, at {localWords(endsAt, endsAt)},</span> unless confirmed from
                a fresh session.
              </>
            )}
          </strong>
        </p>
        {change.policies.map(({ id, name, sentences }) => (
          <p key={id}>
            <GoTo href={`/policies/${id}`}>{name}</GoTo>: {sentences.join(' ') || 'changed.'}
          </p>
        ))}
        {!isOver && (
          <p>
            {change.refusal === null
              ? 'You signed in after it, and were let in: you can confirm it.'
              : `${change.refusal} Keep this window open: if you do not come in again, it ends by itself.`}
          </p>
        )}
        {confirm.isError && <Failure what="It was not confirmed" error={confirm.error} wasChange />}
      </div>
      {!isOver && (
        <div className="sp-banner-actions">
          {change.refusal === null ? (
            <ProtectedButton action={ACTION} size="xs" loading={confirm.isPending} onClick={() => confirm.mutate()}>
              Confirm the change
            </ProtectedButton>
          ) : (
            <Button
              component="a"
              href={`/sign-in?${new URLSearchParams({ next: place }).toString()}`}
              target="_blank"
              size="xs"
            >
              Sign in again
            </Button>
          )}
          <ProtectedButton action={ACTION} size="xs" variant="default" onClick={() => setIsAsking(true)}>
            Take it back…
          </ProtectedButton>
        </div>
      )}
      {isAsking && (
        <ConfirmDialog
          title="Take the change back?"
          confirmLabel="Take it back"
          protectedAction={ACTION}
          action={() => del(CONFIRMATION)}
          onClose={() => setIsAsking(false)}
          onDone={() => done('It is taken back: what counted before counts again.')}
        >
          <p>
            What counted before counts again at once. Whoever came in only because of the change is signed out. A draft
            of it can be begun from the history of the policy.
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
};
