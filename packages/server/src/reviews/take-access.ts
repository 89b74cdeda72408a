import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { isReason, type Reason, sentenceOf } from '@sallyport/model/reasons';
import { GRACE_DAYS } from '@sallyport/model/review';
import { tokenAsTarget } from '../api-tokens/create-api-token.ts';
import { recordAppEvent } from '../apps/manage-apps.ts';
import { isBreakGlass } from '../break-glass/store.ts';
import { endChain, stopsOf } from '../grants/end-grant.ts';
import { queueForRules } from '../group-rules/store.ts';
import { groupAsTarget } from '../groups/manage-groups.ts';
import type { Revocation } from '../locks/revocation-bus.ts';
import { insertLock } from '../locks/store.ts';
import { revokeTokensOfApp } from '../machines/service-app.ts';
import { keepingAWayIn } from '../policies/ways-in.ts';
import { base62 } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { assertNotSealed, findAssignment, findHolder, takeRole } from '../roles/assign-role.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { itemTargets, type ReviewItem, refOf } from './store.ts';
import { addToCounts, isFailed } from './tally.ts';

const DAY = 86_400_000;

/** What is kept of something that was taken, so that it can be given back as it was. */
export type Kept =
  | { readonly assignment: Row<'roleAssignments'>; readonly targets: readonly Row<'roleTargets'>[] }
  | { readonly membership: Row<'groupMembers'> }
  | { readonly lockId: string };
/** `kept` is null for what ends by itself anyway: it is asked for anew. */
type Taken = { readonly kept: Kept | null; readonly stops: readonly Revocation[] } | Reason;

const role = async (s: Services, tx: Transaction, by: Principal, item: ReviewItem): Promise<Taken> => {
  const assignmentId = refOf(item)['assignmentId'] ?? '';
  const row = await tx.selectFrom('roleAssignments').selectAll().where('id', '=', assignmentId).executeTakeFirst();
  if (row === undefined) return 'review-target-gone';
  const targets = await tx.selectFrom('roleTargets').selectAll().where('assignmentId', '=', row.id).execute();
  const holder = await findHolder(tx, row.principalKind, row.principalId);
  await assertNotSealed(tx, holder);
  await takeRole(s, tx, by, holder, await findAssignment(tx, holder, row.id));
  return {
    kept: { assignment: row, targets },
    stops: [{ kind: 'user', id: row.principalId, reason: 'rights-changed' }],
  };
};

const membership = async (s: Services, tx: Transaction, by: Principal, item: ReviewItem): Promise<Taken> => {
  const { groupId = '', userId = '' } = refOf(item);
  const row = await tx
    .selectFrom('groupMembers')
    .selectAll()
    .where('groupId', '=', groupId)
    .where('userId', '=', userId)
    .executeTakeFirst();
  const group = await tx.selectFrom('groups').selectAll().where('id', '=', groupId).executeTakeFirst();
  const user = await tx.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst();
  if (row === undefined || group === undefined || user === undefined) return 'review-target-gone';
  const rule = await tx.selectFrom('groupRules').select('id').where('id', '=', row.addedBy).executeTakeFirst();
  if (rule !== undefined) return 'review-by-rule';
  const now = s.clock.now();
  await keepingAWayIn(s, tx, () =>
    tx.deleteFrom('groupMembers').where('groupId', '=', groupId).where('userId', '=', userId).execute(),
  );
  await queueForRules(tx, [userId], now);
  await tx.updateTable('groups').set({ lastMembershipUpdatedAt: now }).where('id', '=', groupId).execute();
  await recordEvent(s, tx, by, {
    eventType: 'group.user_membership.remove',
    target: [userAsActor(user), groupAsTarget(group)],
  });
  return { kept: { membership: row }, stops: [{ kind: 'user', id: userId, reason: 'rights-changed' }] };
};

const lock = async (s: Services, tx: Transaction, kind: 'token' | 'app', id: string): Promise<Taken> => {
  const lockId = base62(s.random, 20);
  await insertLock(tx, {
    ...{ id: lockId, subjectKind: kind, subjectId: id, reason: 'revoked-in-review' },
    ...{ createdAt: s.clock.now(), createdBy: 'reviews', expiresAt: null },
  });
  return { kept: { lockId }, stops: [{ kind, id, reason: 'revoked-in-review' }] };
};

