import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { post } from '../../api.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Findings } from '../overview/findings.tsx';
import { overviewQuery } from '../overview/overview-answer.ts';
import { SETUP_PATH, type SetupAnswer, type StepProps, setupQuery } from './setup-answer.ts';

/** What is wrong right now, and the end: not for somebody who could not come back. */
export const FinishStep = ({ setup }: StepProps) => {
  const query = useQuery(overviewQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const finish = useMutation({
    mutationFn: () => post<SetupAnswer>(`${SETUP_PATH}/finish`),
    onSuccess: async (next) => {
      client.setQueryData(setupQuery.queryKey, next);
      // The overview opens with what is so, not with what was open before.
      await client.invalidateQueries({ queryKey: overviewQuery.queryKey });
      toast('Set-up is finished.');
      void navigate({ to: '/' });
    },
  });
  return (
    <>
      <QueryView query={query} what="what is left">
        {({ findings, at }) => <Findings findings={findings.filter(({ kind }) => kind !== 'setup-open')} at={at} />}
      </QueryView>
      {finish.isError && <Failure what="Set-up is not finished" error={finish.error} wasChange />}
      <p className="sp-actions">
        <Button disabled={!setup.mayFinish} loading={finish.isPending} onClick={() => finish.mutate()}>
          {setup.finishedAt === null ? 'Finish' : 'Finish again'}
        </Button>
        {setup.mayFinish ? (
          <span className="sp-quiet">The overview keeps showing what is left.</span>
        ) : (
          <span>You hold no key that stays on its device: you could not sign in again. Register one first.</span>
        )}
      </p>
    </>
  );
};
