import { useQueryClient } from '@tanstack/react-query';
import { confirmationQuery } from '../../frame/confirmation.ts';
import { POLICIES } from './policy-words.ts';

/** Reads again whatever a change of a policy may have changed, the change that waits to be confirmed too. */
export const usePolicyRefresh = (policyId: string): (() => void) => {
  const client = useQueryClient();
  return () => {
    for (const queryKey of [
      ['policy', policyId],
      [POLICIES],
      ['apps by policy'],
      ['names'],
      confirmationQuery.queryKey,
    ])
      void client.invalidateQueries({ queryKey });
  };
};
