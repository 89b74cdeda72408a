import { askedOfPeople } from '@sallyport/decide/policies/judge-expression';
import type { Fact, Facts } from '@sallyport/model/facts';
import type { Policy } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';

/** Groups that the policies ask for: whom they are for, whom rules include or exclude, and in expressions by id or name. */
const groupsAskedFor = (policies: readonly Policy[]): { readonly ids: string[]; readonly names: readonly string[] } => {
  const conditions = policies.flatMap((policy) => [
    ...(policy.conditions === undefined ? [] : [policy.conditions]),
    ...policy.rules.map((rule) => rule.conditions),
  ]);
  const asked = askedOfPeople(
    policies.flatMap(({ rules }) => rules.flatMap((rule) => rule.conditions.expression ?? [])),
  );
  const listed = conditions.flatMap(({ groups }) => [...(groups?.include ?? []), ...(groups?.exclude ?? [])]);
  return { ids: [...listed, ...asked.groupIds], names: asked.groupNames };
};

/** Do the policies ask for a group that the principal may not see? */
export const doAskForHiddenGroup = async (
  s: Services,
  principal: Principal,
  policies: readonly Policy[],
): Promise<boolean> => {
  const { ids, names } = groupsAskedFor(policies);
  const hidden = await s.store.read
    .selectFrom('groups')
    .select('id')
    .where((e) => e.or([e('id', 'in', ['', ...ids]), e('name', 'in', ['', ...names])]))
    .where((e) => e.not(whereAllowed(principal, 'okta.groups.read', 'group')))
    .limit(1)
    .executeTakeFirst();
  return hidden !== undefined;
};

/**
 * Facts as the principal may know them: of somebody's groups those that they may see. Where the policies ask for another one
 * all stay unknown: what is decided would tell who is in it, one guess after the other.
 */
export const hideGroups = async (
  s: Services,
  principal: Principal,
  facts: Facts,
  policies: readonly Policy[],
): Promise<Facts> => {
  const { groupIds, groupNames, ...rest } = facts;
  if (groupIds === undefined && groupNames === undefined) return facts;
  if (await doAskForHiddenGroup(s, principal, policies)) return rest;
  const seen = await s.store.read
    .selectFrom('groups')
    .select(['id', 'name'])
    .where('id', 'in', ['', ...(groupIds?.value ?? [])])
    .where(whereAllowed(principal, 'okta.groups.read', 'group'))
    .execute();
  const only = (fact: Fact<readonly string[]>, key: 'id' | 'name'): Fact<readonly string[]> => {
    const known = new Set(seen.map((group) => group[key]));
    return { ...fact, value: fact.value.filter((value) => known.has(value)) };
  };
  return {
    ...rest,
    ...(groupIds === undefined ? {} : { groupIds: only(groupIds, 'id') }),
    ...(groupNames === undefined ? {} : { groupNames: only(groupNames, 'name') }),
  };
};
