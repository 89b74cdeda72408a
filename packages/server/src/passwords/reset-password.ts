import { ApiError, invalid } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { keepingAWayIn } from '../policies/ways-in.ts';
import { base62 } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { assertMayManageUser } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { endSessionsOfUser } from '../sessions/end-sessions.ts';
import { createSetupCode } from '../setup/setup-code.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { findUser } from '../users/store.ts';
import { dropPasswordRests, newPasswordColumns } from './new-password.ts';

const manage = 'okta.users.credentials.manage';
const TEMPORARY_CHARACTERS = 16;

/** An active person, no service account, with a password, whom the caller may manage. E0000038 otherwise. */
const ownerOfPassword = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  idOrLogin: string,
): Promise<Row<'users'>> => {
  await assertStillLive(s, tx, principal);
  const user = await findUser(tx, idOrLogin);
  await assertMayManageUser(tx, principal, manage, user.id, idOrLogin);
  if (user.status !== 'ACTIVE') throw new ApiError('E0000038', { causes: ['The account is not active.'] });
  if (user.serviceAccountAt !== null) throw new ApiError('E0000038', { causes: [sentenceOf('service-account')] });
  if (user.passwordHash === null && user.passwordState === null)
    throw new ApiError('E0000038', { causes: ['This person has no password: they sign in with a key.'] });
  return user;
};

/** What the old password opened, or was about to. */
const endSessions = async (s: Services, tx: Transaction, principal: Principal, user: Row<'users'>): Promise<void> => {
  await dropPasswordRests(s, tx, user.id);
  await endSessionsOfUser(s, tx, principal, userAsActor(user), 'revoked-by-admin');
};

export interface ExpirePassword {
  /** Answer with a temporary password in place of the one that is expired. */
  readonly isTemporary: boolean;
  readonly revokesSessions: boolean;
}

/**
 * `POST …/lifecycle/expire_password`: from then on the password is good for choosing a new one only. A temporary one is
 * a new password, and so ends all sessions of its owner in any case. Keys keep working.
 */
export const expirePassword = async (s: Services, principal: Principal, idOrLogin: string, input: ExpirePassword) => {
  const temporary = input.isTemporary ? base62(s.random, TEMPORARY_CHARACTERS) : null;
  const passwordHash = temporary === null ? null : await s.passwords.hash(temporary);
  const endsSessions = input.revokesSessions || temporary !== null;
  const user = await s.store.transaction(async (tx) => {
    const row = await ownerOfPassword(s, tx, principal, idOrLogin);
    if (row.passwordState === 'RECOVERY' && passwordHash === null)
      throw new ApiError('E0000038', { causes: ['The password was reset; there is none to expire.'] });
    const now = s.clock.now();
    const change = {
      ...(passwordHash === null ? {} : await newPasswordColumns(s, tx, row, passwordHash, now)),
      passwordState: 'EXPIRED',
      lastUpdatedAt: now,
    } as const;
    await keepingAWayIn(s, tx, () => tx.updateTable('users').set(change).where('id', '=', row.id).execute());
    await recordEvent(s, tx, principal, {
      eventType: 'user.account.expire_password',
      target: [userAsActor(row)],
      debugData: { temporaryPassword: String(temporary !== null) },
    });
    if (endsSessions) await endSessions(s, tx, principal, row);
    return { ...row, ...change };
  });
  if (endsSessions) s.bus.publish({ kind: 'user', id: user.id, reason: 'revoked-by-admin' });
  return { user, temporary };
};

/**
 * `POST …/lifecycle/reset_password?sendEmail=false`: the password is gone at once, and the answer has a link with which
 * its owner chooses a new one, once, within half an hour. Sessions end; keys keep working. This server sends no mail, and
 * says so (E0000001) rather than leaving somebody waiting for it.
 */
export const resetPassword = async (
  s: Services,
  principal: Principal,
  idOrLogin: string,
  input: { readonly sendsMail: boolean },
) => {
  if (input.sendsMail)
    throw invalid('sendEmail', 'this server sends no mail; ask with sendEmail=false and give the person the link');
  const { userId, code } = await s.store.transaction(async (tx) => {
    const row = await ownerOfPassword(s, tx, principal, idOrLogin);
    const now = s.clock.now();
    const change = {
      ...(await newPasswordColumns(s, tx, row, null, now)),
      passwordState: 'RECOVERY',
      lastUpdatedAt: now,
    } as const;
    await keepingAWayIn(s, tx, () => tx.updateTable('users').set(change).where('id', '=', row.id).execute());
    await recordEvent(s, tx, principal, { eventType: 'user.account.reset_password', target: [userAsActor(row)] });
    await endSessions(s, tx, principal, row);
    return { userId: row.id, code: await createSetupCode(s, tx, 'password', row.id) };
  });
  s.bus.publish({ kind: 'user', id: userId, reason: 'revoked-by-admin' });
  // Behind `#`: browsers never send it, so no log holds it.
  return { resetPasswordUrl: `${s.config.publicUrl.origin}/reset-password#code=${code}` };
};
