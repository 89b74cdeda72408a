import type { SealEvidence } from '@sallyport/model/review';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { presentAccount } from './present-account.ts';
import { type Account, lastOpening, networksOf } from './store.ts';

/** What a review of access is told of a break-glass account; when it was used last is of a real use, and not of a drill. */
export const sealEvidence = async (
  s: Services,
  db: Transaction,
  account: Account,
  user: Row<'users'>,
): Promise<{ readonly lastUsedAt: number | null; readonly seal: SealEvidence }> => {
  const { keys, isDrillDue, openReviews } = await presentAccount(s, db, account, user);
  return {
    lastUsedAt: (await lastOpening(db, user.id, ['USE']))?.lastAt ?? null,
    seal: {
      sealedAt: account.sealedAt,
      unsealedAt: account.unsealedAt,
      lastDrillAt: account.lastDrillAt,
      isDrillDue,
      keys: keys
        .filter(({ isUsable }) => isUsable)
        .map(({ name }) => name)
        .sort(),
      networks: networksOf(account),
      openReviews,
    },
  };
};
