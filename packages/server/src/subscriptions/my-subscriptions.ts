import { judgeSubscription } from '@sallyport/decide/subscriptions/judge-subscription';
import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { NOTIFICATION_TYPES, type SubscriptionStatus } from '@sallyport/model/subscriptions';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { findUser } from '../users/store.ts';
import { presentSubscription, readNotificationType } from './present-subscription.ts';
import { choose, chosenBy, rolesForNotices, subscriptionOf } from './store.ts';

const refused = (sentence: string): ApiError => new ApiError('E0000006', { causes: [sentence] });

/** Whoever asks, by `me`, id or login. E0000006 for anybody else, whether there is such a person or not. */
const findOneself = async (s: Services, principal: Principal, asked: string) => {
  if (principal.kind !== 'session' && principal.kind !== 'token')
    throw refused('Only a person has mails to choose; a machine has none.');
  const self = await findUser(s.store.read, principal.userId);
  if (![self.id, 'me', self.login].includes(asked)) throw refused('Everybody chooses for themselves alone.');
  return self;
};

const present = async (s: Services, principal: Principal, asked: string) => {
  const { id } = await findOneself(s, principal, asked);
  const roles = await rolesForNotices(s.store.read, id);
  const own = await chosenBy(s.store.read, 'user', id);
  const ofRoles = await Promise.all(
    roles.map(async (role) => [role, await chosenBy(s.store.read, 'role', role)] as const),
  );
  return NOTIFICATION_TYPES.map((type) => {
    const chosen = new Map(ofRoles.map(([role, byType]) => [role, byType.get(type)]));
    return presentSubscription(s, `users/${id}`, type, judgeSubscription(type, own.get(type), chosen), roles);
  });
};

/** `GET /api/v1/users/{userId}/subscriptions`. */
export const listMySubscriptions = (s: Services, principal: Principal, asked: string) => present(s, principal, asked);

/** `GET …/{notificationType}`. */
export const getMySubscription = async (s: Services, principal: Principal, asked: string, askedType: string) => {
  const type = readNotificationType(askedType);
  return (await present(s, principal, asked)).find(({ notificationType }) => notificationType === type);
};

/**
 * `POST …/subscribe` and `…/unsubscribe`. These mails are for administrators: E0000006 for whoever holds no role. What is so
 * already succeeds quietly, without an event.
 */
export const setMySubscription = async (
  s: Services,
  principal: Principal,
  asked: string,
  askedType: string,
  status: SubscriptionStatus,
): Promise<void> => {
  const type = readNotificationType(askedType);
  const self = await findOneself(s, principal, asked);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    if ((await rolesForNotices(tx, self.id)).length === 0)
      throw refused('These mails are for administrators, and you hold no admin role.');
    if ((await subscriptionOf(tx, self.id, type)) === status) return;
    await choose(tx, { holderKind: 'user', holderId: self.id, notificationType: type, status });
    await recordEvent(s, tx, principal, {
      eventType: 'user.account.subscriptions.update',
      target: [userAsActor(self)],
      debugData: { notificationType: type, status },
    });
  });
};
