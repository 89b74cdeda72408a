import type { Principal } from '@sallyport/model/principal';
import type { PolicyRows } from '../policies/policy-rows.ts';
import { conditionsOf, type StoredConditions } from '../policies/rule-documents.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import { audienceOf, type Names } from './policy-change.ts';

const NAMED_MAX = 2000;

/** The names of people, groups and zones that policies name by id: of those that the principal may see. */
export const namesIn = async (s: Services, principal: Principal, policies: readonly PolicyRows[]): Promise<Names> => {
  const selections = policies.flatMap(({ rules }) =>
    rules.flatMap((rule) => {
      const { users, groups, zones } = conditionsOf(JSON.parse(rule.conditions) as StoredConditions);
      return [users, groups, zones];
    }),
  );
  const audiences = policies.flatMap(({ policy }) => audienceOf(policy));
  const named = selections.flatMap((one) => [...(one?.include ?? []), ...(one?.exclude ?? [])]);
  const ids = [...new Set([...audiences, ...named])].slice(0, NAMED_MAX);
  if (ids.length === 0) return new Map();
  const db = s.store.read;
  const [users, groups, zones] = await Promise.all([
    db
      .selectFrom('users')
      .select(['id', 'login as name'])
      .where('id', 'in', ids)
      .where(whereAllowed(principal, 'okta.users.read', 'user'))
      .execute(),
    db
      .selectFrom('groups')
      .select(['id', 'name'])
      .where('id', 'in', ids)
      .where(whereAllowed(principal, 'okta.groups.read', 'group'))
      .execute(),
    db
      .selectFrom('zones')
      .select(['id', 'name'])
      .where('id', 'in', ids)
      .where(whereAllowed(principal, 'okta.networkZones.read', 'zone'))
      .execute(),
  ]);
  return new Map([...users, ...groups, ...zones].map(({ id, name }) => [id, name]));
};
