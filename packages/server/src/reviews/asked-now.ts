import type { ReviewerLevel } from '@sallyport/model/review';
import { sql } from 'kysely';
import type { Transaction } from '../ports/store.ts';

/** In the text of the statement: an index of those who are asked is taken for what it says. */
export const ASKED = sql.lit(1);

/**
 * Writes down beside the reviewers of open items at which level these are asked now; null where nobody is any more. So that what
 * waits for one person is found, and counted, without what does not. Whoever changes `level`, `decision` or `isUnanswered` calls it.
 */
export const setAskedNow = async (
  tx: Transaction,
  itemIds: readonly string[],
  level: ReviewerLevel | null,
): Promise<void> => {
  await tx
    .updateTable('reviewers')
    .set((e) => ({
      isAskedNow: level === null ? 0 : e.case().when('level', '=', level).then(e.lit(1)).else(e.lit(0)).end(),
    }))
    .where('itemId', 'in', itemIds)
    .execute();
};
