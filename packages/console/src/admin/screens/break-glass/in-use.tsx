import { Button, Textarea } from '@mantine/core';
import type { BreakGlassInUseAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, put } from '../../api.ts';
import { meQuery } from '../../frame/me.ts';
import { Section } from '../../ui/page.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';

const IN_USE = '/sallyport/v1/break-glass-in-use';

/** To whoever is in as a break-glass account, and to nobody else: why was the seal broken? */
export const GiveReason = () => {
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const query = useQuery({ queryKey: [IN_USE], queryFn: () => get<BreakGlassInUseAnswer>(IN_USE) });
  const give = useMutation({
    mutationFn: () => put<BreakGlassInUseAnswer>(`${IN_USE}/reason`, { reason: reason.trim() }),
    onSuccess: () => {
      toast('Written down, and told.');
      void client.invalidateQueries({ queryKey: [IN_USE] });
      void client.invalidateQueries(meQuery);
    },
  });
  const own = query.data?.own ?? null;
  if (own === null) return null;
  if (own.reason !== null)
    return (
      <Section title="You are in as a break-glass account">
        <p>
          You said why: “{own.reason}”{' '}
          {own.isDrill
            ? 'A drill: a second person is asked for as ever.'
            : 'No second person is asked for in this session; your key always is.'}{' '}
          Sign out when it is done, and tell the others to seal the account anew.
        </p>
      </Section>
    );
  return (
    <Section title="Why did you break the seal?">
      <p>
        Everybody was told that you are in.{' '}
        {own.isDrill
          ? 'It is a drill: say so, and what it is for.'
          : 'Say why, and what waits for a second person goes on without one.'}
      </p>
      <form
        className="sp-stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!give.isPending && reason.trim().length >= 10) give.mutate();
        }}
      >
        <Textarea
          label="Reason"
          description="A sentence, and the number of the incident if there is one. It is mailed and kept."
          value={reason}
          autosize
          minRows={2}
          maxLength={2000}
          required
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {give.isError && <Failure what="It was not written down" error={give.error} wasChange />}
        <div>
          <Button type="submit" loading={give.isPending} disabled={reason.trim().length < 10}>
            Write it down
          </Button>
        </div>
      </form>
    </Section>
  );
};
