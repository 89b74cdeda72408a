import { judgePassword } from '@sallyport/decide/authenticators/judge-password';
import { ApiError } from '@sallyport/model/errors';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { voidSignIns } from '../sign-in/void-sign-ins.ts';

interface Owner {
  readonly login: string;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/** The hash of a password that somebody chose; `lengthMin` where not its owner did. E0000080 with what is wrong with it. */
export const hashNewPassword = (s: Services, password: string, owner: Owner, lengthMin?: number): Promise<string> => {
  const { login, firstName, lastName } = owner;
  const verdict = judgePassword(password, { login, firstName: firstName ?? '', lastName: lastName ?? '' }, lengthMin);
  if (verdict.kind === 'deny') throw new ApiError('E0000080', { causes: verdict.causes });
  return s.passwords.hash(password);
};

/** What a user's row holds of a password that has just been set: failures, locks and expiry were the old one's. */
export const newPasswordColumns = (passwordHash: string | null, now: number) => ({
  passwordHash,
  passwordChangedAt: now,
  passwordFailures: 0,
  passwordLockedAt: null,
  passwordState: null,
});

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
