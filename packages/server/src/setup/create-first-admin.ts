import type { Principal } from '@sallyport/model/principal';
import { seedOrg } from '../org/seed-org.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { DEFAULT_TYPE_ID } from '../user-types/default-type.ts';

export interface FirstAdmin {
  readonly organisation: string;
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** Makes the org with its built-in objects and the first super admin, who has no password and, as yet, no key. */
export const createFirstAdmin = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  input: FirstAdmin,
): Promise<Row<'users'>> => {
  await seedOrg(s, tx, { name: input.organisation });
  const now = s.clock.now();
  const user: Row<'users'> = {
    id: newId(s.random, 'user'),
    status: 'ACTIVE',
    login: input.login,
    loginFolded: input.login.toLowerCase(),
    profile: JSON.stringify({
      firstName: input.firstName,
      lastName: input.lastName,
      email: input.login,
      login: input.login,
    }),
    typeId: DEFAULT_TYPE_ID,
    createdAt: now,
    activatedAt: now,
    statusChangedAt: now,
    lastLoginAt: null,
    lastUpdatedAt: now,
    passwordHash: null,
    passwordChangedAt: null,
    passwordFailures: 0,
    passwordLockedAt: null,
    passwordUnlocksAt: null,
    passwordState: null,
    serviceAccountAt: null,
    createdBy: 'setup',
  };
  await tx.insertInto('users').values(user).execute();
  const everyone = await tx.selectFrom('groups').select('id').where('type', '=', 'BUILT_IN').executeTakeFirst();
  if (everyone !== undefined)
    await tx
      .insertInto('groupMembers')
      .values({ groupId: everyone.id, userId: user.id, addedAt: now, addedBy: 'setup' })
      .execute();
  await tx
    .insertInto('roleAssignments')
    .values({
      id: newId(s.random, 'roleAssignment'),
      type: 'SUPER_ADMIN',
      principalKind: 'user',
      principalId: user.id,
      roleId: '',
      resourceSetId: '',
      scope: 'EVERYTHING',
      createdAt: now,
      lastUpdatedAt: now,
      createdBy: 'setup',
    })
    .execute();
  await recordEvent(s, tx, principal, { eventType: 'user.lifecycle.create', target: [userAsActor(user)] });
  await recordEvent(s, tx, principal, {
    eventType: 'user.account.privilege.grant',
    target: [userAsActor(user)],
    debugData: { privilegeGranted: 'Super administrator' },
  });
  return user;
};