const token = async (s: Services, tx: Transaction, _by: Principal, item: ReviewItem): Promise<Taken> => {
  const id = refOf(item)['tokenId'] ?? '';
  const row = await tx
    .selectFrom('apiTokens')
    .select('id')
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return row === undefined ? 'review-target-gone' : lock(s, tx, 'token', id);
};

const serviceApp = async (s: Services, tx: Transaction, _by: Principal, item: ReviewItem): Promise<Taken> => {
  const id = refOf(item)['appId'] ?? '';
  const row = await tx
    .selectFrom('apps')
    .select('id')
    .where('id', '=', id)
    .where('status', '=', 'ACTIVE')
    .executeTakeFirst();
  if (row === undefined) return 'review-target-gone';
  await revokeTokensOfApp(tx, id, s.clock.now());
  return lock(s, tx, 'app', id);
};

const grant = async (s: Services, tx: Transaction, by: Principal, item: ReviewItem): Promise<Taken> => {
  const row = await tx
    .selectFrom('grants')
    .selectAll()
    .where('id', '=', refOf(item)['grantId'] ?? '')
    .executeTakeFirst();
  const ended = row === undefined ? null : await keepingAWayIn(s, tx, () => endChain(s, tx, by, row, 'ended-by-admin'));
  if (ended === null) return 'review-target-gone';
  return { kept: null, stops: stopsOf(ended) };
};

/** Nothing is taken: it may be the last way in, and is whatever else fails. What it was said no to stays to be done. */
const breakGlass = async (_s: Services, tx: Transaction, _by: Principal, item: ReviewItem): Promise<Taken> =>
  (await isBreakGlass(tx, item.subjectId)) ? 'review-glass-by-hand' : 'review-target-gone';

type Take = (s: Services, tx: Transaction, by: Principal, item: ReviewItem) => Promise<Taken>;
/** By kind; another kind of thing is one line here, one in `give-back.ts` and one in `gather-items.ts`. */
const TAKE: Readonly<Record<string, Take>> = {
  ROLE: role,
  GROUP_MEMBERSHIP: membership,
  GRANT: grant,
  API_TOKEN: token,
  SERVICE_APP: serviceApp,
  BREAK_GLASS: breakGlass,
};
/** What somebody has to do in place of the review. */
const BY_HAND: readonly Reason[] = ['review-by-rule', 'review-glass-by-hand'];

const reasonIn = (error: ApiError): Reason => {
  const reason = error.options.detail?.split(' ')[0] ?? '';
  return isReason(reason) ? reason : 'permission-missing';
};

const settle = async (
  s: Services,
  tx: Transaction,
  by: Principal,
  item: ReviewItem,
  change: Partial<ReviewItem> & Pick<ReviewItem, 'remediationStatus' | 'remediationReason'>,
): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('reviewItems')
    .set({ ...change, lastUpdatedAt: s.clock.now() })
    .where('id', '=', item.id)
    .where('remediationStatus', '=', 'OPEN')
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  if (isFailed(change)) await addToCounts(tx, item.campaignId, { failedCount: 1 });
  const reason = change.remediationReason;
  await recordEvent(s, tx, by, {
    eventType: 'certification.campaign.item.remediate',
    outcome: {
      result: change.remediationStatus === 'ERROR' ? 'FAILURE' : 'SUCCESS',
      reason: reason !== null && isReason(reason) ? sentenceOf(reason) : null,
    },
    target: itemTargets(item),
    debugData: {
      campaignId: item.campaignId,
      remediationStatus: change.remediationStatus,
      ...(change.graceEndsAt == null ? {} : { restorableUntil: new Date(change.graceEndsAt).toISOString() }),
    },
  });
  return true;
};

/**
 * Takes what a review revoked, once: it gives nothing from this commit on, on every door, and what it was is kept until the
 * grace is over. What must not be taken (the last super admin's way in) stays, and the item says why.
 */
