import { whyNotRestored } from '@sallyport/decide/reviews/judge-restore';
import { isSuperAdmin } from '@sallyport/decide/roles/authorize';
import { ApiError } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import type { LogEvent, LogTarget } from '@sallyport/model/log-event';
import { authorOf, isCaller, type Principal, subjectOf } from '@sallyport/model/principal';
import { GRACE_DAYS } from '@sallyport/model/review';
import { isRoleType, labelOf } from '@sallyport/model/roles';
import { assertMayGive } from '../grants/assert-may-give.ts';
import { queueForRules } from '../group-rules/store.ts';
import { groupAsTarget } from '../groups/manage-groups.ts';
import type { Revocation } from '../locks/revocation-bus.ts';
import { keepingAWayIn } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { findHolder, privilegeEvent } from '../roles/assign-role.ts';
import { refuse } from '../roles/guard-user.ts';
import { labelledTarget } from '../roles/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { getReview } from './list-reviews.ts';
import { findItem, itemTargets, type ReviewItem, refOf } from './store.ts';
import type { Kept } from './take-access.ts';

/**
 * Was it given anew after the review took it at an instant? Whoever asks finds it taken, so somebody took it again: theirs is
 * the later word, and is not undone unseen. The log alone remembers it, for what was taken leaves no row.
 */
const wasGivenSince = async (
  tx: Transaction,
  takenAt: number,
  eventType: EventType,
  ids: readonly string[],
  isSame: (event: LogEvent) => boolean = () => true,
): Promise<boolean> => {
  let query = tx
    .selectFrom('events')
    .select('body')
    .where('eventType', '=', eventType)
    .where('publishedAt', '>=', takenAt);
  for (const id of ids) query = query.where('body', 'like', `%"${id}"%`);
  return (await query.execute()).some(({ body }) => {
    const event = JSON.parse(body) as LogEvent;
    return ids.every((id) => event.target?.some((target) => target.id === id)) && isSame(event);
  });
};

const DAY = 86_400_000;

type Of<K extends string> = Extract<Kept, Readonly<Record<K, unknown>>>;

/** What a custom role is, and what it is over, as they are told in events. E0000006 where either is gone. */
const labelledOf = async (tx: Transaction, { roleId, resourceSetId }: Row<'roleAssignments'>): Promise<LogTarget[]> => {
  const held = await tx.selectFrom('customRoles').selectAll().where('id', '=', roleId).executeTakeFirst();
  const over = await tx.selectFrom('resourceSets').selectAll().where('id', '=', resourceSetId).executeTakeFirst();
  if (held === undefined || over === undefined) throw refuse(['review-target-gone']);
  return [labelledTarget('customRoles', held), labelledTarget('resourceSets', over)];
};

const role = async (
  s: Services,
  tx: Transaction,
  by: Principal,
  { assignment, targets }: Of<'assignment'>,
  takenAt: number,
) => {
  const holder = await findHolder(tx, assignment.principalKind, assignment.principalId).catch((error: unknown) => {
    if (error instanceof ApiError) throw refuse(['review-target-gone']);
    throw error;
  });
  const again = await tx
    .selectFrom('roleAssignments')
    .select('id')
    .where('principalKind', '=', holder.kind)
    .where('principalId', '=', holder.id)
    .where('type', '=', assignment.type)
    .where('roleId', '=', assignment.roleId)
    .where('resourceSetId', '=', assignment.resourceSetId)
    .executeTakeFirst();
  if (again !== undefined) throw refuse(['review-held-again']);
  const isCustom = assignment.type === 'CUSTOM';
  const labelled = isCustom ? await labelledOf(tx, assignment) : [];
  const label = isRoleType(assignment.type) ? labelOf(assignment.type) : assignment.type;
  const eventType = privilegeEvent(holder.kind, 'grant');
  const isSame = ({ debugContext }: LogEvent): boolean =>
    isCustom || debugContext.debugData['privilegeGranted'] === label;
  if (await wasGivenSince(tx, takenAt, eventType, [holder.id, ...labelled.map(({ id }) => id)], isSame))
    throw refuse(['review-taken-since']);
  await tx.insertInto('roleAssignments').values(assignment).execute();
  if (targets.length > 0)
    await tx
      .insertInto('roleTargets')
      .values([...targets])
      .execute();
  await recordEvent(s, tx, by, {
    eventType,
    target: [holder.target, ...labelled],
    debugData: { privilegeGranted: labelled[0]?.displayName ?? label },
  });
  return { kind: 'user', id: holder.id, reason: 'rights-changed' } as const;
};

