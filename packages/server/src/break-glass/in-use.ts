import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { liveAt } from '../admins/store.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { raiseAlarm } from './raise-alarm.ts';
import { findAccount, isBreakGlass, useInHand } from './store.ts';

/** What a session owes as that of a break-glass account: null for everybody else's. */
export const ownUse = async (
  db: Transaction,
  principal: Principal,
): Promise<{ readonly isDrill: boolean; readonly reason: string | null } | null> => {
  if (principal.kind !== 'session' || !(await isBreakGlass(db, principal.userId))) return null;
  const use = await useInHand(db, principal.userId);
  return { isDrill: use?.kind === 'DRILL', reason: use?.reason ?? null };
};

/** `GET /sallyport/v1/break-glass-in-use`: what the banner of the console says, to everybody in it. */
export const currentUse = async (s: Services, principal: Principal) => {
  const db = s.store.read;
  const mayKnow = principal.kind === 'session' && principal.hasConsole;
  const sessions = await db
    .selectFrom('sessions')
    .select(['userId', 'createdAt'])
    .where(liveAt(s.clock.now()))
    .where('userId', 'in', (e) => e.selectFrom('breakGlassAccounts').select('userId'))
    .orderBy('createdAt')
    .execute();
  const inUse = [];
  for (const [id, [first]] of Map.groupBy(mayKnow ? sessions : [], ({ userId }) => userId)) {
    const { user } = await findAccount(db, id);
    const use = await useInHand(db, id);
    inUse.push({
      id,
      login: user.login,
      since: toIso(first?.createdAt ?? 0),
      isDrill: use?.kind === 'DRILL',
      reason: use?.reason ?? null,
    });
  }
  return { inUse, own: await ownUse(db, principal) };
};

/** `PUT …/reason`: why the seal was broken. From then on its session needs no second person. E0000006 for any other session. */
export const giveReason = async (s: Services, principal: Principal, { reason }: { readonly reason: string }) => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const use =
      principal.kind === 'session' && (await isBreakGlass(tx, principal.userId))
        ? await useInHand(tx, principal.userId)
        : undefined;
    if (use === undefined)
      throw new ApiError('E0000006', { causes: ['Only the session of a break-glass account gives a reason.'] });
    await tx.updateTable('breakGlassUses').set({ reason }).where('id', '=', use.id).execute();
    const { user } = await findAccount(tx, use.userId);
    const isDrill = use.kind === 'DRILL';
    const eventId = await recordEvent(s, tx, principal, {
      eventType: 'sallyport.break_glass.use',
      target: [userAsActor(user)],
      outcome: { result: 'SUCCESS', reason: 'why the seal was broken was written down' },
      debugData: { step: 'reason-given', reason, useId: use.id, isDrill: String(isDrill) },
    });
    await raiseAlarm(s, tx, principal, {
      account: user,
      step: 'reason-given',
      isDrill,
      words: `who is in says why: ${reason}`,
      eventId,
    });
  });
  return currentUse(s, principal);
};
