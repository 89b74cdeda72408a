import { isPasswordLocked } from '@sallyport/decide/authenticators/judge-password-times';
import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { findHolder } from '../authenticators/holder.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { endSessionsOfUser, publishEnded } from '../sessions/end-sessions.ts';
import { ownerOfCode, spendSetupCode } from '../setup/setup-code.ts';
import { countPasswordFailure } from '../sign-in/count-password-failure.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { presentUser } from '../users/present-user.ts';
import { assertMayChangePassword, assertOldEnough } from './assert-may-change-password.ts';
import { dropPasswordRests, hashChosenPassword, newPasswordColumns } from './new-password.ts';

const refused = (...causes: readonly string[]): ApiError => new ApiError('E0000014', { causes });

export interface ChangePassword {
  readonly oldPassword: { readonly value: string };
  readonly newPassword: { readonly value: string };
}

/**
 * `POST …/credentials/change_password`, of one's own. The old one is asked for, and counted when it is wrong: a session
 * that was left open is not enough. All other sessions end. What may be chosen, how soon and from where, their policy says.
 * Errors: E0000006 for another's, E0000014, E0000080.
 */
export const changePassword = async (s: Services, principal: Principal, idOrLogin: string, input: ChangePassword) => {
  const { user, isOwn } = await findHolder(s.store.read, principal, idOrLogin, 'okta.users.credentials.manage');
  if (!isOwn || principal.kind !== 'session')
    throw new ApiError('E0000006', {
      causes: [isOwn ? sentenceOf('session-needed') : 'A password is changed by its owner; others reset it.'],
    });
  if (user.passwordHash === null) throw refused('You have no password: you sign in with a key.');
  if (isPasswordLocked(user, s.clock.now())) throw refused(sentenceOf('password-locked'));
  await assertMayChangePassword(s, principal, user);
  if (!(await s.passwords.verify(input.oldPassword.value, user.passwordHash))) {
    await s.store.transaction(async (tx) => {
      await recordEvent(s, tx, principal, {
        eventType: 'user.account.update_password',
        target: [userAsActor(user)],
        outcome: { result: 'FAILURE', reason: 'INVALID_CREDENTIALS' },
      });
      await countPasswordFailure(s, tx, principal, user);
    });
    throw refused('The old password is wrong.');
  }
  if (input.newPassword.value === input.oldPassword.value) throw refused('The new password is the old one.');
  await assertOldEnough(s, user);
  const passwordHash = await hashChosenPassword(s, user, input.newPassword.value);
  const { changed, ended } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const now = s.clock.now();
    const change = { ...(await newPasswordColumns(s, tx, user, passwordHash, now)), lastUpdatedAt: now };
    const result = await tx
      .updateTable('users')
      .set(change)
      .where('id', '=', user.id)
      .where('passwordHash', '=', user.passwordHash)
      .executeTakeFirst();
    if (result.numUpdatedRows !== 1n) throw refused('The password was changed meanwhile.');
    await dropPasswordRests(s, tx, user.id);
    await recordEvent(s, tx, principal, { eventType: 'user.account.update_password', target: [userAsActor(user)] });
    const ids = await endSessionsOfUser(s, tx, principal, userAsActor(user), 'revoked-by-owner', principal.sessionId);
    return { changed: { ...user, ...change }, ended: ids };
  });
  publishEnded(s, ended, 'revoked-by-owner');
  return presentUser(changed, s.config.publicUrl.origin, s.clock.now()).credentials;
};

/**
 * `POST /sallyport/v1/password-resets`: spends the code of a link. Errors: E0000068 for a code that is wrong, late or used,
 * E0000080 for a password that does not do; the code is unspent then.
 */
export const choosePassword = async (
  s: Services,
  principal: Principal,
  input: { readonly code: string; readonly newPassword: string },
) => {
  const stale = new ApiError('E0000068', {
    causes: ['This link is wrong, was used before, or is older than 30 minutes. Ask an administrator for a new one.'],
  });
  const code = input.code.trim();
  const ownerId = await ownerOfCode(s.store.read, code, ['password'], s.clock.now());
  const user =
    ownerId === null
      ? undefined
      : await s.store.read.selectFrom('users').selectAll().where('id', '=', ownerId).executeTakeFirst();
  if (user === undefined) throw stale;
  // Before the transaction: hashing takes long, and one transaction at a time is written.
  const passwordHash = await hashChosenPassword(s, user, input.newPassword);
  await s.store.transaction(async (tx) => {
    const now = s.clock.now();
    if ((await spendSetupCode(tx, code, ['password'], now)) === null) throw stale;
    const changed = await tx
      .updateTable('users')
      .set({ ...(await newPasswordColumns(s, tx, user, passwordHash, now)), lastUpdatedAt: now })
      .where('id', '=', user.id)
      .where('status', '=', 'ACTIVE')
      .where('passwordState', '=', 'RECOVERY')
      .executeTakeFirst();
    // Somebody gave them another password, or stopped them, since the link was made.
    if (changed.numUpdatedRows !== 1n) throw stale;
    await recordEvent(s, tx, principal, {
      eventType: 'user.account.update_password',
      actor: userAsActor(user),
      target: [userAsActor(user)],
    });
  });
  return { login: user.login };
};
