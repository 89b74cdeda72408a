import { suggestDecision } from '@sallyport/decide/reviews/suggest-decision';
import type { Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { tellOfReview } from '../webhooks/tell-webhooks.ts';
import { createAsker } from './ask-reviewers.ts';
import { finishCampaign } from './close-campaigns.ts';
import { type Candidate, gatherItems } from './gather-items.ts';
import { mailReviewers } from './mail-reviewers.ts';
import { endOfRun, nextRun } from './schedule.ts';
import { type Campaign, type CampaignSettings, campaignAsTarget, reviewsJob, settingsOf } from './store.ts';
import { NO_COUNTS } from './tally.ts';

/** A run that begins later than this after its time (the server was down) has its whole length nevertheless. */
const LATE_MS = 3_600_000;
/** Well below what either engine takes in one statement. */
const ROWS_PER_STATEMENT = 200;

export const NOTHING_TO_REVIEW = 'There was nothing to review: nobody was asked.';

const isOwnAllowedFor = ({ kind, isOfPower }: Candidate, settings: CampaignSettings): boolean =>
  kind === 'GROUP_MEMBERSHIP' && !isOfPower && !settings.reviewerSettings.selfReviewDisabled;

type Rows = { readonly items: Row<'reviewItems'>[]; readonly reviewers: Row<'reviewers'>[] };

/** All that will be asked, before anything is written: reading takes long where there is much, and the writer has to go on. */
const prepare = async (s: Services, { id }: Campaign, settings: CampaignSettings): Promise<Rows> => {
  const now = s.clock.now();
  const ask = await createAsker(s, settings);
  const rows: Rows = { items: [], reviewers: [] };
  for (const [seq, candidate] of (await gatherItems(s, settings)).entries()) {
    const isOwnAllowed = isOwnAllowedFor(candidate, settings);
    const asked = await ask(candidate, isOwnAllowed);
    const suggestion = suggestDecision(candidate.evidence, now);
    const itemId = newId(s.random, 'reviewItem');
    rows.items.push({
      id: itemId,
      campaignId: id,
      seq,
      kind: candidate.kind,
      ref: JSON.stringify(candidate.ref),
      subjectKind: candidate.subjectKind,
      subjectId: candidate.subjectId,
      subjectLabel: candidate.subjectLabel,
      resourceId: candidate.resourceId,
      resourceLabel: candidate.resourceLabel,
      evidence: JSON.stringify(candidate.evidence),
      suggestion: suggestion.decision,
      suggestionReason: suggestion.reason,
      isOwnAllowed: isOwnAllowed ? 1 : 0,
      reviewersVia: asked[0]?.via ?? 'NOBODY',
      level: 'FIRST',
      decision: null,
      decidedAt: null,
      isUnanswered: 0,
      remediationStatus: 'NONE',
      remediationReason: null,
      kept: null,
      graceEndsAt: null,
      restoredAt: null,
      restoredBy: null,
      createdAt: now,
      lastUpdatedAt: now,
    });
    for (const { ids, level } of asked)
      for (const reviewerId of ids)
        rows.reviewers.push({ itemId, level, reviewerId, campaignId: id, isAskedNow: level === 'FIRST' ? 1 : 0 });
  }
  return rows;
};

/** The next run stands in the store as soon as this one has begun: no timer holds it. */
const planNext = async (s: Services, tx: Transaction, row: Campaign, settings: CampaignSettings): Promise<void> => {
  const { type, recurrence, timeZone, durationInDays } = settings.scheduleSettings;
  if (type !== 'RECURRING' || recurrence === undefined) return;
  const now = s.clock.now();
  const next = nextRun(settings.firstStartAt, timeZone, recurrence, row.run, now);
  if (next === null) return;
  const planned: Campaign = {
    ...row,
    id: newId(s.random, 'campaign'),
    status: 'SCHEDULED',
    seriesId: row.seriesId ?? row.id,
    run: next.run,
    startAt: next.startAt,
    endsAt: endOfRun(next.startAt, durationInDays),
    itemCount: 0,
    ...NO_COUNTS,
    createdAt: now,
    lastUpdatedAt: now,
  };
  const made = await tx
    .insertInto('campaigns')
    .values(planned)
    .onConflict((c) => c.columns(['seriesId', 'run']).doNothing())
    .executeTakeFirst();
  if ((made.numInsertedOrUpdatedRows ?? 0n) === 0n) return;
  await recordEvent(s, tx, reviewsJob(s), {
    eventType: 'certification.campaign.create',
    target: [campaignAsTarget(planned)],
    debugData: { recurringCampaignId: row.seriesId ?? row.id, run: String(next.run) },
  });
};

const insertAll = async (tx: Transaction, { items, reviewers }: Rows): Promise<void> => {
  for (let i = 0; i < items.length; i += ROWS_PER_STATEMENT)
    await tx
      .insertInto('reviewItems')
      .values(items.slice(i, i + ROWS_PER_STATEMENT))
      .execute();
  for (let i = 0; i < reviewers.length; i += ROWS_PER_STATEMENT)
    await tx
      .insertInto('reviewers')
      .values(reviewers.slice(i, i + ROWS_PER_STATEMENT))
      .execute();
};

/**
 * Starts a planned campaign: what everybody has is written down as it is now, with whom to ask, in one transaction with its
 * event. Of two that start it at the same moment one does. Where there is nothing to review nobody is asked, and the
 * campaign is closed with a remark.
 */
export const launchCampaign = async (
  s: Services,
  row: Campaign,
  by: Principal,
  isAskedFor: boolean,
  before: (tx: Transaction) => Promise<unknown> = async () => undefined,
): Promise<void> => {
  const settings = settingsOf(row);
  const rows = await prepare(s, row, settings);
  await s.store.transaction(async (tx) => {
    await before(tx);
    const now = s.clock.now();
    const isOnTime = !isAskedFor && now - row.startAt < LATE_MS;
    const startAt = isOnTime ? row.startAt : now;
    const change = {
      status: 'ACTIVE' as const,
      startAt,
      endsAt: endOfRun(startAt, settings.scheduleSettings.durationInDays),
      itemCount: rows.items.length,
      launchedAt: now,
      lastUpdatedAt: now,
    };
    const { numUpdatedRows } = await tx
      .updateTable('campaigns')
      .set(change)
      .where('id', '=', row.id)
      .where('status', '=', 'SCHEDULED')
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) return;
    await insertAll(tx, rows);
    const launched = { ...row, ...change };
    await recordEvent(s, tx, by, {
      eventType: 'certification.campaign.launch',
      target: [campaignAsTarget(launched)],
      debugData: { items: String(rows.items.length), endsAt: new Date(change.endsAt).toISOString() },
    });
    await tellOfReview(s, tx, 'review.launched', launched);
    await planNext(s, tx, launched, settings);
    if (rows.items.length === 0) return finishCampaign(s, tx, launched, by, NOTHING_TO_REVIEW);
    if (settings.notificationSettings.notifyReviewerWhenReviewAssigned)
      await mailReviewers(s, tx, launched, 'assigned');
  });
};
