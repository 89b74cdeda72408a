import { isPasswordLocked } from '@sallyport/decide/authenticators/judge-password-times';
import { ApiError } from '@sallyport/model/errors';
import type { FactorProof } from '@sallyport/model/facts';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Baseline } from '@sallyport/model/session';
import { assertMayChangePassword } from '../passwords/assert-may-change-password.ts';
import { dropPasswordRests, hashChosenPassword, newPasswordColumns } from '../passwords/new-password.ts';
import { newSecret } from '../ports/random.ts';
import type { Services } from '../services.ts';
import { endSessionsOfUser } from '../sessions/end-sessions.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { countPasswordFailure } from './count-password-failure.ts';
import { mfaRequired, signInSuccess } from './present-sign-in.ts';
import { remainingFactors } from './remaining-factors.ts';
import { continueBaseline } from './sign-in-baseline.ts';
import { factorView, SESSION_TOKEN_SECONDS } from './start-sign-in.ts';
import { signInByStateToken, updateSignIn } from './store.ts';
import { tokenDigest } from './token-digest.ts';

export interface ChangeExpiredPassword {
  readonly stateToken: string;
  readonly oldPassword: string;
  readonly newPassword: string;
}

/**
 * `POST /api/v1/authn/credentials/change_password`: the step of a sign-in whose password is expired. With a new one it
 * goes on as it would have. Errors: E0000011 for a bad state token, E0000014, E0000080, E0000085 when the network changed, or as
 * `remainingFactors` says: then the password stays as it is.
 */
export const changeExpiredPassword = async (s: Services, principal: Principal, input: ChangeExpiredPassword) => {
  const now = s.clock.now();
  const signIn = await signInByStateToken(s.store.read, tokenDigest(input.stateToken));
  const bad = new ApiError('E0000011', { detail: 'state token' });
  if (signIn === undefined || signIn.status !== 'PASSWORD_EXPIRED' || now >= signIn.expiresAt) throw bad;
  const baseline = continueBaseline(s, JSON.parse(signIn.baseline) as Baseline, principal.request);
  if (baseline === null)
    throw new ApiError('E0000085', {
      causes: [sentenceOf('network-changed-during-sign-in')],
      detail: 'network-changed-during-sign-in',
    });
  const user = await s.store.read
    .selectFrom('users')
    .selectAll()
    .where('id', '=', signIn.userId ?? '')
    .executeTakeFirst();
  // That it is expired was judged when the sign-in began; since then somebody may have stopped it or taken the password.
  if (user?.status !== 'ACTIVE' || user.passwordHash === null || isPasswordLocked(user, now)) throw bad;
  await assertMayChangePassword(s, principal, user);
  if (!(await s.passwords.verify(input.oldPassword, user.passwordHash))) {
    await s.store.transaction((tx) => countPasswordFailure(s, tx, principal, user));
    throw new ApiError('E0000014', { causes: ['The old password is wrong.'] });
  }
  if (input.newPassword === input.oldPassword)
    throw new ApiError('E0000014', { causes: ['The new password is the old one.'] });
  const passwordHash = await hashChosenPassword(s, user, input.newPassword);

  const proofs = JSON.parse(signIn.proofs) as FactorProof[];
  const { usable, isComplete } = await remainingFactors(s, principal, user, proofs);
  const sessionToken = newSecret(s.random);
  await s.store.transaction(async (tx) => {
    const changed = await tx
      .updateTable('users')
      .set({ ...(await newPasswordColumns(s, tx, user, passwordHash, now)), lastUpdatedAt: now })
      .where('id', '=', user.id)
      .where('status', '=', 'ACTIVE')
      .where('passwordHash', '=', user.passwordHash)
      .executeTakeFirst();
    const fresh = await tx.selectFrom('signIns').select('status').where('id', '=', signIn.id).executeTakeFirst();
    if (changed.numUpdatedRows !== 1n || fresh?.status !== 'PASSWORD_EXPIRED') throw bad;
    await dropPasswordRests(s, tx, user.id);
    const actor = userAsActor(user);
    await recordEvent(s, tx, principal, { eventType: 'user.account.update_password', actor, target: [actor] });
    await endSessionsOfUser(s, tx, principal, actor, 'revoked-by-owner');
    await updateSignIn(tx, signIn.id, {
      status: isComplete ? 'SUCCESS' : 'MFA_REQUIRED',
      baseline: JSON.stringify(baseline),
      // It was begun with the old password, as were those that stop.
      usedAt: null,
      sessionTokenHash: isComplete ? tokenDigest(sessionToken) : null,
      sessionTokenExpiresAt: isComplete ? now + SESSION_TOKEN_SECONDS * 1000 : null,
    });
  });
  s.bus.publish({ kind: 'user', id: user.id, reason: 'revoked-by-owner' });
  const profile = JSON.parse(user.profile) as { firstName?: string; lastName?: string };
  const person = { id: user.id, login: user.login, profile };
  return isComplete
    ? signInSuccess(sessionToken, now + SESSION_TOKEN_SECONDS * 1000, person)
    : mfaRequired(s.config.publicUrl.origin, input.stateToken, signIn.expiresAt, person, usable.map(factorView));
};
