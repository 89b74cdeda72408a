import type { PolicyProofAnswer } from '@sallyport/client/answers';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { QueryView } from '../query-view.tsx';
import { Failure } from '../states.tsx';
import { ProofView } from './proof-view.tsx';

/**
 * What is true of the policy with a change that is not saved, or why the change would be refused: asked of the server by a
 * dry run of the very change.
 */
export const ChangeProof = ({
  change,
  dryRun,
}: {
  /** What is asked about: a new value asks again. */
  readonly change: unknown;
  readonly dryRun: () => Promise<PolicyProofAnswer>;
}) => {
  const proof = useQuery({
    queryKey: ['proof of a change', change],
    queryFn: dryRun,
    gcTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  });
  if (proof.isError) return <Failure what="It would be refused" error={proof.error} />;
  return (
    <QueryView query={proof} what="what it leads to" rows={1}>
      {(found) => <ProofView proof={found} isShort />}
    </QueryView>
  );
};
