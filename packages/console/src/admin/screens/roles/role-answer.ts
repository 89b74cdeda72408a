import type { PermissionWordsAnswer } from '@sallyport/client/answers';
import { queryOptions } from '@tanstack/react-query';
import { get } from '../../api.ts';

export const ROLES = '/sallyport/v1/roles';

/** Every permission in words. It changes with the version of the server only. */
export const permissionsQuery = queryOptions({
  queryKey: ['permissions'],
  queryFn: () => get<readonly PermissionWordsAnswer[]>('/sallyport/v1/permissions'),
  staleTime: Number.POSITIVE_INFINITY,
});

export const kindWords = (kind: 'standard' | 'custom'): string =>
  kind === 'standard' ? 'comes with Sallyport' : 'custom';
