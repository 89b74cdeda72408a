import type { PolicyMatchesAnswer } from '@sallyport/client/answers';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { get } from '../../api.ts';
import { Instant } from '../instant.tsx';

type Rules = PolicyMatchesAnswer['rules'];

const matchesQuery = queryOptions({
  queryKey: ['policy-matches'],
  queryFn: () => get<PolicyMatchesAnswer>('/sallyport/v1/policies/matches'),
});

/** How often rules decided, and when last: of those that are picked, together. */
export const Matches = ({ of }: { readonly of: (rule: Rules[number]) => boolean }) => {
  const { data, isError } = useQuery(matchesQuery);
  if (isError) return <span className="sp-quiet">could not be counted</span>;
  if (data === undefined) return <span className="sp-quiet">…</span>;
  const rules = data.rules.filter(of);
  const count = rules.reduce((sum, { matches }) => sum + matches, 0);
  const lastAt = rules
    .flatMap(({ lastMatchedAt }) => (lastMatchedAt === null ? [] : [lastMatchedAt]))
    .toSorted()
    .at(-1);
  const what = rules.some(({ counted }) => counted === 'refusals') ? 'refusal' : 'match';
  const words = `${count} ${count === 1 ? what : what === 'match' ? 'matches' : 'refusals'}`;
  return (
    <span>
      {lastAt === undefined ? `no ${what}` : `${data.isComplete ? '' : 'at least '}${words}`} in {data.days} days
      {lastAt !== undefined && (
        <>
          , last <Instant at={lastAt} as="relative" />
        </>
      )}
    </span>
  );
};
