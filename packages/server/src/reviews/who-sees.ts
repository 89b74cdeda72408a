import { authorize } from '@sallyport/decide/roles/authorize';
import { notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { ExpressionBuilder } from 'kysely';
import type { Transaction } from '../ports/store.ts';
import { markUsed } from '../roles/permission-use.ts';
import type { Tables } from '../store/tables.ts';
import { type Campaign, findCampaign } from './store.ts';

/** Whoever may read reviews sees all of them. */
export const maySeeAll = (principal: Principal): boolean => {
  const isAllowed = authorize(principal, 'okta.governance.accessCertifications.read').kind === 'allow';
  if (isAllowed) markUsed(principal, 'okta.governance.accessCertifications.read');
  return isAllowed;
};

/** The reviewer; nobody for whoever is no person in a session. */
export const ownId = (principal: Principal): string => (principal.kind === 'session' ? principal.userId : '');

/** The items that somebody is asked about, at whichever level: of a review this is what they see. Asked of one after the other: a page of ten thousand looks at few. */
export const isAskedOf = (reviewerId: string) => (e: ExpressionBuilder<Tables, 'reviewItems'>) =>
  e.exists(
    e
      .selectFrom('reviewers')
      .select('reviewers.itemId')
      .whereRef('reviewers.itemId', '=', 'reviewItems.id')
      .where('reviewers.reviewerId', '=', reviewerId),
  );

/** E0000007 for whoever may neither see reviews nor is asked in this one. */
export const findVisible = async (db: Transaction, principal: Principal, id: string): Promise<Campaign> => {
  const row = await findCampaign(db, id);
  const asked = await db
    .selectFrom('reviewers')
    .select('itemId')
    .where('reviewerId', '=', ownId(principal))
    .where('campaignId', '=', id)
    .limit(1)
    .executeTakeFirst();
  if (asked !== undefined || maySeeAll(principal)) return row;
  throw notFound(id, 'Campaign');
};
