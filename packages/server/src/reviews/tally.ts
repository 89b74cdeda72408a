import { sql } from 'kysely';
import type { Transaction } from '../ports/store.ts';
import type { Campaign, ReviewItem } from './store.ts';

type Counts = Pick<Campaign, 'approvedCount' | 'revokedCount' | 'unansweredCount' | 'failedCount'>;
export const NO_COUNTS: Counts = { approvedCount: 0, revokedCount: 0, unansweredCount: 0, failedCount: 0 };

/** Revoked, and not taken. */
export const isFailed = ({ remediationStatus }: Pick<ReviewItem, 'remediationStatus'>): boolean =>
  remediationStatus === 'ERROR' || remediationStatus === 'MANUAL';

/** Adds to what a campaign counts, in the transaction that changes its items and after these: of 10,000 none is read to be counted. */
export const addToCounts = async (tx: Transaction, campaignId: string, added: Partial<Counts>): Promise<void> => {
  const more = Object.entries(added).filter(([, count]) => count !== 0);
  if (more.length === 0) return;
  await tx
    .updateTable('campaigns')
    .set(Object.fromEntries(more.map(([name, count]) => [name, sql`${sql.ref(name)} + ${sql.lit(count)}`])))
    .where('id', '=', campaignId)
    .execute();
};
