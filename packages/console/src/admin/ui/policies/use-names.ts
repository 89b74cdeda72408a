import type { PolicyRuleAnswer } from '@sallyport/client/answers';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get, getAll } from '../../api.ts';

interface Listed {
  readonly id: string;
  readonly name?: string;
  readonly profile?: { readonly name?: string; readonly login?: string };
}

/** Most organisations have no more groups than these; of the others those that are named are read one by one. */
const GROUPS = '/api/v1/groups?limit=200';
/** Rules that name more people, or more of the other groups, show the ids of the rest. */
const ONE_BY_ONE_MAX = 50;

const peopleIn = (rules: readonly Pick<PolicyRuleAnswer, 'conditions'>[]): string[] => [
  ...new Set(
    rules.flatMap(({ conditions }) => [
      ...(conditions?.people?.users?.include ?? []),
      ...(conditions?.people?.users?.exclude ?? []),
    ]),
  ),
];

const groupsIn = (rules: readonly Pick<PolicyRuleAnswer, 'conditions'>[]): string[] =>
  rules.flatMap(({ conditions }) => [
    ...(conditions?.people?.groups?.include ?? []),
    ...(conditions?.people?.groups?.exclude ?? []),
  ]);

const readEach = async (list: 'users' | 'groups', ids: readonly string[]): Promise<readonly Listed[]> =>
  (
    await Promise.all(
      ids.slice(0, ONE_BY_ONE_MAX).map((id) =>
        get<Listed>(`/api/v1/${list}/${encodeURIComponent(id)}`).then(
          (one) => [one],
          () => [],
        ),
      ),
    )
  ).flat();
const readGroups = async (named: readonly string[]): Promise<readonly Listed[]> => {
  const first = await get<readonly Listed[]>(GROUPS).catch(() => []);
  const known = new Set(first.map(({ id }) => id));
  const others = await readEach(
    'groups',
    named.filter((id) => !known.has(id)),
  );
  return [...first, ...others];
};
const byId = (found: readonly Listed[]): ReadonlyMap<string, string> =>
  new Map(found.map(({ id, name, profile }) => [id, name ?? profile?.login ?? profile?.name ?? id]));

/** Logins of people; whom this person may not see keeps their id. */
export const usePeopleNames = (ids: readonly string[]): ((id: string) => string) => {
  const query = useQuery({
    queryKey: ['names of people', ...ids],
    queryFn: async () => byId(await readEach('users', ids)),
    enabled: ids.length > 0,
  });
  return (id) => query.data?.get(id) ?? id;
};

/** Names of what rules speak of, and of these groups. They are a help: what this person may not read keeps its id. */
export const useNames = (
  rules: readonly Pick<PolicyRuleAnswer, 'conditions'>[],
  groupIds: readonly string[] = [],
): ((id: string) => string) => {
  const people = peopleIn(rules);
  const groups = [...new Set([...groupIds, ...groupsIn(rules)])];
  const query = useQuery({
    queryKey: ['names', ...people, ...groups],
    queryFn: async () => {
      const found = await Promise.all([
        getAll<Listed>('/api/v1/zones?limit=200').catch(() => []),
        readGroups(groups),
        readEach('users', people),
      ]);
      return byId(found.flat());
    },
    placeholderData: keepPreviousData,
  });
  return (id) => query.data?.get(id) ?? id;
};
