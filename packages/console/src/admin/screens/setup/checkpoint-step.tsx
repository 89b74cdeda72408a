import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { post } from '../../api.ts';
import { CopyLine } from '../../ui/copyable.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Failure } from '../../ui/states.tsx';
import { Word } from '../../ui/word.tsx';
import type { StepProps } from './setup-answer.ts';

interface Tested {
  readonly isConfigured: boolean;
  readonly hasArrived: boolean;
  readonly seq: number | null;
  readonly error: string | null;
}

/** A checkpoint that only the host holds proves nothing about the host. The test is one that must arrive. */
export const CheckpointStep = ({ setup, onChanged }: StepProps) => {
  const { file, lastOutsideAt, uncoveredEvents } = setup.checkpoint;
  const test = useMutation({
    mutationFn: () => post<Tested>('/sallyport/v1/setup/checkpoint-test'),
    onSuccess: onChanged,
  });
  if (file === null)
    return (
      <>
        <p>
          The System Log is a chain: an edit is found. But whoever takes the host could write the whole chain anew.
          Signed checkpoints that leave the host show it: to another machine’s disk, or storage that is written once.
        </p>
        <p>
          <Word tone="warn">Nothing leaves this host</Word>, so {uncoveredEvents} events are covered by nothing outside.
          Start the server with a file that is not on this host:
        </p>
        <CopyLine
          text="SALLYPORT_CHECKPOINT_FILE=/mnt/elsewhere/sallyport-checkpoints.jsonl npm start"
          label="variable"
        />
        <p className="sp-quiet">Then come back to this step and test it.</p>
      </>
    );
  return (
    <>
      <dl className="sp-facts">
        <dt>Checkpoints go to</dt>
        <dd>
          <code>{file}</code>
        </dd>
        <dt>Last one that arrived</dt>
        <dd>
          <Instant at={lastOutsideAt} />
        </dd>
        <dt>Events since then</dt>
        <dd>{uncoveredEvents}</dd>
      </dl>
      {test.isError && <Failure what="The test was not made" error={test.error} />}
      <p role="status">
        {test.data?.hasArrived === true && (
          <Word tone="good">
            It arrived{test.data.seq !== null && `, and covers everything up to event ${test.data.seq}`}.
          </Word>
        )}
        {test.data?.hasArrived === false && (
          <>
            <Word tone="bad">It did not arrive.</Word> {test.data.error} It will be tried again; mend what it says, and
            test once more.
          </>
        )}
      </p>
      <Button loading={test.isPending} onClick={() => test.mutate()}>
        Write a test checkpoint
      </Button>
    </>
  );
};
