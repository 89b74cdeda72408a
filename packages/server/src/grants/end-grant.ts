import type { EntitlementKind, GrantEndReason } from '@sallyport/model/grant';
import { toIso } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import { authorOf, type Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { entitlementTarget, GRANT_EVENTS } from './grant-target.ts';

/** Tells doors and streams, after commit, that somebody's rights changed; of a grant that ended also its own subject. */
export const publishGrant = (
  s: Services,
  { id, userId, endedAt }: Pick<Row<'grants'>, 'id' | 'userId' | 'endedAt'>,
) => {
  if (endedAt !== null) s.bus.publish({ kind: 'grant', id, reason: 'grant-ended' });
  s.bus.publish({ kind: 'user', id: userId, reason: 'rights-changed' });
};

const holderTarget = ({ userId, userLogin, userName }: Row<'grants'>): LogTarget => ({
  id: userId,
  type: 'User',
  alternateId: userLogin,
  displayName: userName,
  detailEntry: null,
});

/** What the log tells of a grant beside its targets. */
export const grantDebugData = (row: Row<'grants'>) => ({
  grantId: row.id,
  grantStartsAt: toIso(row.startsAt),
  grantExpiresAt: toIso(row.expiresAt),
  grantSource: row.sourceKind,
  grantSourceId: row.sourceId,
});

/** The two targets of its events. */
export const grantTargets = (row: Row<'grants'>): readonly LogTarget[] => [
  holderTarget(row),
  entitlementTarget({ kind: row.kind, id: row.entitlementId }, row.entitlementName),
];

/**
 * Ends a grant, with its event, in the caller's transaction; the caller publishes it after commit (`publishGrant`).
 * Of one that ran out before this is written down as that, whatever the reason given: nobody ended it. Null where it was
 * ended, and told, before.
 */
export const endGrant = async (
  s: Services,
  tx: Transaction,
  by: Principal,
  row: Row<'grants'>,
  reason: GrantEndReason,
): Promise<Row<'grants'> | null> => {
  const now = s.clock.now();
  const ranOut = now >= row.powerEndsAt;
  const change = {
    endedAt: ranOut ? row.powerEndsAt : now,
    endedBy: ranOut ? null : authorOf(by),
    endReason: ranOut ? ('expired' as const) : reason,
  };
  const { numUpdatedRows } = await tx
    .updateTable('grants')
    .set(change)
    .where('id', '=', row.id)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return null;
  await recordEvent(s, tx, by, {
    eventType: GRANT_EVENTS[row.kind].end,
    target: grantTargets(row),
    debugData: {
      ...grantDebugData(row),
      grantEndedAt: toIso(change.endedAt),
      grantEndReason: change.endReason,
      ...(row.kind === 'bundle' ? { privilegeRevoked: row.entitlementName } : {}),
    },
  });
  return { ...row, ...change };
};

/** Ends every grant of one thing, or of one person, which goes away. */
export const endGrantsOf = async (
  s: Services,
  tx: Transaction,
  by: Principal,
  of: { readonly kind: EntitlementKind; readonly id: string } | { readonly userId: string },
  reason: GrantEndReason,
): Promise<readonly Row<'grants'>[]> => {
  const open = tx.selectFrom('grants').selectAll().where('endedAt', 'is', null).orderBy('id');
  const rows = await ('userId' in of
    ? open.where('userId', '=', of.userId)
    : open.where('kind', '=', of.kind).where('entitlementId', '=', of.id)
  ).execute();
  const ended: Row<'grants'>[] = [];
  for (const row of rows) {
    const one = await endGrant(s, tx, by, row, reason);
    if (one !== null) ended.push(one);
  }
  return ended;
};
