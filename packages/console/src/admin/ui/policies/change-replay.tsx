import type { PolicyReplayAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { post } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { QueryView } from '../query-view.tsx';
import { ReplayView } from './replay-view.tsx';
import type { DraftRule } from './rule-draft.ts';

/** What rules that are not saved would have decided on the sign-ins of the last days, for whoever may read of those. */
export const ChangeReplay = ({
  policyId,
  rules,
}: {
  readonly policyId: string;
  readonly rules: readonly DraftRule[];
}) => {
  const path = `/sallyport/v1/policies/${encodeURIComponent(policyId)}/replay`;
  const mayReplay = [useMay('okta.logs.read'), useMay('okta.users.read')].every(Boolean);
  const replay = useQuery({
    queryKey: [path, rules],
    queryFn: () => post<PolicyReplayAnswer>(path, { rules }),
    enabled: mayReplay,
    gcTime: 0,
  });
  return (
    mayReplay && (
      <QueryView query={replay} what="what it would have decided" rows={1}>
        {(found) => <ReplayView replay={found} />}
      </QueryView>
    )
  );
};
