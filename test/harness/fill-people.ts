import type { Services } from '../../packages/server/src/services.ts';
import type { Row } from '../../packages/server/src/store/tables.ts';

const ROWS_PER_STATEMENT = 200;
const ROWS_PER_TRANSACTION = 10_000;
/** As in a company: many share a name, few a department. */
const NAMES = 1000;
const DEPARTMENTS = 40;

const digits = (i: number): string => String(i).padStart(17, '0');
export const filledUserId = (i: number): string => `00u${digits(i)}`;
export const filledGroupId = (i: number): string => `00g${digits(i)}`;

const userOf = (i: number, at: number): Row<'users'> => {
  const login = `person${i}@example.org`;
  return {
    id: filledUserId(i),
    status: i % 50 === 0 ? 'SUSPENDED' : 'ACTIVE',
    login,
    loginFolded: login,
    profile: JSON.stringify({
      login,
      email: login,
      firstName: `First${i % NAMES}`,
      lastName: `Last${Math.floor(i / 7) % NAMES}`,
      department: `Desk ${i % DEPARTMENTS}`,
    }),
    typeId: 'oty0000000000000defa',
    createdAt: at,
    activatedAt: at,
    statusChangedAt: at,
    lastLoginAt: null,
    lastUpdatedAt: at,
    passwordHash: null,
    passwordChangedAt: null,
    passwordFailures: 0,
    passwordLockedAt: null,
    passwordUnlocksAt: null,
    passwordState: null,
    serviceAccountAt: null,
    createdBy: 'system',
  };
};
const groupOf = (i: number, at: number): Row<'groups'> => ({
  id: filledGroupId(i),
  type: 'OKTA_GROUP',
  name: `Team ${i}`,
  nameFolded: `team ${i}`,
  profile: JSON.stringify({ name: `Team ${i}`, description: `who works on ${i}` }),
  createdAt: at,
  lastUpdatedAt: at,
  lastMembershipUpdatedAt: at,
});

const inParts = async <T>(
  s: Services,
  rows: readonly T[],
  write: (part: readonly T[], tx: Parameters<Parameters<Services['store']['transaction']>[0]>[0]) => Promise<unknown>,
): Promise<void> => {
  for (let i = 0; i < rows.length; i += ROWS_PER_TRANSACTION)
    await s.store.transaction(async (tx) => {
      const end = Math.min(i + ROWS_PER_TRANSACTION, rows.length);
      for (let j = i; j < end; j += ROWS_PER_STATEMENT)
        await write(rows.slice(j, Math.min(j + ROWS_PER_STATEMENT, end)), tx);
    });
};

/** That many people and groups; everybody is in the built-in group and two others. */
export const fillPeople = async (
  s: Services,
  size: { readonly users: number; readonly groups: number },
): Promise<void> => {
  const at = s.clock.now();
  const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i);
  await inParts(
    s,
    numbers(size.groups).map((i) => groupOf(i, at)),
    (part, tx) => tx.insertInto('groups').values(part).execute(),
  );
  await inParts(
    s,
    numbers(size.users).map((i) => userOf(i, at + i)),
    (part, tx) => tx.insertInto('users').values(part).execute(),
  );
  const everyone = await s.store.read
    .selectFrom('groups')
    .select('id')
    .where('type', '=', 'BUILT_IN')
    .executeTakeFirstOrThrow();
  await inParts(
    s,
    numbers(size.users).flatMap((i) =>
      [everyone.id, filledGroupId(i % size.groups), filledGroupId((i * 7 + 1) % size.groups)]
        .filter((groupId, at_, all) => all.indexOf(groupId) === at_)
        .map((groupId) => ({ groupId, userId: filledUserId(i), addedAt: at, addedBy: 'system' })),
    ),
    (part, tx) => tx.insertInto('groupMembers').values(part).execute(),
  );
};
