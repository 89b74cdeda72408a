import { openGrants } from '../grants/active-grants.ts';
import type { Transaction } from '../ports/store.ts';
import { isEligible } from '../requests/is-eligible.ts';
import { isHeldBy } from './standing-rights.ts';

/** Of these people, those who were given an admin role for a while: by a bundle, or by a group that holds one. */
export const grantedRoles = (db: Transaction, userIds: readonly string[]) =>
  openGrants(db)
    .innerJoin('roleAssignments', (join) =>
      join
        .onRef('roleAssignments.principalId', '=', 'grants.entitlementId')
        .onRef('roleAssignments.principalKind', '=', 'grants.kind'),
    )
    .select('grants.userId')
    .distinct()
    .where('grants.userId', 'in', [...userIds, '']);

/**
 * Is this person an administrator to whatever protects administrators: sign-in asks for a key, sessions obey the strictest
 * binding, and only a super admin manages the account (design §5.1)? Whoever holds an admin role, was given one for a
 * while (also from a later time on: they are no stranger until then), or may ask for one. It says nothing of what they may do.
 */
export const isAdmin = async (db: Transaction, userId: string): Promise<boolean> => {
  const held = await db.selectFrom('roleAssignments').select('id').where(isHeldBy(userId)).executeTakeFirst();
  if (held !== undefined) return true;
  if ((await grantedRoles(db, [userId]).executeTakeFirst()) !== undefined) return true;
  return isEligible(db, userId);
};
