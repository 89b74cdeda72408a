import { areLinked } from '@sallyport/decide/requests/one-hand';
import { afterDecision, judgeReview, type ReviewVerdict } from '@sallyport/decide/reviews/judge-review';
import { isSuperAdmin } from '@sallyport/decide/roles/authorize';
import { ApiError, invalid } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import type { ReviewDecision } from '@sallyport/model/review';
import { accountsOf } from '../approvals/accounts-of-human.ts';
import { createTies } from '../approvals/ties.ts';
import type { Transaction } from '../ports/store.ts';
import { isOfServiceAccount } from '../service-accounts/is-of-service-account.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { EventInput } from '../system-log/build-event.ts';
import { recordEvents } from '../system-log/record-event.ts';
import { setAskedNow } from './asked-now.ts';
import {
  afterRevoke,
  answersOf,
  type Campaign,
  type CampaignSettings,
  campaignAsTarget,
  isOfSeal,
  itemTargets,
  levelNamed,
  namesOfPeople,
  type ReviewItem,
  settingsOf,
} from './store.ts';
import { takeRevoked } from './take-access.ts';
import { addToCounts } from './tally.ts';
import { findVisible, isAskedOf, maySeeAll, ownId } from './who-sees.ts';

const DAY = 86_400_000;

export interface GivenDecision {
  readonly reviewId: string;
  readonly decision: ReviewDecision;
  readonly note?: string | undefined;
}

/** May the principal decide these items now? One answer for each; the live path and the screen ask the same. */
export const judgeReviews = async (
  s: Services,
  db: Transaction,
  principal: Principal,
  campaign: Campaign,
  items: readonly ReviewItem[],
  hasNote: (item: ReviewItem) => boolean,
): Promise<ReadonlyMap<string, ReviewVerdict>> => {
  const settings = settingsOf(campaign);
  const now = s.clock.now();
  const isPerson = principal.kind === 'session' && !(await isOfServiceAccount(db, principal));
  const userId = isPerson ? principal.userId : null;
  const tiesOf = createTies(db, now);
  const ids = items.map(({ id }) => id);
  const asked = new Set<string>();
  for (let i = 0; i < ids.length; i += 500) {
    const rows = await db
      .selectFrom('reviewers')
      .select(['itemId', 'level'])
      .where('itemId', 'in', ids.slice(i, i + 500))
      .where('reviewerId', '=', userId ?? '')
      .execute();
    for (const { itemId, level } of rows) asked.add(`${itemId} ${level}`);
  }
  const answers = await answersOf(db, ids);
  const deciderOf = (item: ReviewItem): string => answers.get(item.id)?.[0]?.decidedBy ?? '';
  const accounts = await accountsOf(db, [...new Set(items.map(deciderOf)), userId ?? '']);
  const own = accounts.get(userId ?? '');
  const isOwnAccount = (id: string): boolean => {
    const one = accounts.get(id);
    return id !== '' && one !== undefined && own !== undefined && areLinked(one, own);
  };
  const verdicts = new Map<string, ReviewVerdict>();
  for (const item of items) {
    const isAsked = asked.has(`${item.id} ${item.level}`);
    const subjectKind = item.subjectKind;
    // Only where it matters: ties are seven questions to the store.
    const ties =
      isAsked && userId !== null ? await tiesOf(subjectKind, subjectKind === 'client' ? item.subjectId : userId) : null;
    const decider = deciderOf(item);
    const tiesOfOwn = isAsked && userId !== null && decider !== '' ? await tiesOf('user', userId) : null;
    const onDay = levelNamed(settings, item.level)?.startReview.onDay ?? 0;
    verdicts.set(
      item.id,
      judgeReview({
        item: {
          campaignStatus: campaign.status,
          endsAt: campaign.endsAt,
          levelStartsAt: campaign.startAt + onDay * DAY,
          level: item.level,
          decision: item.decision ?? (item.isUnanswered === 1 ? 'APPROVE' : null),
          subjectId: item.subjectId,
          isOwnAllowed: item.isOwnAllowed === 1,
          isOfSeal: isOfSeal(item),
        },
        reviewer: {
          kind: principal.kind,
          userId,
          hasDecidedBefore: isOwnAccount(decider),
          isTiedToDecider: tiesOfOwn?.has(decider) ?? false,
          isAsked,
          isTied: ties?.has(subjectKind === 'client' ? (userId ?? '') : item.subjectId) ?? false,
          isSuperAdmin: isSuperAdmin(principal),
        },
        needsNote: settings.reviewerSettings.justificationRequired,
        hasNote: hasNote(item),
        now,
      }),
    );
  }
  return verdicts;
};

