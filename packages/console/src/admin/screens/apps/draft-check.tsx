import type { PolicyProofAnswer, PolicyReplayAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { post } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ProofView } from '../../ui/policies/proof-view.tsx';
import { ReplayView } from '../../ui/policies/replay-view.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import type { DraftRule } from './rule-draft.ts';

/** Before a rule is saved: what is true of the policy with it, and what it would have decided in the last days. */
export const DraftCheck = ({
  policyId,
  rules,
}: {
  readonly policyId: string;
  readonly rules: readonly DraftRule[];
}) => {
  const path = `/sallyport/v1/policies/${encodeURIComponent(policyId)}`;
  const mayReplay = [useMay('okta.logs.read'), useMay('okta.users.read')].every(Boolean);
  const proof = useQuery({
    queryKey: [path, 'proof', rules],
    queryFn: () => post<PolicyProofAnswer>(`${path}/proof`, { rules }),
    gcTime: 0,
  });
  const replay = useQuery({
    queryKey: [path, 'replay', rules],
    queryFn: () => post<PolicyReplayAnswer>(`${path}/replay`, { rules }),
    enabled: mayReplay,
    gcTime: 0,
  });
  return (
    <section aria-label="What it leads to">
      <h3>What it leads to</h3>
      <QueryView query={proof} what="what it leads to" rows={1}>
        {(found) => <ProofView proof={found} isShort />}
      </QueryView>
      {mayReplay && (
        <QueryView query={replay} what="what it would have decided" rows={1}>
          {(found) => <ReplayView replay={found} />}
        </QueryView>
      )}
    </section>
  );
};