const membership = async (
  s: Services,
  tx: Transaction,
  by: Principal,
  { membership: row }: Of<'membership'>,
  takenAt: number,
) => {
  const user = await tx.selectFrom('users').selectAll().where('id', '=', row.userId).executeTakeFirst();
  const group = await tx.selectFrom('groups').selectAll().where('id', '=', row.groupId).executeTakeFirst();
  if (user === undefined || group === undefined) throw refuse(['review-target-gone']);
  const again = await tx
    .selectFrom('groupMembers')
    .select('userId')
    .where('groupId', '=', row.groupId)
    .where('userId', '=', row.userId)
    .executeTakeFirst();
  if (again !== undefined) throw refuse(['review-held-again']);
  if (await wasGivenSince(tx, takenAt, 'group.user_membership.add', [row.userId, row.groupId]))
    throw refuse(['review-taken-since']);
  const now = s.clock.now();
  await tx.insertInto('groupMembers').values(row).execute();
  await queueForRules(tx, [row.userId], now);
  await tx.updateTable('groups').set({ lastMembershipUpdatedAt: now }).where('id', '=', row.groupId).execute();
  await recordEvent(s, tx, by, {
    eventType: 'group.user_membership.add',
    target: [userAsActor(user), groupAsTarget(group)],
  });
  return { kind: 'user', id: row.userId, reason: 'rights-changed' } as const;
};

const giveBack = async (s: Services, tx: Transaction, by: Principal, item: ReviewItem): Promise<Revocation | null> => {
  const kept = JSON.parse(item.kept ?? 'null') as Kept;
  const takenAt = (item.graceEndsAt ?? 0) - GRACE_DAYS * DAY;
  if ('assignment' in kept) return role(s, tx, by, kept, takenAt);
  if ('membership' in kept) return membership(s, tx, by, kept, takenAt);
  await tx.deleteFrom('locks').where('id', '=', kept.lockId).execute();
  return null;
};

/**
 * `POST …/reviews/{id}/restore`: gives back what a review took, exactly as it was, until its grace is over, and unless others
 * have given and taken it since. By super admins
 * only, and never to oneself. Errors: E0000006 with the reason, E0000007, E0000092.
 */
export const restoreAccess = async (s: Services, principal: Principal, id: string) => {
  const stops = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const item = await findItem(tx, id);
    const now = s.clock.now();
    const callerId = isCaller(principal) ? subjectOf(principal) : null;
    const reason = whyNotRestored({ ...item, callerId, isSuperAdmin: isSuperAdmin(principal), now });
    if (reason !== null) throw refuse([reason]);
    await assertMayGive(s, tx, principal, { kind: item.subjectKind, id: item.subjectId });
    const changed = await keepingAWayIn(s, tx, () => giveBack(s, tx, principal, item));
    await tx
      .updateTable('reviewItems')
      .set({ kept: null, restoredAt: now, restoredBy: authorOf(principal), lastUpdatedAt: now })
      .where('id', '=', id)
      .execute();
    await recordEvent(s, tx, principal, {
      eventType: 'certification.campaign.item.remediate',
      target: itemTargets(item),
      debugData: { campaignId: item.campaignId, step: 'restored', kind: item.kind, ...refOf(item) },
    });
    return changed;
  });
  if (stops !== null) s.bus.publish(stops);
  return getReview(s, principal, id);
};
