import { writeAccessDuration } from '@sallyport/model/access-duration';
import { ApiError } from '@sallyport/model/errors';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { matchedCondition, outlookOf } from './ask-for-access.ts';

export interface MoreTime {
  readonly seconds: number;
  readonly needsTicket: boolean;
}

const HOUR = 3600;

/**
 * What somebody can ask for now to have a grant for longer: an hour, or as much as their condition takes. Null where they
 * would be refused, whyever.
 */
export const moreTimeOf = async (
  s: Services,
  db: Transaction,
  requesterId: string,
  grant: Row<'grants'>,
): Promise<MoreTime | null> => {
  const entitlement = { kind: grant.kind, id: grant.entitlementId };
  try {
    const { condition, row } = await matchedCondition(db, requesterId, entitlement);
    const { kind, seconds: most } = condition.duration;
    const seconds = kind === 'fixed' ? most : Math.min(HOUR, most);
    const duration = writeAccessDuration(seconds);
    await outlookOf(s, db, requesterId, { entitlement, extends: grant.id, duration, reason: 'more time' });
    return { seconds, needsTicket: row.ticket === 'required' };
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
};
