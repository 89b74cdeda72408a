import type { MismatchCause } from '@sallyport/decide/sessions/bind-session';
import { toIso } from '@sallyport/model/instant';
import type { Services } from '../services.ts';

/** Both sides of a mismatch, as kept in `end_detail` for the owner. */
export interface RoamingDetail {
  readonly from: { readonly address: string; readonly network: string };
  readonly to: { readonly address: string; readonly network: string };
  readonly eventId: string;
  /** What differed; absent on what was written before it was kept. */
  readonly causes?: readonly MismatchCause[];
}

/** How a person's last session ended that the network ended, for its owner alone; null when none did. */
export const lastEndedOf = async (s: Services, userId: string) => {
  const row = await s.store.read
    .selectFrom('sessions')
    .select(['id', 'endedAt', 'endDetail', 'answeredAt', 'answer'])
    .where('userId', '=', userId)
    .where('parentId', 'is', null)
    .where('endReason', '=', 'client-roaming')
    .where('endDetail', 'is not', null)
    .orderBy('endedAt', 'desc')
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { from, to, eventId } = JSON.parse(row.endDetail as string) as RoamingDetail;
  return {
    sessionId: row.id,
    endedAt: toIso(row.endedAt ?? 0),
    reason: 'client-roaming' as const,
    from,
    to,
    eventId,
    answeredAt: row.answeredAt === null ? null : toIso(row.answeredAt),
    answer: row.answer,
  };
};
