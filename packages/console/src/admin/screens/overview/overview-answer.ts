import type { FindingAnswer, OverviewAnswer } from '@sallyport/client/answers';
import { queryOptions } from '@tanstack/react-query';
import { get } from '../../api.ts';

export type { FindingAnswer as Finding, OverviewAnswer };

const POLL_SECONDS = 30;

/** Asked again every half minute, as background: an overview on a wall keeps nobody's session alive. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: () => get<OverviewAnswer>('/sallyport/v1/overview'),
  refetchInterval: POLL_SECONDS * 1000,
});
