import { DRILL_MINUTES } from '@sallyport/model/break-glass';
import type { Principal } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { assertKeeper } from './assert-keeper.ts';
import { presentAccount } from './present-account.ts';
import { raiseAlarm } from './raise-alarm.ts';
import { findAccount } from './store.ts';

/**
 * `POST …/drill`: for an hour from now whoever signs in as the account is drilling. It is a sign-in like any other, with the
 * paper and a key, and its alarms are sent: they say “drill”. That somebody announced one is told before, so that nobody
 * hides a real use behind it unseen.
 */
export const announceDrill = async (s: Services, principal: Principal, id: string) =>
  s.store.transaction(async (tx) => {
    const drillBy = await assertKeeper(tx, principal);
    await assertStillLive(s, tx, principal);
    const { account, user } = await findAccount(tx, id);
    const drillUntilAt = s.clock.now() + DRILL_MINUTES * 60_000;
    await tx.updateTable('breakGlassAccounts').set({ drillUntilAt, drillBy }).where('userId', '=', id).execute();
    const words = `a drill was announced, for ${DRILL_MINUTES} minutes`;
    const eventId = await recordEvent(s, tx, principal, {
      eventType: 'sallyport.break_glass.use',
      target: [userAsActor(user)],
      outcome: { result: 'SUCCESS', reason: words },
      debugData: { step: 'drill-announced', isDrill: 'true' },
    });
    await raiseAlarm(s, tx, principal, { account: user, step: 'drill-announced', isDrill: true, words, eventId });
    return presentAccount(s, tx, { ...account, drillUntilAt, drillBy }, user);
  });
