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

const peopleIn = (rules: readonly Pick<PolicyRuleAnswer, 'conditions'>[]): string[] => [
  ...new Set(
    rules.flatMap(({ conditions }) => [
      ...(conditions?.people?.users?.include ?? []),
      ...(conditions?.people?.users?.exclude ?? []),
    ]),
  ),
];

const readPeople = async (ids: readonly string[]): Promise<readonly Listed[]> =>
  (
    await Promise.all(
      ids.slice(0, PEOPLE_MAX).map((id) =>
        get<Listed>(`/api/v1/users/${encodeURIComponent(id)}`).then(
          (user) => [user],
          () => [],
        ),
      ),
    )
  ).flat();
const byId = (found: readonly Listed[]): ReadonlyMap<string, string> =>
  new Map(found.map(({ id, name, profile }) => [id, name ?? profile?.login ?? profile?.name ?? id]));

/** Logins of people; whom this person may not see keeps their id. */
export const usePeopleNames = (ids: readonly string[]): ((id: string) => string) => {
  const query = useQuery({
    queryKey: ['names of people', ...ids],
    queryFn: async () => byId(await readPeople(ids)),
    enabled: ids.length > 0,
  });
  return (id) => query.data?.get(id) ?? id;
};

/** Names of what rules speak of. They are a help: what this person may not read keeps its id. */
export const useNames = (rules: readonly Pick<PolicyRuleAnswer, 'conditions'>[]): ((id: string) => string) => {
  const people = peopleIn(rules);
  const query = useQuery({
    queryKey: ['names', ...people],
    queryFn: async () => {
      const found = await Promise.all([
        ...LISTS.map((path) => get<readonly Listed[]>(path).catch(() => [])),
        readPeople(people),
      ]);
      return byId(found.flat());
    },
    placeholderData: keepPreviousData,
  });
  return (id) => query.data?.get(id) ?? id;
};