/** E0000006 with the items that are refused, and why: nothing of the submission counts then, for a key signed it as a whole. */
const refusedReviews = (refused: readonly { readonly item: ReviewItem; readonly reason: Reason }[]): ApiError =>
  new ApiError('E0000006', {
    causes: refused
      .slice(0, 20)
      .map(({ item, reason }) => `${item.subjectLabel}, ${item.resourceLabel}: ${sentenceOf(reason)}`),
    detail: refused[0]?.reason ?? '',
    extra: {
      sallyport: {
        kind: 'review_refused',
        reason: refused[0]?.reason,
        items: refused.map(({ item, reason }) => ({ reviewId: item.id, reason, sentence: sentenceOf(reason) })),
      },
    },
  });

interface Writing {
  readonly campaign: Campaign;
  readonly settings: CampaignSettings;
  /** As they are read, of whoever decides. */
  readonly label: string;
}
type Deciding = GivenDecision & { readonly item: ReviewItem };
/** Items that one statement writes: between two of them the node answers others. */
const BATCH = 25;

/** What a decision makes of an item: it is final, or the next level is asked. */
const changeOf = (settings: CampaignSettings, { item, decision }: Deciding, now: number) => {
  const second = levelNamed(settings, 'SECOND')?.startReview;
  const passesOn = second === undefined ? null : (second.when ?? 'LOWER_LEVEL_APPROVES');
  if (afterDecision(item.level, decision, passesOn) !== 'FINAL') return { level: 'SECOND' as const };
  const remediationStatus = decision === 'REVOKE' ? afterRevoke(settings, item) : ('NONE' as const);
  return { decision, decidedAt: now, remediationStatus };
};

/** Writes some decisions; returns those that others were faster with, of which nothing may be committed. */
const writeDecisions = async (
  s: Services,
  tx: Transaction,
  principal: Extract<Principal, { kind: 'session' }>,
  { campaign, settings, label }: Writing,
  given: readonly Deciding[],
): Promise<readonly ReviewItem[]> => {
  const now = s.clock.now();
  const made = await tx
    .insertInto('reviewDecisions')
    .values(
      given.map(({ item, decision, note }) => ({
        itemId: item.id,
        level: item.level,
        decision,
        note: note ?? null,
        decidedBy: principal.userId,
        decidedByLabel: label,
        decidedAt: now,
        proofId: principal.authorization?.proof?.id ?? null,
      })),
    )
    .onConflict((c) => c.columns(['itemId', 'level']).doNothing())
    .returning('itemId')
    .execute();
  const written = new Set(made.map(({ itemId }) => itemId));
  const changed = new Set<string>();
  // What is the same of several is written by one statement.
  const changes = given.map((one) => ({ item: one.item, change: changeOf(settings, one, now) }));
  for (const alike of Map.groupBy(changes, ({ item, change }) => JSON.stringify([item.level, change])).values()) {
    const [
      {
        item: { level },
        change,
      },
    ] = alike as [(typeof alike)[number]];
    const ids = alike.map(({ item }) => item.id);
    const rows = await tx
      .updateTable('reviewItems')
      .set({ ...change, lastUpdatedAt: now })
      .where('id', 'in', ids)
      .where('level', '=', level)
      .where('decision', 'is', null)
      .where('isUnanswered', '=', 0)
      .returning('id')
      .execute();
    for (const { id } of rows) changed.add(id);
    await setAskedNow(tx, ids, 'level' in change ? change.level : null);
  }
  const late = given.flatMap(({ item }) => (written.has(item.id) && changed.has(item.id) ? [] : [item]));
  if (late.length > 0) return late;
  const events = given.flatMap(({ item, decision, note }, i): EventInput[] => {
    const change = changes[i]?.change ?? {};
    const target = [campaignAsTarget(campaign), ...itemTargets(item)];
    const decided: EventInput = {
      eventType: 'certification.campaign.item.decide',
      target,
      debugData: {
        decision,
        campaignId: campaign.id,
        level: item.level,
        isFinal: String('decision' in change),
        ...(note === undefined ? {} : { note }),
      },
    };
    const isOpen = 'remediationStatus' in change && change.remediationStatus === 'OPEN';
    return isOpen ? [decided, { eventType: 'certification.remediation.open', target }] : [decided];
  });
  await recordEvents(s, tx, principal, events);
  return [];
};

