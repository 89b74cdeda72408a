import { useQueryClient } from '@tanstack/react-query';
import { POLICIES } from './policy-words.ts';

/** Reads again whatever a change of a policy may have changed. */
export const usePolicyRefresh = (policyId: string): (() => void) => {
  const client = useQueryClient();
  return () => {
    for (const queryKey of [['policy', policyId], [POLICIES], ['apps by policy'], ['names']])
      void client.invalidateQueries({ queryKey });
  };
};
