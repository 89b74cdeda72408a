import type { Transaction } from '../ports/store.ts';
import { rolesOfUsers } from '../roles/standing-rights.ts';
import { entitlementsOf, type RequesterSettings, type ScopeSettings } from './read-conditions.ts';

const groupsOf = ({ requesters }: { readonly requesters: string }): readonly string[] =>
  ((JSON.parse(requesters) as RequesterSettings).groups ?? []).map(({ id }) => id);

/** The active conditions that give super admin, and what each of them gives that holds it. */
export const conditionsOfAllPower = async (db: Transaction) => {
  const conditions = await db
    .selectFrom('requestConditions')
    .select(['resourceId', 'scope', 'requesters'])
    .where('status', '=', 'ACTIVE')
    .execute();
  if (conditions.length === 0) return [];
  const holders = await db
    .selectFrom('roleAssignments')
    .select('principalId')
    .where('principalKind', 'in', ['bundle', 'group'])
    .where('type', '=', 'SUPER_ADMIN')
    .execute();
  const ofAllPower = new Set(holders.map(({ principalId }) => principalId));
  return conditions
    .map(({ resourceId, scope, requesters }) => ({
      groups: groupsOf({ requesters }),
      entitlements: entitlementsOf(resourceId, JSON.parse(scope) as ScopeSettings).filter(({ id }) =>
        ofAllPower.has(id),
      ),
    }))
    .filter(({ entitlements }) => entitlements.length > 0);
};

/**
 * The groups whose members may ask for super admin: an active condition names them, and what it gives holds that role. In an
 * org where nobody stands with it these people are who is left of its super admins: alarms go to them, and they say yes to
 * what gives power. So whoever changes such a group is a super admin. Groups that may ask for less are groups like others:
 * being in one is no voice. A condition for everybody chose nobody, and names no group.
 */
export const superAdminAskerGroups = async (db: Transaction): Promise<ReadonlySet<string>> =>
  new Set((await conditionsOfAllPower(db)).flatMap(({ groups }) => groups));

/**
 * The same, and the groups whose members may ask to sign in as a service account that holds super admin. They are no voices,
 * for what they may come to is an account's; whoever changes such a group is a super admin all the same.
 */
export const groupsOfAllPower = async (db: Transaction): Promise<ReadonlySet<string>> => {
  const conditions = await db
    .selectFrom('requestConditions')
    .innerJoin('users', 'users.id', 'requestConditions.resourceId')
    .select(['resourceId', 'requesters'])
    .where('requestConditions.status', '=', 'ACTIVE')
    .execute();
  const roles = await rolesOfUsers(
    db,
    conditions.map(({ resourceId }) => resourceId),
  );
  const ofAllPower = conditions.filter(({ resourceId }) => roles.get(resourceId)?.includes('SUPER_ADMIN'));
  return new Set([...(await superAdminAskerGroups(db)), ...ofAllPower.flatMap(groupsOf)]);
};

/** Whoever is in one of them for good: power for a while, and a membership for a while, is no voice. */
export const superAdminAskers = async (db: Transaction) =>
  db
    .selectFrom('groupMembers')
    .select('groupMembers.userId')
    .where('groupMembers.groupId', 'in', ['', ...(await superAdminAskerGroups(db))]);