/** Of what the caller is not asked about, and may not see, a refusal would tell whose it is and what: it is no item. */
const itemsOf = async (
  tx: Transaction,
  principal: Principal,
  campaignId: string,
  ids: readonly string[],
): Promise<ReviewItem[]> => {
  const query = tx
    .selectFrom('reviewItems')
    .selectAll()
    .where('campaignId', '=', campaignId)
    .where('id', 'in', [...ids, ''])
    .orderBy('seq');
  const asked = await query.where(isAskedOf(ownId(principal))).execute();
  const rows = asked.length < ids.length && maySeeAll(principal) ? await query.execute() : asked;
  const found = new Set(rows.map(({ id }) => id));
  const missing = ids.find((id) => !found.has(id));
  if (missing !== undefined) throw invalid('decisions', `${missing.slice(0, 40)} is no item of this review`);
  return rows;
};

/**
 * Writes decisions down, all of them or none: the reviewer's own key has signed this very list (design §4.11). What is
 * revoked is taken right after the commit. Errors: E0000001, E0000006 with the items and why, E0000007, E0000092.
 */
export const decideReviews = async (
  s: Services,
  principal: Principal,
  campaignId: string,
  choose: (tx: Transaction, campaign: Campaign) => Promise<readonly GivenDecision[]>,
  after: (tx: Transaction, decided: number) => Promise<unknown> = async () => undefined,
): Promise<number> => {
  const count = await s.store.transaction(async (tx) => {
    const campaign = await findVisible(tx, principal, campaignId);
    const given = await choose(tx, campaign);
    const byId = new Map(given.map((one) => [one.reviewId, one]));
    if (byId.size !== given.length) throw invalid('decisions', 'names an item twice');
    const items = await itemsOf(tx, principal, campaignId, [...byId.keys()]);
    const verdicts = await judgeReviews(
      s,
      tx,
      principal,
      campaign,
      items,
      (item) => byId.get(item.id)?.note !== undefined,
    );
    const refused = items.flatMap((item) => {
      const verdict = verdicts.get(item.id);
      return verdict?.kind === 'allow' ? [] : [{ item, reason: verdict?.reason ?? ('reviewer-not-asked' as const) }];
    });
    if (refused.length > 0) throw refusedReviews(refused);
    if (principal.kind !== 'session') throw refusedReviews([]);
    await assertStillLive(s, tx, principal);
    const settings = settingsOf(campaign);
    const label = (await namesOfPeople(tx, [principal.userId])).get(principal.userId) ?? '';
    const deciding = items.flatMap((item) => {
      const one = byId.get(item.id);
      return one === undefined ? [] : [{ ...one, item }];
    });
    for (let i = 0; i < deciding.length; i += BATCH) {
      const batch = deciding.slice(i, i + BATCH);
      const late = await writeDecisions(s, tx, principal, { campaign, settings, label }, batch);
      if (late.length > 0) throw refusedReviews(late.map((item) => ({ item, reason: 'review-decided' as const })));
    }
    const finals = deciding.filter((one) => 'decision' in changeOf(settings, one, s.clock.now()));
    const approvedCount = finals.filter(({ decision }) => decision === 'APPROVE').length;
    await addToCounts(tx, campaign.id, { approvedCount, revokedCount: finals.length - approvedCount });
    await after(tx, items.length);
    return items.length;
  });
  await takeRevoked(s, principal, campaignId);
  return count;
};

/** `POST /sallyport/v1/campaigns/{id}/decisions`: decisions that were drafts until now. */
export const submitDecisions = async (
  s: Services,
  principal: Principal,
  campaignId: string,
  decisions: readonly GivenDecision[],
) => ({ decided: await decideReviews(s, principal, campaignId, async () => decisions) });
