import { judgeReview } from '@sallyport/decide/break-glass/judge-review';
import { REVIEWERS } from '@sallyport/model/break-glass';
import { notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { makersOf, tiedTo } from '../approvals/ties.ts';
import { superAdminVoices } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { assertSuperAdmin, refuse } from '../roles/guard-user.ts';
import { isOfServiceAccount } from '../service-accounts/is-of-service-account.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { isSessionOpen } from './present-account.ts';
import { findAccount, isBreakGlass } from './store.ts';

const reviewsOf = (db: Transaction, useId: string) =>
  db
    .selectFrom('breakGlassReviews')
    .leftJoin('users', 'users.id', 'breakGlassReviews.reviewerId')
    .select(['breakGlassReviews.reviewerId', 'breakGlassReviews.note', 'breakGlassReviews.signedAt', 'users.login'])
    .where('breakGlassReviews.useId', '=', useId)
    .orderBy('breakGlassReviews.signedAt')
    .execute();

/**
 * Whoever announced a drill, and whoever is of one hand with them, does not sign for it where somebody else could: they would
 * say of their own sign-in that it was practice.
 */
const isLeftToOthers = async (
  s: Services,
  tx: Transaction,
  announcedBy: string | null,
  reviewerId: string,
  now: number,
) => {
  if (announcedBy === null) return false;
  const tied = await tiedTo(tx, announcedBy, now);
  if (reviewerId !== announcedBy && !tied.has(reviewerId)) return false;
  return (await superAdminVoices(s, tx, 'in-time')).some((id) => id !== announcedBy && !tied.has(id));
};

/** May they sign the review of this use now, and what follows from it? */
const judgeSigner = async (
  s: Services,
  db: Transaction,
  principal: Principal,
  use: Row<'breakGlassUses'>,
  signedBy: readonly string[],
) => {
  const now = s.clock.now();
  const id = 'userId' in principal ? principal.userId : '';
  const tied = await tiedTo(db, id, now);
  return judgeReview({
    kind: use.kind,
    isClosed: use.closedAt !== null,
    isInUse: await isSessionOpen(s, db, use.userId),
    signedBy,
    isLeftToOthers: await isLeftToOthers(s, db, use.announcedBy, id, now),
    reviewer: {
      id,
      isPersonInConsole:
        principal.kind === 'session' && principal.hasConsole && !(await isOfServiceAccount(db, principal)),
      isBreakGlass: await isBreakGlass(db, id),
      isMadeByAccount: (await makersOf(db, id, now)).includes(use.userId),
      isTied: signedBy.some((other) => tied.has(other)),
    },
  });
};

const presentUse = async (s: Services, db: Transaction, principal: Principal, use: Row<'breakGlassUses'>) => {
  const reviews = await reviewsOf(db, use.id);
  const signedBy = reviews.map(({ reviewerId }) => reviewerId);
  const { kind, reason } =
    use.closedAt === null
      ? await judgeSigner(s, db, principal, use, signedBy)
      : ({ kind: 'deny', reason: 'review-closed' } as const);
  return {
    id: use.id,
    kind: use.kind,
    firstAt: toIso(use.firstAt),
    lastAt: toIso(use.lastAt),
    openings: use.openings,
    refusals: use.refusals,
    address: use.address,
    reason: use.reason,
    sessionId: use.sessionId,
    closedAt: use.closedAt === null ? null : toIso(use.closedAt),
    reviewersNeeded: REVIEWERS[use.kind],
    reviews: reviews.map(({ login, note, signedAt }) => ({
      /** Null: the account is gone. */
      login,
      note,
      signedAt: toIso(signedAt),
    })),
    /** May whoever reads it sign now, and why, or why not? */
    sign: { isAllowed: kind === 'allow', sentence: sentenceOf(reason) },
  };
};

const USES_MAX = 100;

/** `GET …/uses`: the newest first. */
export const listUses = async (s: Services, principal: Principal, id: string) => {
  assertSuperAdmin(principal);
  const uses = await s.store.read
    .selectFrom('breakGlassUses')
    .selectAll()
    .where('userId', '=', id)
    .orderBy('firstAt', 'desc')
    .orderBy('id')
    .limit(USES_MAX)
    .execute();
  return Promise.all(uses.map((use) => presentUse(s, s.store.read, principal, use)));
};

/**
 * `POST …/uses/{useId}/review`: somebody has looked at what was done, and says in a note what they found. Of a real use two
 * people sign, who are not of one hand. E0000006 with the reason.
 */
export const reviewUse = async (
  s: Services,
  principal: Principal,
  id: string,
  useId: string,
  { note }: { readonly note: string },
) =>
  s.store.transaction(async (tx) => {
    assertSuperAdmin(principal);
    await assertStillLive(s, tx, principal);
    const { user } = await findAccount(tx, id);
    const use = await tx
      .selectFrom('breakGlassUses')
      .selectAll()
      .where('id', '=', useId)
      .where('userId', '=', id)
      .executeTakeFirst();
    if (use === undefined) throw notFound(useId, 'BreakGlassUse');
    const now = s.clock.now();
    const signedBy = (await reviewsOf(tx, useId)).map(({ reviewerId }) => reviewerId);
    const verdict = await judgeSigner(s, tx, principal, use, signedBy);
    if (verdict.kind === 'deny') throw refuse([verdict.reason]);
    const reviewerId = 'userId' in principal ? principal.userId : '';
    await tx.insertInto('breakGlassReviews').values({ useId, reviewerId, note, signedAt: now }).execute();
    const closedAt = verdict.closes ? now : null;
    if (verdict.closes) await tx.updateTable('breakGlassUses').set({ closedAt }).where('id', '=', useId).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.break_glass.use',
      target: [userAsActor(user)],
      outcome: { result: 'SUCCESS', reason: verdict.closes ? 'its review was closed' : 'its review was signed' },
      debugData: { step: 'reviewed', useId, note, isClosed: String(verdict.closes) },
    });
    return presentUse(s, tx, principal, { ...use, closedAt });
  });
