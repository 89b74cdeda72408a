import type { PolicyRuleAnswer } from '@sallyport/client/answers';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from '../../api.ts';

interface Listed {
  readonly id: string;
  readonly name?: string;
  readonly profile?: { readonly name?: string; readonly login?: string };
}

const LISTS = ['/api/v1/zones?limit=200', '/api/v1/groups?limit=200'];
/** A rule that names more people shows the ids of the others. */
const PEOPLE_MAX = 50;

const peopleIn = (rules: readonly Pick<PolicyRuleAnswer, 'conditions'>[]): string[] =>
  [
    ...new Set(
      rules.flatMap(({ conditions }) => [
        ...(conditions?.people?.users?.include ?? []),
        ...(conditions?.people?.users?.exclude ?? []),
      ]),
    ),
  ].slice(0, PEOPLE_MAX);

/** Names of what rules speak of. They are a help: what this person may not read keeps its id. */
export const useNames = (rules: readonly Pick<PolicyRuleAnswer, 'conditions'>[]): ((id: string) => string) => {
  const people = peopleIn(rules);
  const query = useQuery({
    queryKey: ['names', ...people],
    queryFn: async () => {
      const found = await Promise.all([
        ...LISTS.map((path) => get<readonly Listed[]>(path).catch(() => [])),
        ...people.map((id) =>
          get<Listed>(`/api/v1/users/${encodeURIComponent(id)}`).then(
            (user) => [user],
            () => [],
          ),
        ),
      ]);
      return new Map(found.flat().map(({ id, name, profile }) => [id, name ?? profile?.login ?? profile?.name ?? id]));
    },
    placeholderData: keepPreviousData,
  });
  return (id) => query.data?.get(id) ?? id;
};
