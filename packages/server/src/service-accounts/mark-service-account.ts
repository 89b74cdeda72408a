import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { endGrantsOf, publishGrantEnd } from '../grants/end-grant.ts';
import { keepingAWayIn } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { assertMayManageUser, refuse } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { endSessionsOfUser } from '../sessions/end-sessions.ts';
import { voidSignIns } from '../sign-in/void-sign-ins.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { presentFor } from '../users/manage-users.ts';
import { findUser } from '../users/store.ts';

export const DEACTIVATED_STAYS = 'A deactivated user cannot be changed.';

/** What a person may have begun before nobody may sign in any more: sessions, sign-ins under way, links. */
const stopPerson = async (s: Services, tx: Transaction, principal: Principal, user: Row<'users'>): Promise<void> => {
  await tx.deleteFrom('setupCodes').where('userId', '=', user.id).where('usedAt', 'is', null).execute();
  await voidSignIns(s, tx, user.id, null);
  await endSessionsOfUser(s, tx, principal, userAsActor(user), 'revoked-by-admin');
};

/**
 * `PUT /sallyport/v1/users/{id}/service-account`: says that nobody signs in as this account, or that somebody does again.
 * With the mark its sessions end, and its API tokens go on; its password and keys stay, and open nothing. Saying what is so
 * changes nothing; of a change the grants of the account end. Errors: E0000006 for a service account itself, by a token of
 * its own too, and where it would take sign-in from the last super admin (design §4.13); E0000007; E0000038 for an account
 * that was deactivated.
 */
export const markServiceAccount = async (
  s: Services,
  principal: Principal,
  idOrLogin: string,
  { isServiceAccount }: { readonly isServiceAccount: boolean },
) => {
  const { user, hasEnded, grants } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await findUser(tx, idOrLogin);
    await assertMayManageUser(tx, principal, 'okta.users.lifecycle.manage', before.id, idOrLogin);
    if ('userId' in principal && principal.userId === before.id && before.serviceAccountAt !== null)
      throw refuse(['service-account-itself']);
    if (before.status === 'DEPROVISIONED') throw new ApiError('E0000038', { causes: [DEACTIVATED_STAYS] });
    if ((before.serviceAccountAt !== null) === isServiceAccount) return { user: before, hasEnded: false, grants: [] };
    const now = s.clock.now();
    const change = { serviceAccountAt: isServiceAccount ? now : null, lastUpdatedAt: now };
    await keepingAWayIn(s, tx, async () => {
      await tx.updateTable('users').set(change).where('id', '=', before.id).execute();
    });
    await recordEvent(s, tx, principal, {
      eventType: 'user.account.update_user_type',
      target: [userAsActor(before)],
      debugData: { accountKind: isServiceAccount ? 'service account' : 'person' },
    });
    // What one was given as a person is not for a machine, and what was for a machine is not for a person.
    const gone = await endGrantsOf(s, tx, principal, { userId: before.id }, 'mark-changed');
    if (isServiceAccount) await stopPerson(s, tx, principal, before);
    return { user: { ...before, ...change }, hasEnded: isServiceAccount, grants: gone };
  });
  for (const grant of grants) publishGrantEnd(s, grant);
  if (hasEnded) s.bus.publish({ kind: 'user', id: user.id, reason: 'revoked-by-admin' });
  return presentFor(s, principal, user);
};
