import type { PolicyConfirmationAnswer } from '@sallyport/client/policy-draft-answers';
import { queryOptions } from '@tanstack/react-query';
import { get } from '../api.ts';

export const CONFIRMATION = '/sallyport/v1/policies/confirmation';

/** The newest change of what admits administrators, and whether it waits to be confirmed. */
export const confirmationQuery = queryOptions({
  queryKey: ['policy confirmation'],
  queryFn: () => get<PolicyConfirmationAnswer>(CONFIRMATION),
  staleTime: 5_000,
  refetchInterval: 15_000,
});
