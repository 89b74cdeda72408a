import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { endedPath } from '../../browser/end-reasons.ts';
import { post } from '../api.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Instant } from '../ui/instant.tsx';
import { Failure } from '../ui/states.tsx';
import { toast } from '../ui/toasts.tsx';
import { meQuery, useMe } from './me.ts';

/**
 * After a fresh sign-in the owner, and nobody else, reads how their last session was ended by the network, wherever
 * they land; it stays until it is answered.
 */
export const WasThatYou = () => {
  const ended = useMe()?.lastEnded ?? null;
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const answer = (is: 'me' | 'not-me'): Promise<unknown> =>
    post(`/sallyport/v1/me/sessions/${encodeURIComponent(ended?.sessionId ?? '')}/acknowledge`, { answer: is });
  const wasMe = useMutation({
    mutationFn: () => answer('me'),
    onSuccess: async () => {
      await client.invalidateQueries(meQuery);
      toast('Thank you. Your answer was recorded.');
    },
  });
  if (ended === null) return null;
  const { from, to, endedAt } = ended;
  return (
    <section className="sp-banner warn" aria-labelledby="was-that-you">
      <p>
        <strong id="was-that-you">Was that you?</strong> Your last session was ended <Instant at={endedAt} /> because
        its {from.network === to.network ? 'address' : 'network'} changed from{' '}
        <strong>
          {from.network} ({from.address})
        </strong>{' '}
        to{' '}
        <strong>
          {to.network} ({to.address})
        </strong>
        .
      </p>
      {wasMe.isError && <Failure what="Your answer was not recorded" error={wasMe.error} wasChange />}
      <div className="sp-banner-actions">
        <Button size="xs" variant="default" loading={wasMe.isPending} onClick={() => wasMe.mutate()}>
          That was me
        </Button>
        <Button size="xs" variant="outline" color="red" onClick={() => setIsAsking(true)}>
          That wasn’t me
        </Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title="That wasn’t you?"
          confirmLabel="End all my sessions"
          action={() => answer('not-me')}
          onDone={() => location.replace(endedPath('not-me'))}
          onClose={() => setIsAsking(false)}
        >
          <p>
            All your sessions end now, this one too. Then sign in again with your key, and look through your sessions.
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
};
