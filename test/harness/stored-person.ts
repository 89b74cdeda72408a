import { newId } from '../../packages/server/src/ports/random.ts';
import type { Services } from '../../packages/server/src/services.ts';

export interface StoredPerson {
  readonly id?: string;
  readonly login?: string;
  /** Whoever made the account; somebody elsewhere unless said. */
  readonly createdBy?: string;
  readonly createdAt?: number;
  readonly profile?: Readonly<Record<string, string>>;
  readonly groupIds?: readonly string[];
  /** Who gave them the help desk's role by hand. */
  readonly roleBy?: string;
  /** Who enrolled a key for them. */
  readonly keyBy?: string;
}

/** Writes an account as it stands in the store, without an event; what else it holds is written as of now. */
export const storePerson = async (s: Services, person: StoredPerson = {}): Promise<string> => {
  const now = s.clock.now();
  const { id = newId<string>(s.random, 'user'), createdBy = 'import', createdAt = now, groupIds = [] } = person;
  const login = person.login ?? `${id.toLowerCase()}@example.org`;
  await s.store.transaction(async (tx) => {
    // The oldest that is active: of just any, some were suspended meanwhile or are no person.
    const sample = await tx
      .selectFrom('users')
      .selectAll()
      .where('status', '=', 'ACTIVE')
      .where('serviceAccountAt', 'is', null)
      .orderBy('createdAt')
      .orderBy('id')
      .limit(1)
      .executeTakeFirstOrThrow();
    const profile = JSON.stringify({ login, email: login, ...person.profile });
    await tx
      .insertInto('users')
      .values({ ...sample, id, login, loginFolded: login, profile, createdAt, createdBy })
      .execute();
    for (const groupId of groupIds)
      await tx.insertInto('groupMembers').values({ groupId, userId: id, addedAt: now, addedBy: 'import' }).execute();
    if (person.roleBy !== undefined)
      await tx
        .insertInto('roleAssignments')
        .values({
          id: newId(s.random, 'roleAssignment'),
          type: 'HELP_DESK_ADMIN',
          principalKind: 'user',
          principalId: id,
          roleId: '',
          resourceSetId: '',
          scope: 'EVERYTHING',
          createdAt,
          lastUpdatedAt: createdAt,
          createdBy: person.roleBy,
        })
        .execute();
    if (person.keyBy !== undefined) {
      const key = await tx
        .selectFrom('factors')
        .selectAll()
        .where('kind', '=', 'webauthn')
        .where('status', '=', 'ACTIVE')
        .where('isBackupEligible', '=', 0)
        .orderBy('createdAt')
        .orderBy('id')
        .limit(1)
        .executeTakeFirstOrThrow();
      const own = { id: newId<string>(s.random, 'factor'), userId: id, credentialId: id, createdBy: person.keyBy };
      await tx
        .insertInto('factors')
        .values({ ...key, ...own, createdAt: now })
        .execute();
    }
  });
  return id;
};
