import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api.ts';
import { CliFor, CopyLine } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Failure } from '../../ui/states.tsx';
import { localWords } from '../../ui/time-words.ts';
import { Word } from '../../ui/word.tsx';
import type { Seal } from './log-api.ts';

interface Report {
  readonly ok: boolean;
  readonly nodes: readonly {
    readonly node: string;
    readonly events: number;
    readonly firstBad: { readonly seq: number; readonly what: string } | null;
  }[];
}

const Whole = () => {
  const walk = useQuery({
    queryKey: ['log', 'verify'],
    queryFn: () => get<Report>('/sallyport/v1/logs/verify'),
    enabled: false,
    retry: false,
  });
  return (
    <>
      <Button variant="default" loading={walk.isFetching} onClick={() => void walk.refetch()}>
        Verify the whole log now
      </Button>
      <div role="status">
        {walk.isFetching && 'Every event is read and its hash computed again; a large log takes minutes.'}
        {walk.data?.nodes.map(({ node, events, firstBad }) => (
          <p key={node}>
            <Word tone={firstBad === null ? 'good' : 'bad'}>{firstBad === null ? 'Holds' : 'Broken'}</Word> Node {node}:{' '}
            {firstBad === null
              ? `all ${events.toLocaleString()} events.`
              : `at event ${firstBad.seq}: ${firstBad.what}.`}
          </p>
        ))}
      </div>
      {walk.isError && <Failure what="Couldn’t verify the log" error={walk.error} />}
    </>
  );
};

/** How far the log is sealed, and the proof of it behind. */
export const SealBadge = () => {
  const [isOpen, setIsOpen] = useState(false);
  const { data: seal } = useQuery({
    queryKey: ['log', 'seal'],
    queryFn: () => get<Seal>('/sallyport/v1/logs/seal'),
    refetchInterval: 60_000,
  });
  if (seal === undefined) return null;
  const words = !seal.ok
    ? 'Chain broken'
    : seal.sealedTo === null
      ? 'Not sealed yet'
      : `Chain verified to ${localWords(Date.parse(seal.sealedTo), Date.now())}`;
  return (
    <>
      <Button variant="subtle" size="sm" onClick={() => setIsOpen(true)}>
        <Word tone={!seal.ok ? 'bad' : seal.sealedTo === null ? 'quiet' : 'good'}>{words}</Word>
      </Button>
      {isOpen && (
        <Dialog title="What shows that nobody edited the log" size="lg" onClose={() => setIsOpen(false)}>
          <div className="sp-dialog-text">
            <p>
              Each event carries the hash of the one before. Every minute the newest hash is signed; the last signature
              was checked just now, and the chain has there what it says.
            </p>
            {seal.nodes.map(({ node, events, isGood, hasLeftHost, checkpoint }) => (
              <dl key={node} className="sp-facts">
                <dt>Node</dt>
                <dd>
                  {node}, {events.toLocaleString()} events{' '}
                  <Word tone={isGood ? 'good' : 'bad'}>{isGood ? 'Good' : 'Broken'}</Word>
                </dd>
                {checkpoint !== null && (
                  <>
                    <dt>Signed</dt>
                    <dd>
                      <Instant at={checkpoint.createdAt} />, event {checkpoint.seq}
                    </dd>
                    <dt>Kept outside</dt>
                    <dd>
                      {hasLeftHost
                        ? 'yes: also whoever owns this host cannot rewrite it unseen'
                        : 'no: whoever owns this host could rewrite it whole'}
                    </dd>
                    <dt>Hash</dt>
                    <dd>
                      <CopyLine text={checkpoint.hash} label="hash" />
                    </dd>
                    <dt>Signature</dt>
                    <dd>
                      <CopyLine text={checkpoint.signature} label="signature" />
                    </dd>
                  </>
                )}
              </dl>
            ))}
            <Whole />
            <CliFor command="sallyport log verify" />
          </div>
        </Dialog>
      )}
    </>
  );
};