const takeOne = async (s: Services, by: Principal, item: ReviewItem): Promise<void> => {
  const take = TAKE[item.kind];
  const work = async (tx: Transaction): Promise<readonly Revocation[]> => {
    const taken = take === undefined ? ('review-target-gone' as const) : await take(s, tx, by, item);
    if (typeof taken === 'string') {
      const remediationStatus = BY_HAND.includes(taken) ? 'MANUAL' : 'SUCCESS';
      await settle(s, tx, by, item, { remediationStatus, remediationReason: taken });
      return [];
    }
    const isFirst = await settle(s, tx, by, item, {
      remediationStatus: 'SUCCESS',
      remediationReason: null,
      ...(taken.kept === null
        ? {}
        : { kept: JSON.stringify(taken.kept), graceEndsAt: s.clock.now() + GRACE_DAYS * DAY }),
    });
    // Somebody else did it between the reading and now; their work stays, and this is undone.
    if (!isFirst) throw new Settled();
    return taken.stops;
  };
  const stops = await s.store.transaction(work).catch(async (error: unknown) => {
    if (error instanceof Settled) return [];
    if (!(error instanceof ApiError)) throw error;
    await s.store.transaction((tx) =>
      settle(s, tx, by, item, { remediationStatus: 'ERROR', remediationReason: reasonIn(error) }),
    );
    return [];
  });
  for (const stop of stops) s.bus.publish(stop);
};
class Settled extends Error {
  override readonly name = 'Settled';
}

/** Everything of a campaign, or of all, that was revoked and not yet taken; also what a crash left behind. */
export const takeRevoked = async (s: Services, by: Principal, campaignId: string | null): Promise<void> => {
  let after = '';
  for (;;) {
    let query = s.store.read
      .selectFrom('reviewItems')
      .selectAll()
      .where('remediationStatus', '=', 'OPEN')
      .where('id', '>', after)
      .orderBy('id')
      .limit(100);
    if (campaignId !== null) query = query.where('campaignId', '=', campaignId);
    const items = await query.execute();
    for (const item of items) await takeOne(s, by, item);
    const last = items.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
};

/** Ends the grace of what was taken: nothing is kept of it any more. */
const finishOne = async (s: Services, by: Principal, item: ReviewItem): Promise<void> =>
  s.store.transaction(async (tx) => {
    const now = s.clock.now();
    const { numUpdatedRows } = await tx
      .updateTable('reviewItems')
      .set({ kept: null, lastUpdatedAt: now })
      .where('id', '=', item.id)
      .where('kept', 'is not', null)
      .where('graceEndsAt', '<=', now)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) return;
    const { tokenId, appId } = refOf(item);
    if (tokenId !== undefined) {
      const row = await tx
        .selectFrom('apiTokens')
        .selectAll()
        .where('id', '=', tokenId)
        .where('revokedAt', 'is', null)
        .executeTakeFirst();
      if (row !== undefined) {
        await tx.updateTable('apiTokens').set({ revokedAt: now }).where('id', '=', tokenId).execute();
        await tx.deleteFrom('tokenUses').where('tokenId', '=', tokenId).execute();
        await recordEvent(s, tx, by, { eventType: 'system.api_token.revoke', target: [tokenAsTarget(row)] });
      }
    }
    if (appId !== undefined) {
      const row = await tx.selectFrom('apps').selectAll().where('id', '=', appId).executeTakeFirst();
      if (row !== undefined && row.status === 'ACTIVE') {
        await tx.updateTable('apps').set({ status: 'INACTIVE', lastUpdatedAt: now }).where('id', '=', appId).execute();
        await recordAppEvent(s, tx, by, row, 'deactivate');
      }
      // From here on it is switched off like any other: whoever switches it on again gives it its power.
      await tx
        .deleteFrom('locks')
        .where('id', '=', (JSON.parse(item.kept ?? '{}') as { lockId?: string }).lockId ?? '')
        .execute();
    }
    await recordEvent(s, tx, by, {
      eventType: 'certification.campaign.item.remediate',
      target: itemTargets(item),
      debugData: { campaignId: item.campaignId, remediationStatus: 'SUCCESS', step: 'removed' },
    });
  });

/** What can no longer be given back is forgotten. That it cannot is decided by the clock; this only tidies up. */
export const finishGraces = async (s: Services, by: Principal): Promise<void> => {
  const items = await s.store.read
    .selectFrom('reviewItems')
    .selectAll()
    .where('remediationStatus', '=', 'SUCCESS')
    .where('kept', 'is not', null)
    .where('graceEndsAt', '<=', s.clock.now())
    .orderBy('id')
    .limit(200)
    .execute();
  for (const item of items) await finishOne(s, by, item);
};
