import { QueryClient } from '@tanstack/react-query';
import { CallError } from '../../browser/call.ts';

/** Worth a second try: nobody answered, or the server was busy. A refusal is an answer. */
const isWorthRetrying = (error: unknown): boolean =>
  error instanceof CallError && (error.status === 0 || error.status === 429 || error.status >= 500);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && isWorthRetrying(error),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});
