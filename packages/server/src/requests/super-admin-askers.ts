import type { Transaction } from '../ports/store.ts';
import {
  type DurationSettings,
  durationOf,
  entitlementsOf,
  type RequesterSettings,
  type ScopeSettings,
} from './read-conditions.ts';

/** The active conditions that give super admin, what each of them gives that holds it, and for how long at most. */
export const conditionsOfAllPower = async (db: Transaction) => {
  const conditions = await db
    .selectFrom('requestConditions')
    .select(['resourceId', 'scope', 'requesters', 'duration'])
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
    .map(({ resourceId, scope, requesters, duration }) => ({
      longestSeconds: durationOf(duration === null ? null : (JSON.parse(duration) as DurationSettings)).seconds,
      groups: (JSON.parse(requesters) as RequesterSettings).groups ?? [],
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
  new Set((await conditionsOfAllPower(db)).flatMap(({ groups }) => groups.map(({ id }) => id)));

/** Whoever is in one of them for good: power for a while, and a membership for a while, is no voice. */
export const superAdminAskers = async (db: Transaction) =>
  db
    .selectFrom('groupMembers')
    .select('groupMembers.userId')
    .where('groupMembers.groupId', 'in', ['', ...(await superAdminAskerGroups(db))]);
