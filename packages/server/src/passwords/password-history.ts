import { ApiError } from '@sallyport/model/errors';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { settingsOfPerson } from './settings-of-person.ts';

type Owner = Pick<Row<'users'>, 'id' | 'passwordHash'>;

/**
 * E0000014 where a password is one of the last `count` of its owner, the present one among them. Each that is looked at
 * costs as much as a sign-in; of one that was used the answer comes sooner, which its owner may know.
 */
export const assertNotUsedBefore = async (
  s: Services,
  { id, passwordHash }: Owner,
  password: string,
  count: number,
): Promise<void> => {
  if (count === 0) return;
  const rows = await s.store.read
    .selectFrom('passwordHistory')
    .select('passwordHash')
    .where('userId', '=', id)
    .orderBy('ordinal', 'desc')
    .limit(count)
    .execute();
  const hashes = [...(passwordHash === null ? [] : [passwordHash]), ...rows.map((row) => row.passwordHash)];
  for (const hash of hashes.slice(0, count))
    if (await s.passwords.verify(password, hash))
      throw new ApiError('E0000014', {
        causes: [
          count === 1
            ? 'The new password is the old one.'
            : `It is one of your last ${count} passwords. Choose another.`,
        ],
      });
};

/** Keeps the password that is replaced, and no more of them than the policy of its owner looks back on today. */
export const rememberPassword = async (s: Services, tx: Transaction, owner: Owner, now: number): Promise<void> => {
  const { id: userId, passwordHash } = owner;
  const { historyCount } = (await settingsOfPerson(s, tx, userId)).age;
  const newest = await tx
    .selectFrom('passwordHistory')
    .select('ordinal')
    .where('userId', '=', userId)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst();
  const ordinal = (newest?.ordinal ?? 0) + (passwordHash === null ? 0 : 1);
  if (passwordHash !== null && historyCount > 0)
    await tx.insertInto('passwordHistory').values({ userId, ordinal, passwordHash, replacedAt: now }).execute();
  await tx
    .deleteFrom('passwordHistory')
    .where('userId', '=', userId)
    .where('ordinal', '<=', ordinal - historyCount)
    .execute();
};
