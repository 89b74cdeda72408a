import { askedOfSetPassword, judgePassword } from '@sallyport/decide/authenticators/judge-password';
import { ApiError } from '@sallyport/model/errors';
import type { PasswordComplexity, PasswordSettings } from '@sallyport/model/password-policy';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { voidSignIns } from '../sign-in/void-sign-ins.ts';
import type { Row } from '../store/tables.ts';
import { assertNotUsedBefore, rememberPassword } from './password-history.ts';
import { settingsOfPerson } from './settings-of-person.ts';

interface Owner {
  readonly login: string;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/** E0000080 with what is wrong with a password. */
const assertDoes = (password: string, owner: Owner, asked: PasswordComplexity): void => {
  const { login, firstName, lastName } = owner;
  const verdict = judgePassword(password, { login, firstName: firstName ?? '', lastName: lastName ?? '' }, asked);
  if (verdict.kind === 'deny') throw new ApiError('E0000080', { causes: verdict.causes });
};

/** The hash of a password that its owner chose. Errors: E0000080, and E0000014 for one that they had before. */
export const hashChosenPassword = async (s: Services, user: Row<'users'>, password: string): Promise<string> => {
  const { complexity, age } = await settingsOfPerson(s, s.store.read, user.id);
  const profile = JSON.parse(user.profile) as Omit<Owner, 'login'>;
  assertDoes(password, { ...profile, login: user.login }, complexity);
  await assertNotUsedBefore(s, user, password, age.historyCount);
  return s.passwords.hash(password);
};

/**
 * The hash of a password that not its owner set. Whether they had it before is not asked: the answer would tell others what
 * their passwords were. E0000080.
 */
export const hashSetPassword = (
  s: Services,
  password: string,
  owner: Owner,
  settings: PasswordSettings,
): Promise<string> => {
  assertDoes(password, owner, askedOfSetPassword(settings));
  return s.passwords.hash(password);
};

/**
 * What a user's row holds of a password that is set now, in place of the one that it has, which is remembered: failures,
 * locks and expiry were the old one's. Null takes the password.
 */
export const newPasswordColumns = async (
  s: Services,
  tx: Transaction,
  before: Pick<Row<'users'>, 'id' | 'passwordHash'>,
  passwordHash: string | null,
  now: number,
) => {
  await rememberPassword(s, tx, before, now);
  return {
    passwordHash,
    passwordChangedAt: now,
    passwordFailures: 0,
    passwordLockedAt: null,
    passwordUnlocksAt: null,
    passwordState: null,
  };
};

/** What an old password, or a link to a new one, has begun ends with it: links, and sign-ins that are no session yet. */
export const dropPasswordRests = async (s: Services, tx: Transaction, userId: string): Promise<void> => {
  await tx
    .deleteFrom('setupCodes')
    .where('userId', '=', userId)
    .where('purpose', '=', 'password')
    .where('usedAt', 'is', null)
    .execute();
  await voidSignIns(s, tx, userId, 'password');
};
