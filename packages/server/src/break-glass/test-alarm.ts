import type { Principal } from '@sallyport/model/principal';
import { configuredSinks, deliverOutbox } from '../outbox/deliver-outbox.ts';
import { ALARM_MAIL_SINK } from '../outbox/mail-sink.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { isAlarmQueue } from '../webhooks/enqueue-webhooks.ts';
import { assertKeeper } from './assert-keeper.ts';
import { alarmsOf } from './present-account.ts';
import { raiseAlarm } from './raise-alarm.ts';
import { findAccount } from './store.ts';

/**
 * `POST …/test-alarm`: sends an alarm that says that it is a test, on every channel, and says whom it went to and what did
 * not arrive at once. What waits is tried again like every alarm.
 */
export const testAlarm = async (s: Services, principal: Principal, id: string) => {
  const startedAt = s.clock.now();
  const alarms = await s.store.transaction(async (tx) => {
    await assertKeeper(tx, principal);
    await assertStillLive(s, tx, principal);
    const { user } = await findAccount(tx, id);
    const words = 'this is a test of its alarm; nothing happened';
    const eventId = await recordEvent(s, tx, principal, {
      eventType: 'sallyport.break_glass.use',
      target: [userAsActor(user)],
      outcome: { result: 'SUCCESS', reason: words },
      debugData: { step: 'alarm-tested', isDrill: 'true' },
    });
    await raiseAlarm(s, tx, principal, { account: user, step: 'alarm-tested', isDrill: true, words, eventId });
    return alarmsOf(s, tx);
  });
  const channels = (await configuredSinks(s)).filter(({ name }) => name === ALARM_MAIL_SINK || isAlarmQueue(name));
  await deliverOutbox(s, channels);
  const late = await s.store.read
    .selectFrom('outbox')
    .select(['sink', 'lastError'])
    .where('createdAt', '>=', startedAt)
    .where('deliveredAt', 'is', null)
    .where('sink', 'in', ['', ...channels.map(({ name }) => name)])
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return {
    ...alarms,
    /** What has not arrived yet, by channel, with the last error. */
    late: late.map(({ sink, lastError }) => ({ channel: sink.split(':', 1)[0] ?? sink, error: lastError })),
  };
};
