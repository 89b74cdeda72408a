import type { Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { tellOfReview } from '../webhooks/tell-webhooks.ts';
import { setAskedNow } from './asked-now.ts';
import { mailReviewers } from './mail-reviewers.ts';
import { digestOf, reportOf, reportText } from './report.ts';
import { afterRevoke, answersOf, type Campaign, campaignAsTarget, itemTargets, settingsOf } from './store.ts';
import { takeRevoked } from './take-access.ts';
import { addToCounts, isFailed } from './tally.ts';

/** Items in one transaction: others write between two of them. */
const BATCH = 100;

/** Items that nobody decided before the end: what the campaign says of no answer. Returns how many there were. */
const settleUnanswered = (s: Services, row: Campaign, by: Principal): Promise<number> =>
  s.store.transaction(async (tx) => {
    const settings = settingsOf(row);
    const now = s.clock.now();
    const items = await tx
      .selectFrom('reviewItems')
      .selectAll()
      .where('campaignId', '=', row.id)
      .where('decision', 'is', null)
      .where('isUnanswered', '=', 0)
      .orderBy('seq')
      .limit(BATCH)
      .execute();
    const answers = await answersOf(
      tx,
      items.map(({ id }) => id),
    );
    const asked = await tx
      .selectFrom('reviewers')
      .select(['itemId', 'level'])
      .where('itemId', 'in', ['', ...items.map(({ id }) => id)])
      .execute();
    const askedAt = new Set(asked.map(({ itemId, level }) => `${itemId} ${level}`));
    if (items.length > 0)
      await setAskedNow(
        tx,
        items.map(({ id }) => id),
        null,
      );
    let failedCount = 0;
    for (const item of items) {
      const wasRevokedBelow = answers.get(item.id)?.[0]?.decision === 'REVOKE';
      const isTaken =
        row.skipsRemediation === 0 &&
        (settings.remediationSettings.noResponse === 'DENY' ||
          (wasRevokedBelow && afterRevoke(settings, item) === 'OPEN'));
      // Silence of people who were never asked, at either level, is no answer; what was said below it stands.
      const isUnasked = !wasRevokedBelow && !askedAt.has(`${item.id} ${item.level}`);
      const remediationStatus = !isTaken ? ('NONE' as const) : isUnasked ? ('ERROR' as const) : ('OPEN' as const);
      if (isFailed({ remediationStatus })) failedCount += 1;
      await tx
        .updateTable('reviewItems')
        .set({
          isUnanswered: 1,
          remediationStatus,
          remediationReason: isTaken && isUnasked ? 'review-nobody-to-ask' : null,
          lastUpdatedAt: now,
        })
        .where('id', '=', item.id)
        .execute();
      const target = [campaignAsTarget(row), ...itemTargets(item)];
      await recordEvent(s, tx, by, {
        eventType: 'certification.campaign.item.decide',
        outcome: { result: 'SKIPPED' },
        target,
        debugData: { decision: 'NORESPONSE', campaignId: row.id, level: item.level },
      });
      if (remediationStatus === 'OPEN')
        await recordEvent(s, tx, by, { eventType: 'certification.remediation.open', target });
    }
    await addToCounts(tx, row.id, { unansweredCount: items.length, failedCount });
    return items.length;
  });

/** Closes a campaign in a transaction, with the digest of its report in the event: from there it cannot be changed unseen. */
export const finishCampaign = async (
  s: Services,
  tx: Transaction,
  row: Campaign,
  by: Principal,
  remark: string | null = null,
): Promise<void> => {
  const now = s.clock.now();
  const closed = { ...row, status: 'COMPLETED' as const, closedAt: now, remark };
  const digest = digestOf(reportText(await reportOf(tx, closed)));
  const { numUpdatedRows } = await tx
    .updateTable('campaigns')
    .set({ status: 'COMPLETED', closedAt: now, remark, digest, lastUpdatedAt: now })
    .where('id', '=', row.id)
    .where('status', '=', 'ACTIVE')
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return;
  await recordEvent(s, tx, by, {
    eventType: 'certification.campaign.close',
    target: [campaignAsTarget(row)],
    debugData: {
      reportSha256: digest,
      items: String(row.itemCount),
      ...(remark === null ? {} : { remark }),
    },
  });
  await tellOfReview(s, tx, 'review.ended', { ...closed, digest });
};

/**
 * What the end of a campaign brings, in steps of which each can be the last before a crash: no answers, then what is taken
 * for them, then the close. Done again it does what is left, and nothing twice.
 */
export const closeCampaign = async (s: Services, row: Campaign, by: Principal): Promise<void> => {
  if (settingsOf(row).notificationSettings.notifyReviewerAtCampaignEnd)
    await s.store.transaction((tx) => mailReviewers(s, tx, row, 'over'));
  while ((await settleUnanswered(s, row, by)) > 0);
  await takeRevoked(s, by, row.id);
  await s.store.transaction((tx) => finishCampaign(s, tx, row, by));
};
