import { judgeSubscription } from '@sallyport/decide/subscriptions/judge-subscription';
import type { NotificationType, SubscriptionStatus } from '@sallyport/model/subscriptions';
import type { Transaction } from '../ports/store.ts';
import { isHeldBy } from '../roles/standing-rights.ts';
import type { Row } from '../store/tables.ts';

type HolderKind = Row<'subscriptions'>['holderKind'];

/** What was chosen for roles, or by a person; what is not there was never chosen. */
export const chosenBy = async (
  db: Transaction,
  holderKind: HolderKind,
  holderId: string,
): Promise<ReadonlyMap<string, SubscriptionStatus>> => {
  const rows = await db
    .selectFrom('subscriptions')
    .select(['notificationType', 'status'])
    .where('holderKind', '=', holderKind)
    .where('holderId', '=', holderId)
    .execute();
  return new Map(rows.map(({ notificationType, status }) => [notificationType, status]));
};

/** Roles of a person, also through groups: standard ones by type, custom ones by id. */
export const rolesForNotices = async (db: Transaction, userId: string): Promise<readonly string[]> => {
  const held = await db.selectFrom('roleAssignments').select(['type', 'roleId']).where(isHeldBy(userId)).execute();
  return [...new Set(held.map(({ type, roleId }) => (type === 'CUSTOM' ? roleId : type)))];
};

/** Does a person get this kind of mail? */
export const subscriptionOf = async (
  db: Transaction,
  userId: string,
  type: NotificationType,
): Promise<SubscriptionStatus> => {
  const roles = await rolesForNotices(db, userId);
  const rows = await db
    .selectFrom('subscriptions')
    .select(['holderKind', 'holderId', 'status'])
    .where('notificationType', '=', type)
    .where('holderId', 'in', [userId, ...roles])
    .execute();
  const chosen = (kind: HolderKind, id: string) =>
    rows.find(({ holderKind, holderId }) => holderKind === kind && holderId === id)?.status;
  return judgeSubscription(type, chosen('user', userId), new Map(roles.map((role) => [role, chosen('role', role)])));
};

/** Keeps a choice. */
export const choose = async (tx: Transaction, row: Row<'subscriptions'>): Promise<void> => {
  await tx
    .insertInto('subscriptions')
    .values(row)
    .onConflict((c) => c.columns(['holderKind', 'holderId', 'notificationType']).doUpdateSet({ status: row.status }))
    .execute();
};

/** A person or a custom role is deleted. */
export const forgetSubscriptions = async (tx: Transaction, holderKind: HolderKind, holderId: string): Promise<void> => {
  await tx.deleteFrom('subscriptions').where('holderKind', '=', holderKind).where('holderId', '=', holderId).execute();
};
