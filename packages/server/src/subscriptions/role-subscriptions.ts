import { roleSubscription } from '@sallyport/decide/subscriptions/judge-subscription';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import { isStandardRole, labelOf } from '@sallyport/model/roles';
import { NOTIFICATION_TYPES, type SubscriptionStatus } from '@sallyport/model/subscriptions';
import type { Transaction } from '../ports/store.ts';
import { assertSuperAdmin } from '../roles/guard-user.ts';
import { findLabelled, holdersOf, labelledTarget } from '../roles/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { presentSubscription, readNotificationType } from './present-subscription.ts';
import { choose, chosenBy } from './store.ts';

interface RoleRef {
  readonly id: string;
  readonly target: LogTarget;
}

/** A standard role by its type, a custom one by id or label; E0000007 otherwise. */
const findRole = async (db: Transaction, ref: string): Promise<RoleRef> => {
  if (!isStandardRole(ref)) {
    const row = await findLabelled(db, 'customRoles', ref);
    return { id: row.id, target: labelledTarget('customRoles', row) };
  }
  const target = { id: ref, type: 'Role', alternateId: ref, displayName: labelOf(ref), detailEntry: null };
  return { id: ref, target };
};

const present = async (s: Services, ref: string) => {
  const { id } = await findRole(s.store.read, ref);
  const chosen = await chosenBy(s.store.read, 'role', id);
  return NOTIFICATION_TYPES.map((type) =>
    presentSubscription(s, `roles/${id}`, type, roleSubscription(type, id, chosen.get(type)), [id]),
  );
};

/** `GET /api/v1/roles/{roleRef}/subscriptions`. */
export const listRoleSubscriptions = (s: Services, ref: string) => present(s, ref);

/** `GET …/{notificationType}`. */
export const getRoleSubscription = async (s: Services, ref: string, asked: string) => {
  const type = readNotificationType(asked);
  return (await present(s, ref)).find(({ notificationType }) => notificationType === type);
};

/**
 * `POST …/subscribe` and `…/unsubscribe`, by a super admin. It also undoes what holders of the role chose for themselves.
 * What is so already succeeds quietly, without an event.
 */
export const setRoleSubscription = async (
  s: Services,
  principal: Principal,
  ref: string,
  asked: string,
  status: SubscriptionStatus,
): Promise<void> => {
  assertSuperAdmin(principal);
  const type = readNotificationType(asked);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const { id, target } = await findRole(tx, ref);
    const before = roleSubscription(type, id, (await chosenBy(tx, 'role', id)).get(type));
    const assignments = await tx
      .selectFrom('roleAssignments')
      .select(['principalKind', 'principalId'])
      .where(isStandardRole(id) ? 'type' : 'roleId', '=', id)
      .execute();
    const { numDeletedRows } = await tx
      .deleteFrom('subscriptions')
      .where('holderKind', '=', 'user')
      .where('holderId', 'in', ['', ...(await holdersOf(tx, assignments))])
      .where('notificationType', '=', type)
      .executeTakeFirst();
    if (before === status && numDeletedRows === 0n) return;
    await choose(tx, { holderKind: 'role', holderId: id, notificationType: type, status });
    await recordEvent(s, tx, principal, {
      eventType: 'iam.role.subscriptions.update',
      target: [target],
      debugData: { notificationType: type, status, choicesUndone: String(numDeletedRows) },
    });
  });
};
