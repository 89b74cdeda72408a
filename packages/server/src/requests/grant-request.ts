import { matchCondition } from '@sallyport/decide/requests/judge-asking';
import { ApiError } from '@sallyport/model/errors';
import { isReason, type Reason } from '@sallyport/model/reasons';
import { createGrant, extendGrant } from '../grants/create-grant.ts';
import { publishExtension, publishGrant } from '../grants/end-grant.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { mailOutcome } from './mail-requests.ts';
import { readConditions } from './read-conditions.ts';
import { recordRequest, requestsJob } from './record-request.ts';
import { factsOf, moveOn, type RequestRow } from './store.ts';

/**
 * Gives what was approved, in the given transaction: from now, or from the asked beginning, or longer than it was given. What it is refused for (the
 * person has it already, what was asked for is gone) is kept with the request.
 */
const give = async (s: Services, tx: Transaction, row: RequestRow): Promise<Partial<RequestRow>> => {
  const now = s.clock.now();
  const startsAt = row.startsAt === null ? now : Math.max(now, Number(row.startsAt));
  // The time that was asked for runs from the asked beginning, also where the server came to it late.
  const endsAt =
    (row.startsAt === null || Number(row.startsAt) < Number(row.resolvedAt) ? startsAt : Number(row.startsAt)) +
    Number(row.durationSeconds) * 1000;
  const entitlement = { kind: row.kind, id: row.entitlementId };
  const source = { kind: 'request', id: row.id } as const;
  const failed = (grantReason: string) => ({ grantStatus: 'FAILED', grantReason }) as const;
  if (now >= endsAt) return failed('request-start-passed' satisfies Reason);
  const { extendsGrantId: grantId, beneficiaryId: userId, reason } = row;
  try {
    const { id } =
      grantId === null
        ? await createGrant(s, tx, 'system', { userId, entitlement, startsAt, expiresAt: endsAt, source, reason })
        : await extendGrant(s, tx, {
            ...{ grantId, userId, entitlement, source, reason },
            seconds: Number(row.durationSeconds),
          });
    return { grantStatus: 'GRANTED', grantId: id, grantedAt: now };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { detail, causes } = error.options;
    return failed(detail !== undefined && isReason(detail) ? detail : (causes?.[0] ?? error.message));
  }
};

/** Tells doors and streams, after commit, of the rights that a request gave. */
export const publishGranted = (s: Services, { grantId, beneficiaryId, extendsGrantId }: RequestRow): void => {
  if (grantId === null) return;
  if (extendsGrantId === null) publishGrant(s, { userId: beneficiaryId });
  else publishExtension(s, extendsGrantId);
};

/**
 * Why what was approved is not given by now: whom it is for could not ask for it any more, or it gives what nobody said yes
 * to. A condition that was switched off meanwhile does not matter; one that is gone does.
 */
const whyNotGiven = async (tx: Transaction, row: RequestRow, now: number): Promise<Reason | null> => {
  const conditions = await tx.selectFrom('requestConditions').selectAll().where('id', '=', row.conditionId).execute();
  const [condition] = await readConditions(tx, conditions);
  const groups = await tx
    .selectFrom('groupMembers')
    .select('groupId')
    .where('userId', '=', row.kind === 'service-account' ? row.requesterId : row.beneficiaryId)
    .execute();
  const { arePeopleActive, isAsAsked } = await factsOf(tx, row, now);
  const mayAsk =
    arePeopleActive &&
    condition !== undefined &&
    matchCondition({ ...condition, isActive: true }, { groupIds: groups.map(({ groupId }) => groupId) });
  if (!mayAsk) return 'request-eligibility-lost';
  return isAsAsked ? null : 'request-gives-other';
};

/** Gives what was approved, if that may still be: a sequence may have waited for weeks, and a beginning for a month. */
export const grantApproved = async (s: Services, tx: Transaction, row: RequestRow): Promise<Partial<RequestRow>> => {
  const grantReason = await whyNotGiven(tx, row, s.clock.now());
  return grantReason === null ? give(s, tx, row) : { grantStatus: 'FAILED', grantReason };
};

const AT_ONCE = 50;

/** Begins what was approved for later, once its time has come: what may be given no more gives nothing. */
export const beginApproved = async (s: Services): Promise<void> => {
  const due = (db: Transaction) =>
    db
      .selectFrom('requests')
      .selectAll()
      .where('grantStatus', '=', 'PENDING')
      .where('startsAt', '<=', s.clock.now())
      .orderBy('startsAt')
      .limit(AT_ONCE);
  if ((await due(s.store.read).executeTakeFirst()) === undefined) return;
  const begun = await s.store.transaction(async (tx) => {
    const rows: RequestRow[] = [];
    for (const row of await due(tx).execute()) {
      const now = s.clock.now();
      const change = { ...(await grantApproved(s, tx, row)), lastUpdatedAt: now };
      if (!(await moveOn(tx, row, change)))
        throw new Error('a request moved on inside of the transaction of its grant');
      const after = { ...row, ...change };
      await recordRequest(s, tx, requestsJob(s), 'access.request.update', after, grantData(after));
      await mailOutcome(s, tx, after, after.grantStatus === 'GRANTED' ? 'GRANTED' : 'FAILED');
      rows.push(after);
    }
    return rows;
  });
  for (const row of begun) publishGranted(s, row);
};

/** What the log says of the grant. */
export const grantData = (row: RequestRow): Readonly<Record<string, string>> => ({
  grant_status: row.grantStatus ?? '',
  ...(row.grantId === null ? {} : { grant_id: row.grantId }),
  ...(row.grantReason === null ? {} : { grant_reason: row.grantReason }),
});
